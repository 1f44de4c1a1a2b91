using System.Text.Json;
using Contacts.Calls;

namespace Contacts.Dialects.Weni;

/// <summary>
/// Why the dialect refuses something, told from what it answers: a sentence for people, what to do next, and the heading of <c>docs/weni.md</c>
/// that has the rule. The first that matches counts, so the narrower ones stand first.
/// </summary>
internal static class Rules
{
    private const string Authentication = "authentication";
    private const string Bodies = "errors";
    private const string Transport = "transport";
    private const string LookUps = "look-ups-in-the-url";
    private const string Contacts = "contacts";
    private const string Urns = "urns";
    private const string Fields = "fields";
    private const string Groups = "groups";
    private const string Actions = "actions";
    private const string Keys = "idempotency-keys";

    /// <summary>All rules, with what they are matched against.</summary>
    public static readonly DialectRules All = new(Setup.Dialect, "docs/weni.md", [.. OfCalls(), .. OfLookUps(), .. OfBodies(), .. OfContacts(), .. OfUrns(), .. OfCatalogs()], StringsOf);

    private static IEnumerable<CallRule> OfCalls() =>
    [
        new(
            "no_credentials", 403, "credentials were not provided", "The call carries no token.",
            "Send the header Authorization: Token YOUR_TOKEN.", Authentication),
        new(
            "empty_token", 403, "^Invalid token header", "The Authorization header does not hold one token.",
            "Send the word Token, one space and the key, without quotes.", Authentication),
        new(
            "unknown_token", 403, "^Invalid token", "No workspace knows this token: it is misspelt, revoked, of another server, or of another dialect.",
            "Make a token for this dialect, and copy it whole.", Authentication),
        new(
            "role", 403, "do not have permission", "The token's role may not do this.",
            "Use a token of an editor or administrator.", Authentication),
        new(
            "throttled", 429, "throttled", "The token made as many calls within the hour as the workspace allows.",
            "Wait as many seconds as Retry-After says, or raise the workspace's hourly_limit.", Authentication),
        new(
            "standing", 400, "workspace is currently", "The workspace is suspended or flagged: it can only be read.",
            "Set the workspace's standing to good.", Authentication),
        new(
            "not_acceptable", 406, "Accept header", "The Accept header excludes JSON.",
            "Send Accept: application/json, or leave it out.", Transport),
        new(
            "method", 405, "not allowed", "The endpoint does nothing for this method.",
            "The answer's Allow header has the methods that it takes; the article's URLs end in .json.", Transport),
        new(
            "media_type", 415, "Unsupported media type", "The body is neither JSON nor a form.",
            "Send Content-Type: application/json.", Transport),
        new(
            "too_large", 413, "larger than", "The body is larger than the server takes.",
            "Send less at once, or raise Contacts:MaxBodyBytes.", Bodies),
        new(
            "key_form", 400, "must be 1 to 255 visible", "The Idempotency-Key has no usable form.",
            "Send 1 to 255 visible ASCII characters, such as a uuid.", Keys),
        new(
            "key_reused", 409, "used for another request", "The Idempotency-Key was used for another call within a day.",
            "Take a new key for each call, and the same one only to repeat it byte by byte.", Keys),
        new(
            "key_running", 409, "still being processed", "The call that this one repeats is not answered yet.",
            "Wait a second and repeat it.", Keys),
        new(
            "key_not_kept", 409, "was not kept", "The call that this one repeats was carried out, but its answer was too large to keep.",
            "Read the object to see what came of it.", Keys),
        new(
            "cursor", 404, "Invalid cursor", "The cursor is none of this server's.",
            "Follow next and previous as they are.", "lists"),
        new(
            "not_found", 404, "Not found", "Nothing has this uuid, URN or name in this workspace, or the URL names no endpoint.",
            "Compare the URL with the contract; uuids are in lower case and belong to one workspace.", LookUps),
        new(
            "unavailable", 503, "unavailable", "The server could not do it in this moment, mostly because its database was away. A change that was under way was written as a whole or not at all.",
            "Send the call again when Retry-After is over; under an Idempotency-Key it is carried out once.", Bodies),
        new(
            "failed", 500, "Internal server error", "The server failed; its log has the request id.",
            "Send the call again; tell the operator the request id.", Bodies),
    ];

    private static IEnumerable<CallRule> OfLookUps() =>
    [
        new(
            "one_look_up", 400, "^URL can only contain one", "The URL names the object twice.",
            "Leave one of the parameters.", LookUps),
        new(
            "no_look_up", 400, "^URL must contain one", "The URL does not say which object is meant.",
            "Add one of the parameters.", LookUps),
        new(
            "anonymous", 400, "anonymous organizations", "The workspace hides addresses, so nothing is found or changed by them.",
            "Name contacts by their uuid, or switch anonymous off.", Authentication),
        new(
            "filter_pair", 400, "^You may only specify one", "The filters exclude each other.",
            "Leave one of them.", LookUps),
    ];

    private static IEnumerable<CallRule> OfBodies() =>
    [
        new(
            "json_bom", 400, "^JSON parse error - Unexpected UTF-8 BOM", "The body begins with a byte order mark.",
            "Write the body in UTF-8 without a mark.", "choices-and-additions"),
        new(
            "json", 400, "^JSON parse error", "The body is no JSON: the text says where it breaks.",
            "Build the body with a JSON library; quotes within values are escaped.", Bodies),
        new(
            "form", 400, "^Form parse error", "The form can't be read.",
            "Encode it as its Content-Type says, with the right boundary.", "forms"),
        new(
            "one_object", 400, "single JSON object", "The body is JSON, but no object.",
            "Send one object in braces; for many contacts there is contacts_bulk.json.", Bodies),
        new(
            "required", 400, "^This field is required", "A required attribute is missing.",
            "Add it; names are in lower case.", Bodies),
        new(
            "null", 400, "may not be null", "The attribute is null, which it can't be.",
            "Leave it out to keep what is stored, or send an empty list or object.", Bodies),
        new(
            "blank", 400, "may not be blank", "The attribute is empty.",
            "Send a text.", Bodies),
        new(
            "not_text", 400, "^Not a valid string", "The value is no text.",
            "Send text; booleans, lists and objects are none.", Bodies),
        new(
            "list", 400, "^Expected a list", "The value is no list.",
            "Send it in brackets, also when it is only one: [\"tel:+250783835665\"].", Bodies),
        new(
            "dictionary", 400, "^Expected a dictionary", "The value is no object.",
            "Send it in braces: {\"nickname\":\"Ben\"}.", Bodies),
        new(
            "too_many", 400, "can only contain up to", "There are more items than the attribute may have.",
            "Send at most as many as the text says.", Bodies),
        new(
            "characters", 400, "characters are not allowed", "The text has a character that no text can hold.",
            "Take it out; half an emoji comes from text that was cut.", Bodies),
        new(
            "language", 400, "ISO639-3|at least 3 characters|no more than 3 characters", "The language is none of ISO 639-3.",
            "Send three letters, such as por, eng or spa.", Contacts),
        new(
            "too_long", 400, "no more than|at least \\d+ characters", "The text is too long or too short.",
            "Keep within the number of characters.", Bodies),
        new(
            "choice", 400, "is not a valid choice", "The word is none that the attribute knows.",
            "Take one of those that the contract lists.", Bodies),
    ];

    private static IEnumerable<CallRule> OfContacts() =>
    [
        new(
            "name_empty", 400, "^Contact name cannot be empty", "The contact's name is empty.",
            "Send a name, or null to clear it.", Contacts),
        new(
            "name_long", 400, "^Contact name cannot exceed", "The contact's name is too long.",
            "Cut it to 100 characters.", Contacts),
        new(
            "urn_in_url", 400, "when using URN in URL", "A call with ?urn= may not list URNs as well.",
            "Leave urns out, or name the contact by uuid.", Contacts),
        new(
            "urn_taken", 400, "^URN belongs to another contact", "Another contact has this URN, so no new one can be made with it.",
            "Use ?urn= to update whoever has it, or update by uuid to take it over.", Contacts),
        new(
            "deleted", 400, "^Inactive contacts", "The contact was deleted.",
            "Create it anew; its URNs are free.", Contacts),
        new(
            "not_active", 400, "^Non-active contacts can't", "The contact is blocked, stopped or archived, and such contacts are in no group.",
            "Unblock it first.", Contacts),
        new(
            "no_such_object", 400, "^No such object", "Nothing has this uuid or name in this workspace.",
            "Create the group first, or correct its name; contacts that are deleted can't be named.", Groups),
        new(
            "reference", 400, "string or integer", "The value names nothing: it is neither a text nor a number.",
            "Send the uuid or the name.", Contacts),
        new(
            "dynamic", 400, "must not be dynamic", "The group is filled by a search, so nobody can be put into it.",
            "Take a static group.", Groups),
        new(
            "field_unknown", 400, "^Invalid contact field key", "No field has this key.",
            "Create the field first; its key is in lower case with _ for spaces.", Contacts),
        new(
            "uuid_and_urn", 400, "^Only one of uuid and urn", "The item names its contact twice.",
            "Leave uuid or urn.", "many-contacts-in-one-call"),
        new(
            "contacts_empty", 400, "^Contacts can't be empty", "The list of contacts is empty.",
            "Name at least one.", Actions),
        new(
            "group_needed", 400, "should also specify a group", "The action is about a group, and none is named.",
            "Add group.", Actions),
        new(
            "group_not_needed", 400, "should not specify a group", "The action is about no group.",
            "Leave group out.", Actions),
        new(
            "not_active_contacts", 400, "^Non-active contacts cannot", "Some of the contacts are blocked, stopped or archived.",
            "Unblock them, or leave them out.", Actions),
    ];

    private static IEnumerable<CallRule> OfUrns() =>
    [
        new(
            "phone_short", 400, "at least 8 digits", "The phone number is too short.",
            "Send it with the country's code: +250783835665.", Urns),
        new(
            "phone_long", 400, "cannot exceed 15 digits", "The phone number is too long.",
            "Send one number with the country's code.", Urns),
        new(
            "whatsapp", 400, "^Invalid WhatsApp identifier", "A WhatsApp number has digits only.",
            "Send whatsapp:5582999990001, without + and spaces.", Urns),
        new(
            "business_id", 400, "BSUID", "A WhatsApp business-scoped id needs its scheme.",
            "Send whatsapp: in front of it.", Urns),
        new(
            "urn", 400, "^Invalid URN", "The text is no URN that can be used.",
            "Send scheme:path, such as tel:+250783835665 or mailto:ana@example.com; encode the + as %2B in URLs.", Urns),
    ];

    private static IEnumerable<CallRule> OfCatalogs() =>
    [
        new(
            "unique", 400, "must be unique", "Another one has this name, in whatever letter case.",
            "Take another name, or update the one that is there.", Groups),
        new(
            "label_characters", 400, "letters, numbers, hyphens", "A field's label has other characters than ASCII letters, digits, spaces, - and _.",
            "Leave them out.", Fields),
        new(
            "name_characters", 400, "illegal characters", "The name does not begin with a letter, a digit or _.",
            "Let it begin with a letter.", Groups),
        new(
            "key_invalid", 400, "invalid or a reserved name", "The label makes a key that is reserved or does not begin with a letter.",
            "Take another label.", Fields),
        new(
            "key_taken", 400, "conflicts with an existing", "The label makes the key of another field.",
            "Take another label, or update the field by ?key=.", Fields),
        new(
            "limit", 400, "and the limit is", "The workspace has as many as it may.",
            "Delete some, or raise the workspace's limit.", Groups),
        new(
            "group_used", 400, "^Group is being used", "Automations use the group.",
            "Archive them first, or give them another group.", Groups),
    ];

    /// <summary>The texts of an answer: all strings of its body, whatever they stand under.</summary>
    private static IEnumerable<string> StringsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(StringsOf),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => StringsOf(property.Value)),
        _ => [],
    };
}
