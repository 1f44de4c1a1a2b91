using System.Text.Json;
using Contacts.TestBench;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Snapshots of the book: contacts with their URNs, fields, groups, stages, flows, campaigns and triggers, under a name.</summary>
/// <param name="snapshots">The workspaces' snapshots.</param>
/// <param name="resets">Puts them back.</param>
[Route(Setup.Root + "/snapshots")]
public sealed class SnapshotsController(SnapshotService snapshots, ResetService resets) : ManagementController
{
    /// <summary>Lists all of them, at most 20, the oldest first.</summary>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listSnapshots")]
    [HttpHead]
    [ProducesResponseType<Listed<SnapshotRead>>(StatusCodes.Status200OK, Setup.Json)]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var all = await snapshots.ListAsync(Workspace.Id, cancellation);
        return Ok(new Listed<SnapshotRead>([.. all.Select(SnapshotRead.Of)], null, null));
    }

    /// <summary>Takes one: the book as it is at this moment, with at most 100,000 contacts.</summary>
    /// <param name="body">Its name.</param>
    /// <param name="cancellation">Gives up.</param>
    [HttpPost(Name = "createSnapshot")]
    [ProducesResponseType<SnapshotRead>(StatusCodes.Status201Created, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Create([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var name = reading.RequiredText("name");
        List<ValidationFailure> faults = [.. reading.Faults()];
        if (name is not null && !BookSnapshot.IsName(name))
            faults.Add(new ValidationFailure("name", $"Must have 1 to {BookSnapshot.MaxNameLength} letters from a to z, digits, '-', '_' or '.', which it may not begin with."));
        if (faults.Count > 0)
            return Refused(faults);
        var by = HttpContext.Features.GetRequiredFeature<Caller>().Token.Name;
        var outcome = await snapshots.TakeAsync(Workspace.Id, name!, by, cancellation);
        return outcome.Refusal is { } refusal ? Refused(refusal) : StatusCode(StatusCodes.Status201Created, SnapshotRead.Of(outcome.Value!));
    }

    /// <summary>Makes the book what it was: every uuid and time is the same again. Nothing else changes, and webhooks are not told.</summary>
    /// <param name="name">The snapshot's name.</param>
    /// <param name="cancellation">Gives up before it is written.</param>
    [HttpPost("{name}/restore", Name = "restoreSnapshot")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Restore(string name, CancellationToken cancellation) =>
        await resets.ResetAsync(Workspace.Id, name, ResetService.Everything, cancellation) is { } refusal ? Refused(refusal) : NoContent();

    /// <summary>Deletes one.</summary>
    /// <param name="name">The snapshot's name.</param>
    /// <param name="cancellation">Gives up before it is written.</param>
    [HttpDelete("{name}", Name = "deleteSnapshot")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Delete(string name, CancellationToken cancellation) =>
        await snapshots.DeleteAsync(Workspace.Id, name, cancellation) ? NoContent() : NotFound();
}

/// <summary>What to call a snapshot.</summary>
/// <example><code>{"name":"seeded"}</code></example>
/// <param name="Name">1 to 64 letters from a to z, digits, <c>-</c>, <c>_</c> or <c>.</c>; unique in the workspace.</param>
public sealed record SnapshotWrite(string? Name);

/// <summary>A snapshot.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Contacts">How many contacts it holds, deleted ones included.</param>
/// <param name="CreatedBy">The name of the token that took it.</param>
/// <param name="CreatedOn">When it was taken, UTC.</param>
public sealed record SnapshotRead(string Name, int Contacts, string CreatedBy, DateTime CreatedOn)
{
    /// <summary>A snapshot as callers see it.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public static SnapshotRead Of(BookSnapshot snapshot) => new(snapshot.Name, snapshot.Contacts, snapshot.CreatedBy, snapshot.CreatedOn);
}
