using Contacts.Core;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>Flows: list. They are made in the web interface or through the management API.</summary>
/// <param name="automations">The workspaces' automations.</param>
[Route("/api/v2/flows.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class FlowsController(AutomationService automations) : ControllerBase
{
    /// <summary>Lists flows, the newest first.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        if (!CursorPages.TryRead(Request.Query, out var from))
            return CursorPages.Invalid;
        var query = Read(new QueryFilters(Request.Query));
        var page = query is null
            ? Page<GroupedAutomation>.Empty
            : await automations.ListAsync(
                HttpContext.Caller().Workspace, query with { From = from, PageSize = CursorPages.SizeOf(Request.Query) }, cancellation);
        return CursorPages.Answer(Request, page, (json, flow) => FlowRead.Write(json, flow.Automation));
    }

    /// <returns>The query; null when a filter is malformed, so that nothing matches.</returns>
    private static AutomationQuery? Read(QueryFilters filters)
    {
        Guid? id = null;
        DateTime? until = null, since = null;
        if (!filters.TryUuid("uuid", ref id) || !filters.TryTime("before", ref until) || !filters.TryTime("after", ref since))
            return null;
        var type = filters.Given("type");
        return type?.Contains('\0') == true
            ? null
            : new AutomationQuery(AutomationKind.Flow)
            {
                Id = id,
                Type = type,
                IsArchived = filters.Given("archived") is null ? null : filters.IsTrue("archived"),
                ModifiedUntil = until,
                ModifiedSince = since,
            };
    }
}
