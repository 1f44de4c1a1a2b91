using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Whaapy;

/// <summary>Contacts: create, read, update, merge, delete.</summary>
/// <param name="writer">Writes contacts.</param>
/// <param name="contacts">Reads contacts.</param>
/// <param name="lookUps">Finds contacts by number.</param>
/// <param name="stages">The workspaces' stages.</param>
/// <param name="bodies">Reads bodies.</param>
/// <param name="created">What answers a creation.</param>
[Route("/contacts")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsController(
    ContactWriter writer, ContactService contacts, ContactLookUps lookUps, StageService stages, ContactBodies bodies, CreatedStatus created) : ControllerBase
{
    private Workspace Workspace => HttpContext.Caller().Workspace;

    /// <summary>Creates a contact. Only its phone number is required, and nobody may have it, not even on WhatsApp.</summary>
    [HttpPost("v1")]
    public async Task<IActionResult> Create(CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var (change, fault) = await bodies.ReadAsync(HttpContext.Caller(), body.Object, null, cancellation);
        return fault is null ? await ApplyAsync(change!, created.Status, cancellation) : fault.Answer;
    }

    /// <summary>Reads a contact. There are no conversations here, so their list is empty.</summary>
    [HttpGet("v1/{id}")]
    public async Task<IActionResult> Read(string id, CancellationToken cancellation)
    {
        if (!TryId(id, out var uuid) || await contacts.FindAsync(Workspace, uuid, cancellation) is not { IsDeleted: false } contact)
            return Errors.NotFound.Answer;
        var names = await stages.FindAsync(Workspace, [contact.StageId], cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("contact");
            ContactRead.Write(json, contact, Workspace, names);
            json.WriteStartArray("conversations");
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Updates what is given. Custom fields and external ids are merged into those that are there; null removes.</summary>
    [HttpPatch("v1/{id}")]
    public async Task<IActionResult> Update(string id, CancellationToken cancellation)
    {
        if (!TryId(id, out var uuid))
            return Errors.NotFound.Answer;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var (change, fault) = await bodies.ReadAsync(HttpContext.Caller(), body.Object, uuid, cancellation);
        if (fault is null)
            return await ApplyAsync(change!, StatusCodes.Status200OK, cancellation);
        var isThere = await contacts.FindAsync(Workspace, uuid, cancellation) is { IsDeleted: false };
        return isThere ? fault.Answer : Errors.NotFound.Answer;
    }

    /// <summary>Joins another contact to this one, which gets what it lacks: numbers, tags, values. The other is deleted.</summary>
    [HttpPost("v1/{id}/merge")]
    public async Task<IActionResult> Merge(string id, CancellationToken cancellation)
    {
        if (!TryId(id, out var uuid))
            return Errors.NotFound.Answer;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var faults = new List<ValidationFailure>();
        var reading = new JsonReading(body.Object, faults);
        var other = reading.Uuid("merge_with").Value ?? reading.Uuid("source_contact_id").Value;
        if (other is null && faults.Count == 0)
            reading.Fault("merge_with", Texts.Required);
        if (faults.Count > 0)
            return Errors.Invalid(faults).Answer;
        return await ApplyAsync(
            new ContactChange { Id = uuid, Merge = other, By = HttpContext.Caller().Token.Name }, StatusCodes.Status200OK, cancellation);
    }

    /// <summary>Deletes a contact. Its number is free at once.</summary>
    [HttpDelete("v1/{id}")]
    public async Task<IActionResult> Delete(string id, CancellationToken cancellation)
    {
        if (!TryId(id, out var uuid))
            return Errors.NotFound.Answer;
        var outcome = await writer.ApplyAsync(
            Workspace, new ContactChange { Id = uuid, Delete = true, By = HttpContext.Caller().Token.Name }, cancellation);
        return outcome.Refusal is { } refusal ? Errors.Of(refusal).Answer : Done;
    }

    /// <summary>Whether somebody has a phone number, as a telephone's or on WhatsApp.</summary>
    [HttpGet("check-phone")]
    public async Task<IActionResult> Check(CancellationToken cancellation)
    {
        var text = Request.Query["phone"].LastOrDefault() ?? string.Empty;
        if (Workspace.IsAnonymous)
            return Errors.Invalid("phone", Texts.Anonymous).Answer;
        if (PhoneOfUrl(text) is not { } phone)
            return Errors.Invalid("phone", text.Length == 0 ? Texts.NoPhone : Texts.Phone).Answer;
        var found = await lookUps.FindAsync(Workspace, phone, cancellation)
            ?? await lookUps.FindAsync(Workspace, phone.OtherChannel()!.Value, cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("exists", found is not null);
            if (found is not null)
            {
                json.WriteStartObject("contact");
                json.WriteString("id", found.Id);
                json.WriteString("name", found.Name);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("contact");
            }

            json.WriteEndObject();
        });
    }

    /// <summary>Done, and nothing more to say.</summary>
    internal static JsonAnswer Done { get; } = new(StatusCodes.Status200OK, static json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("success", true);
        json.WriteEndObject();
    });

    /// <summary>Reads an id of a URL.</summary>
    /// <param name="text">The segment.</param>
    /// <param name="id">The id.</param>
    internal static bool TryId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);

    /// <summary>A number of a URL or filter, in which the plus may be missing: unencoded, it has become a space.</summary>
    /// <param name="text">The text.</param>
    internal static Urn? PhoneOfUrl(string text) => Shapes.PhoneOf($"+{text.Trim().TrimStart('+')}");

    private async Task<IActionResult> ApplyAsync(ContactChange change, int status, CancellationToken cancellation)
    {
        var workspace = Workspace;
        var outcome = await writer.ApplyAsync(workspace, change, cancellation);
        if (outcome.Refusal is { } refusal)
            return Errors.Of(refusal).Answer;
        var contact = outcome.Contact!;
        var names = await stages.FindAsync(workspace, [contact.StageId], cancellation);
        return new JsonAnswer(status, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("contact");
            ContactRead.Write(json, contact, workspace, names);
            json.WriteEndObject();
        });
    }
}
