using Contacts.Urns;

namespace Contacts.Dialects.Weni;

/// <summary>The contract's texts of faults in a body. Clients match on them.</summary>
internal static class Texts
{
    /// <summary>How many items a list or object may have.</summary>
    public const int MaxItems = 100;

    public const string Required = "This field is required.";
    public const string Null = "This field may not be null.";
    public const string Blank = "This field may not be blank.";
    public const string NotString = "Not a valid string.";
    public const string NulCharacter = "Null characters are not allowed.";
    public const string NotUnique = "This field must be unique.";
    public const string NameEmpty = "Contact name cannot be empty.";
    public const string NameTooLong = "Contact name cannot exceed 100 characters.";
    public const string NotLanguage = "Not a valid ISO639-3 language code.";
    public const string UrnInUrl = "Field not allowed when using URN in URL";
    public const string AnonymousUpdate = "Updating URNs not allowed for anonymous organizations";
    public const string NotActive = "Non-active contacts can't be added to groups";
    public const string NotReference = "Must be a string or integer";
    public const string LabelCharacters = "Can only contain letters, numbers, hyphens and underscores.";
    public const string NameCharacters = "Name contains illegal characters.";
    public const string NoContacts = "Contacts can't be empty.";
    public const string UuidAndUrn = "Only one of uuid and urn may be given.";
    public const string NotObject = "Request body should be a single JSON object";

    public static string Surrogate(char half) => $"Surrogate characters are not allowed: U+{(int)half:X}.";

    public static string TooMany(int items) => $"This field can only contain up to {items} items.";

    public static string TooShort(int length) => $"Ensure this field has at least {length} characters.";

    public static string TooLong(int length) => $"Ensure this field has no more than {length} characters.";

    public static string NotList(string type) => $"Expected a list of items but got type \"{type}\".";

    public static string NotDictionary(string type) => $"Expected a dictionary of items but got type \"{type}\".";

    public static string NotChoice(string value) => $"\"{value}\" is not a valid choice.";

    public static string NoSuchObject(string reference) => $"No such object: {reference}";

    public static string Dynamic(string name) => $"Contact group must not be dynamic: {name}";

    public static string UnknownField(string key) => $"Invalid contact field key: {key}";

    public static string UrnTaken(string identity) => $"URN belongs to another contact: {identity}";

    public static string GroupNeeded(string action) => $"For action \"{action}\" you should also specify a group";

    public static string GroupNotNeeded(string action) => $"For action \"{action}\" you should not specify a group";

    public static string NotActiveContacts(IEnumerable<Guid> contacts) => $"Non-active contacts cannot be added to groups: {string.Join(", ", contacts)}";

    /// <summary>What is wrong with a URN.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="text">The URN as it was given.</param>
    public static string Of(UrnFault fault, string text) => fault switch
    {
        UrnFault.PhoneTooShort => "Phone number must have at least 8 digits.",
        UrnFault.PhoneTooLong => "Phone number cannot exceed 15 digits.",
        UrnFault.WhatsAppIdentifier => $"Invalid WhatsApp identifier: {text}.",
        UrnFault.BareBusinessScopedId => $"Invalid URN: {text}. WhatsApp BSUID identifiers must include the whatsapp: scheme.",
        UrnFault.TooLong => TooLong(Urn.MaxLength),
        _ => $"Invalid URN: {text}. Ensure phone numbers contain country codes.",
    };
}
