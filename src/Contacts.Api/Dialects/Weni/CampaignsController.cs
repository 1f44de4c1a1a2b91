using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>Campaigns: list, create, update.</summary>
/// <param name="automations">The workspaces' automations.</param>
/// <param name="groups">Finds groups.</param>
/// <param name="validator">The shape of a body.</param>
[Route("/api/v2/campaigns.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class CampaignsController(AutomationService automations, GroupReferences groups, IValidator<CampaignWrite> validator) : ControllerBase
{
    private static readonly AutomationQuery InUse = new(AutomationKind.Campaign) { IsArchived = false };

    /// <summary>Lists the campaigns in use, the newest first.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        if (!CursorPages.TryRead(Request.Query, out var from))
            return CursorPages.Invalid;
        var uuid = Request.Query["uuid"].LastOrDefault() ?? string.Empty;
        Guid? id = LookUp.TryUuid(uuid, out var parsed) ? parsed : null;
        var page = uuid.Length > 0 && id is null
            ? Page<GroupedAutomation>.Empty
            : await automations.ListAsync(
                HttpContext.Caller().Workspace, InUse with { Id = id, PageSize = CursorPages.SizeOf(Request.Query), From = from }, cancellation);
        return CursorPages.Answer(Request, page, CampaignRead.Write);
    }

    /// <summary>Creates a campaign for a group; with <c>?uuid=</c> changes its name and group.</summary>
    [HttpPost]
    public async Task<IActionResult> Write(CancellationToken cancellation)
    {
        var workspace = HttpContext.Caller().Workspace;
        var (lookUp, refused) = LookUp.Read(Request.Query, Endpoints.Campaigns, workspace, isRequired: false);
        if (refused is not null)
            return refused;
        if (lookUp.Parameter is not null && !await ExistsAsync(workspace, lookUp, cancellation))
            return Errors.NotFound;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal;
        var faults = new List<ValidationFailure>();
        var write = CampaignWrite.Read(body.Object, faults);
        faults.AddRange(validator.Validate(write).Errors);
        var group = write.Group is null ? null : await groups.FindAsync(workspace, write.Group, "group", isStatic: false, faults, cancellation);
        if (faults.Count > 0)
            return Errors.Invalid(faults);

        var draft = new AutomationDraft(AutomationKind.Campaign, string.Empty, write.Name!, [group!]);
        var outcome = lookUp.Uuid is { } id
            ? await automations.UpdateAsync(workspace, id, draft, cancellation)
            : await automations.CreateAsync(workspace, draft, cancellation);
        if (outcome.Refusal is { } refusal)
            return Errors.Of(refusal, Endpoints.Campaigns.Name);
        var status = lookUp.Parameter is null ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return new JsonAnswer(status, json => CampaignRead.Write(json, outcome.Value!));
    }

    private async Task<bool> ExistsAsync(Workspace workspace, LookUp lookUp, CancellationToken cancellation) =>
        lookUp.Uuid is { } id && (await automations.ListAsync(workspace, InUse with { Id = id }, cancellation)).Items.Count > 0;
}
