using System.Text.Json;
using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The lists in the URL, in the order of <see cref="AutomationKind"/>.</summary>
public enum AutomationList
{
    /// <summary>What starts flows.</summary>
    Triggers = AutomationKind.Trigger,

    /// <summary>Conversations that run by themselves.</summary>
    Flows = AutomationKind.Flow,

    /// <summary>Series of messages to a group.</summary>
    Campaigns = AutomationKind.Campaign,
}

/// <summary>Flows, campaigns and triggers: while one is in use, its groups can't be deleted.</summary>
/// <param name="automations">The workspaces' automations.</param>
/// <param name="catalogs">The workspaces' groups.</param>
/// <param name="listings">The shape of a list's parameters.</param>
/// <param name="writes">The shape of what is to be made.</param>
[Route(Setup.Root + "/{list:regex(^(flows|campaigns|triggers)$)}")]
public sealed class AutomationsController(
    AutomationService automations, CatalogCache catalogs, IValidator<AutomationListing> listings, IValidator<AutomationWrite> writes) : ManagementController
{
    private const string GetOne = "getAutomation";

    /// <summary>Lists them, the newest first.</summary>
    /// <param name="list">Which list.</param>
    /// <param name="listing">Which of them.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listAutomations")]
    [HttpHead]
    [ProducesResponseType<Listed<AutomationRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    public async Task<IActionResult> List(AutomationList list, [FromQuery] AutomationListing listing, CancellationToken cancellation)
    {
        var faults = listings.Validate(listing).Errors;
        if (faults.Count > 0)
            return Refused(faults);
        var page = await automations.ListAsync(Workspace, listing.QueryOf(KindOf(list)), cancellation);
        return Ok(new Listed<AutomationRead>(
            [.. page.Items.Select(AutomationRead.Of)], AutomationListing.TextOf(page.Next), AutomationListing.TextOf(page.Previous)));
    }

    /// <summary>Reads one.</summary>
    /// <param name="list">Its list.</param>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet("{uuid:guid}", Name = GetOne)]
    [HttpHead("{uuid:guid}")]
    [ProducesResponseType<AutomationRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Read(AutomationList list, Guid uuid, CancellationToken cancellation)
    {
        var page = await automations.ListAsync(Workspace, new AutomationQuery(KindOf(list)) { Id = uuid }, cancellation);
        return page.Items.Count > 0 ? Ok(AutomationRead.Of(page.Items[0])) : NotFound();
    }

    /// <summary>Makes one, in use at once.</summary>
    /// <param name="list">Its list.</param>
    /// <param name="body">What it is to be.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPost(Name = "createAutomation")]
    [ProducesResponseType<AutomationRead>(StatusCodes.Status201Created, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Create(AutomationList list, [FromBody] JsonElement body, CancellationToken cancellation)
    {
        var faults = new List<ValidationFailure>();
        var write = AutomationWrite.Read(KindOf(list), body, faults);
        faults.AddRange(writes.Validate(write).Errors);
        var groups = faults.Count == 0 ? await GroupsAsync(write.Groups, faults, cancellation) : [];
        if (faults.Count > 0)
            return Refused(faults);
        var outcome = await automations.CreateAsync(
            Workspace, new AutomationDraft(write.Kind, write.Type ?? string.Empty, write.Name!, groups), cancellation);
        if (outcome.Refusal is { } refusal)
            return Refused(refusal);
        var made = AutomationRead.Of(outcome.Value!);
        return CreatedAtRoute(GetOne, new { list = list.ToString().ToLowerInvariant(), uuid = made.Uuid }, made);
    }

    /// <summary>Puts one away: it holds no group any more, from this moment on.</summary>
    /// <param name="list">Its list.</param>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPost("{uuid:guid}/archive", Name = "archiveAutomation")]
    [ProducesResponseType<AutomationRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public Task<IActionResult> Archive(AutomationList list, Guid uuid, CancellationToken cancellation) => ArchiveAsync(list, uuid, true, cancellation);

    /// <summary>Takes one back into use. Refused when one of its groups has been deleted meanwhile, or its name is another's.</summary>
    /// <param name="list">Its list.</param>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPost("{uuid:guid}/restore", Name = "restoreAutomation")]
    [ProducesResponseType<AutomationRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public Task<IActionResult> Restore(AutomationList list, Guid uuid, CancellationToken cancellation) => ArchiveAsync(list, uuid, false, cancellation);

    /// <summary>Deletes one for good, in use or not.</summary>
    /// <param name="list">Its list.</param>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpDelete("{uuid:guid}", Name = "deleteAutomation")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Delete(AutomationList list, Guid uuid, CancellationToken cancellation) =>
        await automations.DeleteAsync(Workspace, KindOf(list), uuid, cancellation) is { } refusal ? Refused(refusal) : NoContent();

    private async Task<IActionResult> ArchiveAsync(AutomationList list, Guid uuid, bool isArchived, CancellationToken cancellation)
    {
        var outcome = await automations.ArchiveAsync(Workspace, KindOf(list), uuid, isArchived, cancellation);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Ok(AutomationRead.Of(outcome.Value!));
    }

    /// <summary>The groups that a request names, each once. What this server's picture lacks is looked for in the database before it is a fault.</summary>
    private async Task<IReadOnlyList<Group>> GroupsAsync(IReadOnlyList<string> references, List<ValidationFailure> faults, CancellationToken cancellation)
    {
        var catalog = await catalogs.GetAsync(Workspace.Id, cancellation);
        if (references.Any(reference => Find(catalog, reference) is null))
            catalog = await catalogs.RefreshAsync(Workspace.Id, cancellation);
        var groups = references.Select(reference => Find(catalog, reference)).ToList();
        for (var i = 0; i < groups.Count; i++)
        {
            if (groups[i] is null)
                faults.Add(new ValidationFailure($"groups[{i}]", "There is no such group."));
        }

        return [.. groups.OfType<Group>().DistinctBy(group => group.Id)];
    }

    private static Group? Find(Catalog catalog, string reference) =>
        (Guid.TryParseExact(reference, "D", out var id) ? catalog.GroupById(id) : null) ?? catalog.GroupByName(reference);

    private static AutomationKind KindOf(AutomationList list) => (AutomationKind)list;
}
