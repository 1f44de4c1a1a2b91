using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Whaapy;

/// <summary>The funnel: its stages, and moving contacts among them.</summary>
/// <param name="stages">The workspaces' stages.</param>
/// <param name="writer">Writes contacts.</param>
/// <param name="validator">The shape of a stage.</param>
/// <param name="created">What answers a creation.</param>
[Route("/funnel/v1")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class FunnelController(StageService stages, ContactWriter writer, IValidator<StageWrite> validator, CreatedStatus created) : ControllerBase
{
    private static readonly JsonEncodedText MovedAt = JsonEncodedText.Encode("moved_at");

    private Workspace Workspace => HttpContext.Caller().Workspace;

    /// <summary>Lists all stages in the funnel's order.</summary>
    [HttpGet("stages")]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var all = await stages.ListAsync(Workspace, cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("stages");
            StageRead.Write(json, all);
            json.WriteEndObject();
        });
    }

    /// <summary>Creates a stage, at the end unless a position is given.</summary>
    [HttpPost("stages")]
    public async Task<IActionResult> Create(CancellationToken cancellation)
    {
        var (write, refusal) = await ReadAsync(isNew: true);
        if (write is null)
            return refusal!.Answer;
        var outcome = await stages.CreateAsync(
            Workspace, write.Name.Value!, write.Color.Value ?? Stage.DefaultColor, write.Position, HttpContext.Caller().Token.Name, cancellation);
        return outcome.Refusal is { } full ? Errors.Of(full).Answer : StageRead.Answer(created.Status, outcome.Value!);
    }

    /// <summary>Reads a stage.</summary>
    [HttpGet("stages/{id}")]
    public async Task<IActionResult> Read(string id, CancellationToken cancellation) =>
        ContactsController.TryId(id, out var uuid) && await stages.FindAsync(Workspace, uuid, cancellation) is { } found
            ? StageRead.Answer(StatusCodes.Status200OK, found)
            : Errors.NoStage.Answer;

    /// <summary>Changes a stage's name or colour.</summary>
    [HttpPatch("stages/{id}")]
    public async Task<IActionResult> Update(string id, CancellationToken cancellation)
    {
        if (!ContactsController.TryId(id, out var uuid) || await stages.FindAsync(Workspace, uuid, cancellation) is null)
            return Errors.NoStage.Answer;
        var (write, refusal) = await ReadAsync(isNew: false);
        if (write is null)
            return refusal!.Answer;
        var outcome = await stages.UpdateAsync(Workspace, uuid, Given(write.Name), Given(write.Color), HttpContext.Caller().Token.Name, cancellation);
        return outcome.Refusal is null ? StageRead.Answer(StatusCodes.Status200OK, outcome.Value!) : Errors.NoStage.Answer;
    }

    /// <summary>Deletes a stage; its contacts are in none then.</summary>
    [HttpDelete("stages/{id}")]
    public async Task<IActionResult> Delete(string id, CancellationToken cancellation) =>
        ContactsController.TryId(id, out var uuid) && await stages.DeleteAsync(Workspace, uuid, cancellation) is null
            ? ContactsController.Done
            : Errors.NoStage.Answer;

    /// <summary>Puts stages into the order of <c>stage_ids</c>; those that are not named follow.</summary>
    [HttpPatch("stages/reorder")]
    public async Task<IActionResult> Reorder(CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var faults = new List<ValidationFailure>();
        var texts = new JsonReading(body.Object, faults).Words("stage_ids");
        if (texts is not { Count: > 0 })
            return Errors.Invalid(faults.Count > 0 ? faults : [new ValidationFailure("stage_ids", Texts.Required)]).Answer;
        var ids = texts.Select(text => ContactsController.TryId(text, out var id) ? id : Guid.Empty).Distinct().ToList();
        var outcome = await stages.ReorderAsync(Workspace, ids, cancellation);
        if (outcome.Refusal is not null)
            return Errors.NoStage.Answer;
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WritePropertyName("stages");
            StageRead.Write(json, outcome.Value!);
            json.WriteEndObject();
        });
    }

    /// <summary>Moves a contact to the stage of <c>stage_id</c>; null takes it out of the funnel.</summary>
    [HttpPost("contacts/{id}/move")]
    public async Task<IActionResult> Move(string id, CancellationToken cancellation)
    {
        if (!ContactsController.TryId(id, out var uuid))
            return Errors.NotFound.Answer;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var faults = new List<ValidationFailure>();
        var wanted = new JsonReading(body.Object, faults).Uuid("stage_id");
        if (!wanted.IsGiven)
            return Errors.Invalid(faults.Count > 0 ? faults : [new ValidationFailure("stage_id", Texts.Required)]).Answer;
        if (wanted.Value is { } stage && !(await stages.FindAsync(Workspace, [stage], cancellation)).ContainsKey(stage))
            return Errors.NoStage.Answer;
        var outcome = await writer.ApplyAsync(
            Workspace, new ContactChange { Id = uuid, StageId = wanted, By = HttpContext.Caller().Token.Name }, cancellation);
        return outcome.Refusal is { } refusal ? Errors.Of(refusal).Answer : await MovedAsync(outcome, cancellation);
    }

    private async Task<JsonAnswer> MovedAsync(ContactOutcome outcome, CancellationToken cancellation)
    {
        var contact = outcome.Contact!;
        var previous = (outcome.Before ?? contact).StageId;
        var names = await stages.FindAsync(Workspace, [previous, contact.StageId], cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("contact_id", contact.Id);
            json.WritePropertyName("previous_stage");
            StageRead.WriteReference(json, previous, names);
            json.WritePropertyName("new_stage");
            StageRead.WriteReference(json, contact.StageId, names);
            json.WriteTime(MovedAt, contact.ModifiedOn);
            json.WriteEndObject();
        });
    }

    private async Task<(StageWrite? Write, Fault? Fault)> ReadAsync(bool isNew)
    {
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return (null, body.Refusal);
        var faults = new List<ValidationFailure>();
        var write = StageWrite.Read(body.Object, isNew, faults);
        faults.AddRange(validator.Validate(write).Errors.Where(fault => !faults.Exists(told => told.PropertyName == fault.PropertyName)));
        return faults.Count > 0 ? (null, Errors.Invalid(faults)) : (write, null);
    }

    /// <summary>Null is as good as absent: a stage always has a name and a colour.</summary>
    private static Optional<string> Given(Optional<string?> text) => text.Value is { } value ? value : default(Optional<string>);
}
