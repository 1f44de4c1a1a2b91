using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Whaapy;

/// <summary>Many contacts in one call.</summary>
/// <param name="bulk">Writes them.</param>
/// <param name="stages">The workspaces' stages.</param>
[Route("/contacts/v1/bulk")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsBulkController(ContactBulk bulk, StageService stages) : ControllerBase
{
    /// <summary>Creates, updates, deletes, tags, untags or moves up to 500 contacts. Each is answered on its own, in the order they were sent.</summary>
    [HttpPost]
    public async Task<IActionResult> Write(CancellationToken cancellation)
    {
        var caller = HttpContext.Caller();
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var faults = new List<ValidationFailure>();
        var write = BulkWrite.Read(body.Object, faults);
        if (write is null || faults.Count > 0)
            return Errors.Invalid(faults).Answer;
        var (results, fault) = await bulk.ApplyAsync(caller, write, cancellation);
        if (fault is not null)
            return fault.Answer;
        var names = await stages.FindAsync(caller.Workspace, results.Select(result => result.Contact?.StageId), cancellation);
        return Answer(write.Name, results, caller.Workspace, names);
    }

    private static JsonAnswer Answer(string operation, BulkResult[] results, Workspace workspace, IReadOnlyDictionary<Guid, Stage> stages)
    {
        var failed = results.Count(result => result.Fault is not null);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("operation", operation);
            json.WriteNumber("total", results.Length);
            json.WriteNumber("succeeded", results.Length - failed);
            json.WriteNumber("failed", failed);
            json.WriteStartArray("results");
            foreach (var (index, result) in results.Index())
                Write(json, index, result, workspace, stages);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, int index, BulkResult result, Workspace workspace, IReadOnlyDictionary<Guid, Stage> stages)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteString("id", result.Id);
        json.WriteBoolean("success", result.Fault is null);
        result.Fault?.WriteAttributes(json);
        if (result.Contact is not null)
        {
            json.WritePropertyName("contact");
            ContactRead.Write(json, result.Contact, workspace, stages);
        }

        json.WriteEndObject();
    }
}
