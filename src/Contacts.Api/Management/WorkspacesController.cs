using System.Text.Json;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The workspaces of the installation. Only administrators of its first one may list and make them (decision 23).</summary>
/// <param name="workspaces">The workspaces.</param>
/// <param name="validator">The shape of settings.</param>
/// <param name="listings">The shape of a list's parameters.</param>
[Route(Setup.Root + "/workspaces")]
public sealed class WorkspacesController(
    WorkspaceService workspaces, IValidator<WorkspaceChanges> validator, IValidator<AutomationListing> listings) : ManagementController
{
    /// <summary>Lists the workspaces, the newest first, without anything that is in them. For administrators of the first workspace.</summary>
    /// <param name="cursor">Where the page begins: taken from <c>next</c> and <c>previous</c>.</param>
    /// <param name="limit">The size of a page, 1 to 250.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listWorkspaces")]
    [HttpHead]
    [ProducesResponseType<Listed<WorkspaceLine>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    public async Task<IActionResult> List([FromQuery] string? cursor, [FromQuery] int limit = Core.ContactQuery.MaxPageSize, CancellationToken cancellation = default)
    {
        if (!await workspaces.IsFirstAsync(Workspace.Id, cancellation))
            return NotFirst();
        var faults = listings.Validate(new AutomationListing { Cursor = cursor, Limit = limit }).Errors;
        if (faults.Count > 0)
            return Refused(faults);
        AutomationListing.TryRead(cursor, out var from);
        var page = await workspaces.ListAsync(limit, from, cancellation);
        return Ok(new Listed<WorkspaceLine>(
            [.. page.Items.Select(WorkspaceLine.Of)], AutomationListing.TextOf(page.Next), AutomationListing.TextOf(page.Previous)));
    }

    /// <summary>Makes a workspace. The answer has the key of its first administrator, this one time. For administrators of the first workspace.</summary>
    /// <param name="body">Its name, and settings that differ from the usual ones.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    [HttpPost(Name = "createWorkspace")]
    [ProducesResponseType<WorkspaceLine>(StatusCodes.Status201Created, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Create([FromBody] JsonElement body, CancellationToken cancellation)
    {
        if (!await workspaces.IsFirstAsync(Workspace.Id, cancellation))
            return NotFirst();
        var reading = new Body(body);
        reading.RequiredText("name");
        var changes = WorkspaceController.ChangesOf(reading);
        List<ValidationFailure> faults = [.. reading.Faults(), .. validator.Validate(changes).Errors];
        if (faults.Count > 0)
            return Refused(faults.DistinctBy(fault => (fault.PropertyName, fault.ErrorMessage)));
        var key = ApiToken.NewKey();
        var outcome = await workspaces.OpenAsync(changes, key, cancellation);
        return outcome.Refusal is { } refusal
            ? Refused(refusal)
            : StatusCode(StatusCodes.Status201Created, WorkspaceLine.Of(outcome.Value!) with { Key = key });
    }

    private ObjectResult NotFirst() =>
        Problem("This needs the token of an administrator of the installation's first workspace.", statusCode: StatusCodes.Status403Forbidden);
}
