using System.Text.Json;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The workspace's own clock, which limits of calls and expiry go by: set it forward, and a test need not wait for an hour to pass.</summary>
/// <param name="clocks">The workspaces' clocks.</param>
/// <param name="clock">The machine's clock.</param>
[Route(Setup.Root + "/clock")]
public sealed class ClockController(ClockService clocks, TimeProvider clock) : ManagementController
{
    private const string Offset = "offset_seconds";
    private const string Advance = "advance_seconds";

    /// <summary>Reads the clock.</summary>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "getClock")]
    [HttpHead]
    [ProducesResponseType<ClockRead>(StatusCodes.Status200OK, Setup.Json)]
    public async Task<IActionResult> Read(CancellationToken cancellation) => Ok(ClockRead.Of(await clocks.ReadAsync(Workspace.Id, cancellation), clock));

    /// <summary>Sets the clock forward, to <c>offset_seconds</c> ahead or on by <c>advance_seconds</c>; only a reset sets it back. Other servers follow within two seconds.</summary>
    /// <param name="body">How far.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPut(Name = "setClock")]
    [ProducesResponseType<ClockRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Set([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var (offset, advance) = (reading.Number(Offset), reading.Number(Advance));
        List<ValidationFailure> faults = [.. reading.Faults()];
        if (faults.Count == 0 && offset.IsGiven == advance.IsGiven)
            faults.Add(new ValidationFailure("body", $"Must have either {Offset} or {Advance}."));
        faults.AddRange(new[] { (Name: Offset, Given: offset), (Name: Advance, Given: advance) }
            .Where(number => number.Given.IsGiven && number.Given.Value is < 0 or > (int)WorkspaceClock.MaxOffset)
            .Select(number => new ValidationFailure(number.Name, $"Must be 0 to {WorkspaceClock.MaxOffset}.")));
        if (faults.Count > 0)
            return Refused(faults);
        var now = offset.IsGiven
            ? await clocks.SetAsync(Workspace.Id, offset.Value, cancellation)
            : await clocks.AdvanceAsync(Workspace.Id, advance.Value, cancellation);
        if (now is { } ahead)
            return Ok(ClockRead.Of(ahead, clock));
        return offset.IsGiven
            ? Conflicting(Offset, "The clock is further ahead already, and runs forwards only; a reset takes it back.")
            : Conflicting(Advance, $"The clock would be more than {WorkspaceClock.MaxOffset} seconds ahead.");
    }
}

/// <summary>What the clock is set to: one of the two.</summary>
/// <example><code>{"advance_seconds":3600}</code></example>
/// <param name="OffsetSeconds">How far it is to be ahead of the machine's clock, in seconds; not less than it is.</param>
/// <param name="AdvanceSeconds">By how many seconds it is to move on.</param>
public sealed record ClockWrite(int? OffsetSeconds, int? AdvanceSeconds);

/// <summary>The workspace's clock.</summary>
/// <param name="OffsetSeconds">How far it is ahead of the machine's clock, in seconds.</param>
/// <param name="Now">The workspace's time, UTC.</param>
public sealed record ClockRead(long OffsetSeconds, DateTime Now)
{
    /// <summary>A clock as callers see it.</summary>
    /// <param name="offset">How far it is ahead, in seconds.</param>
    /// <param name="clock">The machine's clock.</param>
    public static ClockRead Of(long offset, TimeProvider clock) => new(offset, clock.Now().AddSeconds(offset));
}
