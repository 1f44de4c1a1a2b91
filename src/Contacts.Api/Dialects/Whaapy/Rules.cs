using System.Text.Json;
using Contacts.Calls;

namespace Contacts.Dialects.Whaapy;

/// <summary>
/// Why the dialect refuses something, told from what it answers: a sentence for people, what to do next, and the heading of <c>docs/whaapy.md</c>
/// that has the rule. The first that matches counts, so the narrower ones stand first.
/// </summary>
internal static class Rules
{
    private const string Keys = "keys";
    private const string Bodies = "errors";
    private const string Contacts = "contacts";
    private const string Merging = "merging";
    private const string Lists = "lists-and-searches";
    private const string Funnel = "funnel";

    /// <summary>All rules, with what they are matched against.</summary>
    public static readonly DialectRules All = new(Setup.Dialect, "docs/whaapy.md", [.. OfCalls(), .. OfBodies(), .. OfContacts()], TextsOf);

    private static IEnumerable<CallRule> OfCalls() =>
    [
        new(
            "unauthorized", 401, "API key inválida", "No workspace knows this key: it is missing, misspelt, revoked, or of another dialect.",
            "Send Authorization: Bearer wha_…, with a key made for this dialect.", Keys),
        new(
            "scope", 403, "Missing required scopes", "The key's role lacks the scope that the text names.",
            "Use a key of a role that has it.", Keys),
        new(
            "standing", 403, "suspendido", "The workspace is suspended or flagged: it can only be read.",
            "Set the workspace's standing to good.", Bodies),
        new(
            "throttled", 429, "Demasiadas solicitudes", "The key made as many calls within the minute as the workspace allows.",
            "Wait as many seconds as Retry-After says, or raise the workspace's minute_limit.", Keys),
        new(
            "method", 405, "Método no permitido", "The endpoint does nothing for this method.",
            "The answer's Allow header has the methods that it takes.", Bodies),
        new(
            "too_large", 413, "demasiado grande", "The body is larger than the server takes.",
            "Send less at once, or raise Contacts:MaxBodyBytes.", Contacts),
        new(
            "other_not_found", 404, "a fusionar no encontrado", "There is no contact with the id that is to be merged.",
            "Send the id of a contact of this workspace that is not deleted.", Merging),
        new(
            "contact_not_found", 404, "Contacto no encontrado", "There is no contact with this id in this workspace, or it is deleted.",
            "Search it by its number; ids belong to one workspace.", Bodies),
        new(
            "stage_not_found", 404, "Etapa no encontrada", "There is no stage with this id in this workspace.",
            "List the stages and take one of theirs.", Funnel),
        new(
            "webhook_not_found", 404, "Webhook no encontrado", "There is no webhook with this id in this workspace.",
            "List the webhooks and take one of theirs.", Bodies),
        new(
            "no_endpoint", 404, "Ruta no encontrada", "The URL names no endpoint.",
            "Compare it with the contract; paths are in lower case.", Bodies),
        new(
            "limit", 409, "Se alcanzó el máximo", "The workspace has as many as it may.",
            "Delete some.", Funnel),
        new(
            "unavailable", 503, "no disponible", "The server could not do it in this moment, mostly because its database was away. A change that was under way was written as a whole or not at all.",
            "Send the call again when Retry-After is over; read the contact first where sending twice would matter.", Bodies),
        new(
            "failed", 500, "Error interno", "The server failed; its log has the request id.",
            "Send the call again; tell the operator the request id.", Bodies),
        new(
            "bad_request", 400, "^Solicitud inválida", "The request can't be read as HTTP says.",
            "Look at what the client sends.", Bodies),
    ];

    private static IEnumerable<CallRule> OfBodies() =>
    [
        new(
            "json", 400, "^JSON inválido", "The body is no JSON.",
            "Build the body with a JSON library; quotes within values are escaped.", Contacts),
        new(
            "object", 400, "objeto JSON", "The value is JSON, but no object.",
            "Send one object in braces.", Contacts),
        new(
            "required", 400, "^Este campo es requerido", "A required attribute is missing.",
            "Add it.", Bodies),
        new(
            "text", 400, "^Debe ser texto", "The value is no text.",
            "Send text.", Bodies),
        new(
            "texts", 400, "lista de textos", "The value is no list of texts.",
            "Send texts in brackets.", Bodies),
        new(
            "list", 400, "^Debe ser una lista", "The value is no list.",
            "Send it in brackets.", Bodies),
        new(
            "number", 400, "número entero", "The value is no whole number.",
            "Send digits without quotes.", Bodies),
        new(
            "boolean", 400, "verdadero o falso", "The value is neither true nor false.",
            "Send true or false without quotes.", Bodies),
        new(
            "least", 400, "o más$", "The number is too low.",
            "Send at least as much as the text says.", Bodies),
        new(
            "storable", 400, "no se pueden guardar", "The text has a character that no text can hold, or the number is too large.",
            "Take it out; half an emoji comes from text that was cut.", Bodies),
        new(
            "time", 400, "^Fecha inválida", "The text is no time.",
            "Send ISO 8601: 2026-01-28T12:00:00Z.", Lists),
        new(
            "uuid", 400, "^UUID inválido", "The text is no uuid.",
            "Send an id as the server answered it.", Bodies),
        new(
            "cursor", 400, "^Cursor inválido", "The cursor is none of this server's, or of another order.",
            "Send next_cursor as it is, with the same order.", Lists),
        new(
            "choice", 400, "^Valor inválido", "The word is none that the attribute knows.",
            "Take one of those that the text lists.", Bodies),
        new(
            "too_long", 400, "^Máximo \\d+ caracteres", "The text is too long.",
            "Cut it to as many characters as the text says.", Contacts),
        new(
            "too_many", 400, "^Máximo \\d+ elementos", "There are more items than there may be.",
            "Send, or keep, at most as many as the text says.", Contacts),
        new(
            "repeated", 400, "^No repetir", "An item stands there twice.",
            "Name each once.", Funnel),
        new(
            "no_stage", 400, "Etapa no encontrada", "There is no stage with this id in this workspace.",
            "List the stages and take one of theirs.", Funnel),
    ];

    private static IEnumerable<CallRule> OfContacts() =>
    [
        new(
            "phone", 400, "^Formato inválido", "The phone number is not in E.164.",
            "Send + and the country's code: +5215512345678; encode the + as %2B in URLs.", Contacts),
        new(
            "no_phone", 400, "teléfono es requerido", "A contact needs a phone number, and can't lose it.",
            "Add phone_number.", Contacts),
        new(
            "email", 400, "^Email inválido", "The text is no e-mail address.",
            "Send one address, or null to clear it.", Contacts),
        new(
            "no_name", 400, "nombre es requerido", "A name is missing.",
            "Add name.", Funnel),
        new(
            "color", 400, "^Color inválido", "The text is no colour.",
            "Send #RRGGBB.", Funnel),
        new(
            "country", 400, "país inválido", "The text is no country's code.",
            "Send two letters: MX.", Contacts),
        new(
            "private_url", 400, "dirección privada", "The URL leads to a private address, which the workspace does not allow.",
            "Send a public URL, or allow private targets in the workspace's settings.", Bodies),
        new(
            "url", 400, "^URL inválida", "The text is no http or https URL.",
            "Send the whole URL.", Contacts),
        new(
            "anonymous", 400, "espacio de trabajo anónimo", "The workspace hides addresses, so nothing is found or changed by them.",
            "Name contacts by their id, or switch anonymous off.", Contacts),
        new(
            "same_contact", 400, "consigo mismo", "A contact can't be merged with itself.",
            "Send the id of another contact.", Merging),
        new(
            "duplicate", 409, "^Ya existe un contacto", "Another contact has this number or address, perhaps in another form.",
            "Update the contact that existing_contact_id names.", Contacts),
    ];

    /// <summary>The texts of an answer: the faults of attributes when it has them, else its message; of a list of results, those of each.</summary>
    private static IEnumerable<string> TextsOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return [];
        if (body.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object)
            return details.EnumerateObject().SelectMany(attribute => attribute.Value.EnumerateArray()).Select(text => text.GetString()!);
        return body.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? [message.GetString()!] : [];
    }
}
