using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>Why something was refused, as a code that whoever shows it has words for. Unlike a dialect's texts these are nobody's contract.</summary>
/// <param name="Code">In snake case: <c>name_long</c>, <c>urn_taken</c>.</param>
/// <param name="Subject">What it is about: the text that was given, a name, an id; empty when there is nothing to say.</param>
public sealed record Reason(string Code, string Subject = "")
{
    /// <summary>The reason of a refusal by the book.</summary>
    /// <param name="refusal">The refusal.</param>
    public static Reason Of(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => new("not_found"),
        Refusal.OtherNotFound => new("other_not_found"),
        Refusal.SameContact => new("same_contact"),
        Refusal.ContactDeleted => new("deleted"),
        Refusal.ContactChanged => new("changed"),
        Refusal.ContactNotActive => new("not_active"),
        Refusal.UrnTaken(var identity, _) => new("urn_taken", identity),
        Refusal.UrnInvalid(var text, var fault) => Of(fault, text),
        Refusal.GroupUnknown(var reference) => new("group_unknown", reference),
        Refusal.TooMany(var attribute, var limit) => new("too_many", $"{limit} {Choices<CountedAttribute>.NameOf(attribute)}"),
        Refusal.NotUnique => new("not_unique"),
        Refusal.KeyInvalid(var key) => new("key_invalid", key),
        Refusal.KeyTaken(var key) => new("key_taken", key),
        Refusal.LimitReached(_, var limit) => new("limit_reached", $"{limit}"),
        Refusal.GroupInUse(_, var users) => new("group_in_use", string.Join(", ", users.Select(user => user.Name))),
        Refusal.Failed(BookBusyException) => new("busy"),
        _ => new("failed"),
    };

    /// <summary>The reason why a text is no URN of a contact.</summary>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="text">The text.</param>
    public static Reason Of(UrnFault fault, string text) => fault switch
    {
        UrnFault.PhoneTooShort => new("phone_short", text),
        UrnFault.PhoneTooLong => new("phone_long", text),
        UrnFault.WhatsAppIdentifier => new("whatsapp_invalid", text),
        UrnFault.BareBusinessScopedId => new("scheme_missing", text),
        UrnFault.TooLong => new("urn_long", text),
        _ => new("urn_invalid", text),
    };
}
