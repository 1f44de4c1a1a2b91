using System.Text.Json;
using Contacts.Audit;
using Contacts.Calls;
using Contacts.Core;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Contacts.Management;

/// <summary>The calls that the workspace's tokens made, as they came and were answered. Reading them leaves no trace among them.</summary>
/// <param name="calls">The recorded calls.</param>
/// <param name="rules">Explains refusals.</param>
/// <param name="listings">The shape of the list's parameters.</param>
/// <param name="waits">The shape of what is waited for.</param>
/// <param name="lifetime">Tells when the server stops.</param>
/// <param name="clock">The clock.</param>
[Route(Setup.Root + "/calls")]
public sealed class CallsController(
    CallLog calls,
    CallRules rules,
    IValidator<CallListing> listings,
    IValidator<CallWait> waits,
    IHostApplicationLifetime lifetime,
    TimeProvider clock) : ManagementController, IActionFilter
{
    private const string TooLong = "The search took longer than 5 seconds and was ended. Narrow it down: a shorter span of time, a status, a contact.";

    // One day in minutes is what a picture can show.
    private static readonly TimeSpan MaxSpan = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Lists calls, the last one first.</summary>
    /// <param name="listing">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listCalls")]
    [HttpHead]
    [ProducesResponseType<Listed<CallRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status422UnprocessableEntity, Setup.Problem)]
    public async Task<IActionResult> List([FromQuery] CallListing listing, CancellationToken cancellation)
    {
        var faults = listings.Validate(listing).Errors;
        if (faults.Count > 0)
            return Refused(faults);
        AutomationListing.TryRead(listing.Cursor, out var from);
        try
        {
            var page = await calls.ListAsync(Workspace, listing.QueryOf(), listing.Limit, from, cancellation);
            return Ok(new Listed<CallRead>([.. page.Items.Select(CallRead.Of)], AutomationListing.TextOf(page.Next), AutomationListing.TextOf(page.Previous)));
        }
        catch (SearchTooLongException)
        {
            return Problem(TooLong, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    /// <summary>Reads one call: headers, bodies, what was understood, what changed, and why it was refused.</summary>
    /// <param name="uuid">The call's uuid.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet("{uuid:guid}", Name = "getCall")]
    [HttpHead("{uuid:guid}")]
    [ProducesResponseType<CallRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Read(Guid uuid, CancellationToken cancellation) =>
        await calls.FindAsync(Workspace, new CallQuery(), uuid, cancellation) is { } call ? Ok(CallRead.Of(call, rules)) : NotFound();

    /// <summary>Counts all calls by the minute, those that were not recorded among them. Counts are about two seconds old.</summary>
    /// <param name="since">From this time on; the last hour when left out. At most a day is told.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet("minutes", Name = "countCalls")]
    [HttpHead("minutes")]
    [ProducesResponseType<Listed<CallMinuteRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    public async Task<IActionResult> Minutes([FromQuery] DateTimeOffset? since, CancellationToken cancellation)
    {
        var from = since?.UtcDateTime ?? clock.Now() - Hour;
        var until = from > DateTime.MaxValue - MaxSpan ? DateTime.MaxValue : from + MaxSpan;
        var rows = await calls.CountAsync(Workspace, from, DateTime.SpecifyKind(until, DateTimeKind.Utc), cancellation);
        return Ok(new Listed<CallMinuteRead>([.. CallMinuteRead.Of(rows)], null, null));
    }

    /// <summary>
    /// Waits until there are as many matching calls as wanted, and answers the first of them, in the order in which they came. Calls that came before count too: name a time with
    /// <c>since</c>, or delete the calls before a test. When the time is over, 408, with <c>matched</c>; when too many wait already, 503 with
    /// <c>Retry-After</c>.
    /// </summary>
    /// <param name="body">Which calls, how many, and how long.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [HttpPost("wait", Name = "waitForCalls")]
    [ReadsOnly]
    [ProducesResponseType<Listed<CallRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status408RequestTimeout, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status422UnprocessableEntity, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status503ServiceUnavailable, Setup.Problem)]
    public async Task<IActionResult> Wait([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var wait = CallWait.Read(reading);
        var faults = reading.Faults().Concat(waits.Validate(wait).Errors).ToList();
        if (faults.Count > 0)
            return Refused(faults);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        try
        {
            var awaited = await calls.WaitAsync(Workspace, wait.QueryOf(), wait.Count, wait.Timeout, ends.Token);
            return awaited.IsComplete ? Ok(new Listed<CallRead>([.. awaited.Calls.Select(CallRead.Of)], null, null)) : InTime(awaited.Calls.Count, wait.Count);
        }
        catch (SearchTooLongException)
        {
            return Problem(TooLong, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        catch (TooManyWaitException)
        {
            Response.Headers.RetryAfter = "1";
            return Problem("As many as may wait at once do so already.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Problem("The server stops.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Deletes all recorded calls. The counts by the minute stay.</summary>
    /// <param name="cancellation">Stops between pieces.</param>
    [HttpDelete(Name = "deleteCalls")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> Delete(CancellationToken cancellation)
    {
        await calls.DeleteAsync(Workspace.Id, cancellation);
        return NoContent();
    }

    /// <summary>Leaves the call out of what it reads: who waits for calls would find the waiting.</summary>
    /// <param name="context">The call.</param>
    [NonAction]
    public void OnActionExecuting(ActionExecutingContext context) => CallRecord.Of(HttpContext)?.Leave();

    /// <summary>Nothing is left to do.</summary>
    /// <param name="context">The call.</param>
    [NonAction]
    public void OnActionExecuted(ActionExecutedContext context)
    {
        // What there is to do was done before.
    }

    private ObjectResult InTime(int matched, int wanted)
    {
        var problem = ProblemDetailsFactory.CreateProblemDetails(
            HttpContext, StatusCodes.Status408RequestTimeout, detail: $"{matched} of {wanted} matching calls came in time.");
        problem.Extensions["matched"] = matched;
        return StatusCode(StatusCodes.Status408RequestTimeout, problem);
    }
}
