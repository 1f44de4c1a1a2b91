using System.Text.Json;
using Contacts.Operations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Contacts.Dialects.Weni;

/// <summary>Many contacts in one call. Ours: the original has no such endpoint.</summary>
/// <param name="bulk">Writes the items.</param>
/// <param name="lines">Writes them line by line.</param>
[Route("/api/v2/contacts_bulk.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsBulkController(ContactBulk bulk, ContactLines lines) : ControllerBase
{
    private const int MaxItems = 1000;

    /// <summary>
    /// Creates or updates up to 1,000 contacts, each named by <c>uuid</c>, by <c>urn</c>, or not at all to be created; or, as <c>application/x-ndjson</c>,
    /// one per line without limit, answered line by line while they are sent.
    /// </summary>
    [HttpPost]
    public async Task<IActionResult> Write(CancellationToken cancellation)
    {
        var caller = HttpContext.Caller();
        if (MediaTypeHeaderValue.TryParse(Request.ContentType, out var type) && type.MediaType.Equals(ContactLines.Type, StringComparison.OrdinalIgnoreCase)
            && !BodyEncoding.IsEncoded(Request))
        {
            await lines.AnswerAsync(HttpContext, caller);
            return new EmptyResult();
        }

        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal;
        if (Refuse(body.Object, out var contacts) is { } refusal)
            return refusal;
        var answers = await bulk.ApplyAsync(caller, [.. contacts.EnumerateArray()], cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            foreach (var answer in answers)
                ContactBulk.Write(json, answer);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static JsonAnswer? Refuse(JsonElement body, out JsonElement contacts)
    {
        if (!JsonReading.Attributes(body).TryGetValue("contacts", out contacts))
            return Errors.Invalid([new("contacts", Texts.Required)]);
        if (contacts.ValueKind != JsonValueKind.Array)
            return Errors.Invalid([new("contacts", contacts.ValueKind == JsonValueKind.Null ? Texts.Null : Texts.NotList(JsonReading.TypeOf(contacts)))]);
        return contacts.GetArrayLength() > MaxItems ? Errors.Invalid([new("contacts", Texts.TooMany(MaxItems))]) : null;
    }
}
