using System.Text.Json;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Faults on request: what goes wrong with the workspace's own calls and deliveries, for a time or a number of them.</summary>
/// <param name="faults">The workspaces' faults.</param>
/// <param name="validator">The shape of a fault.</param>
/// <param name="clock">The clock.</param>
[Route(Setup.Root + "/faults")]
public sealed class FaultsController(FaultService faults, IValidator<FaultWrite> validator, TimeProvider clock) : ManagementController
{
    /// <summary>Lists those that are active, at most 50, the oldest first.</summary>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listFaults")]
    [HttpHead]
    [ProducesResponseType<Listed<FaultRead>>(StatusCodes.Status200OK, Setup.Json)]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var active = await faults.ListAsync(Workspace.Id, cancellation);
        return Ok(new Listed<FaultRead>([.. active.Select(FaultRead.Of)], null, null));
    }

    /// <summary>Asks for one, active from the next call on; on other servers it takes up to two seconds. It ends by itself.</summary>
    /// <param name="body">What is to go wrong.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    [HttpPost(Name = "createFault")]
    [ProducesResponseType<FaultRead>(StatusCodes.Status201Created, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Create([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var wanted = FaultWrite.Read(reading);
        List<ValidationFailure> told = [.. reading.Faults()];
        told.AddRange(validator.Validate(wanted).Errors.Where(error => !told.Exists(fault => fault.PropertyName == error.PropertyName)));
        if (told.Count > 0)
            return Refused(told);
        var by = HttpContext.Features.GetRequiredFeature<Caller>().Token.Name;
        var outcome = await faults.AddAsync(wanted.ToFault(Workspace.Id, by, clock.Now()), cancellation);
        return outcome.Refusal is { } refusal ? Refused(refusal) : StatusCode(StatusCodes.Status201Created, FaultRead.Of(outcome.Value!));
    }

    /// <summary>Ends one.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpDelete("{uuid:guid}", Name = "deleteFault")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Delete(Guid uuid, CancellationToken cancellation) =>
        await faults.DeleteAsync(Workspace.Id, uuid, cancellation) ? NoContent() : NotFound();

    /// <summary>Ends all of them.</summary>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpDelete(Name = "deleteFaults")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> DeleteAll(CancellationToken cancellation)
    {
        await faults.DeleteAsync(Workspace.Id, cancellation);
        return NoContent();
    }
}
