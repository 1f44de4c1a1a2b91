using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;
using static Contacts.Data.Parameters;

namespace Contacts.Webhooks;

/// <summary>A webhook that this server may deliver to, as it was when the lease was last renewed.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="AllowsPrivate">Whether its workspace allows private addresses.</param>
/// <param name="ClockOffset">How far the workspace's clock is ahead.</param>
internal sealed record LeasedWebhook(Webhook Webhook, bool AllowsPrivate, TimeSpan ClockOffset);

/// <summary>
/// The right of one server to deliver to one webhook, so that each event is sent once and a contact's events in order. It runs out by itself when its
/// server is stopped. Losing it while requests are under way can repeat those, under the same ids.
/// </summary>
/// <param name="contexts">Where webhooks are kept.</param>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock.</param>
/// <param name="serverId">Who leases.</param>
internal sealed class Lease(IDbContextFactory<ContactsDb> contexts, DatabaseWatch watch, TimeProvider clock, Guid serverId)
{
    /// <summary>How long it holds; it is renewed much more often.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private const string Due =
        """
        SELECT w.workspace_id, w.id FROM webhooks w
        WHERE w.is_active AND (w.leased_until IS NULL OR w.leased_until <= $1 OR w.leased_by = $2)
          AND EXISTS (SELECT FROM webhook_outbox o WHERE o.workspace_id = w.workspace_id AND o.webhook_id = w.id AND o.due_on <= $1)
        """;

    /// <summary>Takes or renews it.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <returns>The webhook as it is now; null when another server has it, or it is off or gone.</returns>
    public async Task<LeasedWebhook?> TakeAsync(Guid workspaceId, Guid webhookId)
    {
        await using var db = contexts.Open(workspaceId);
        var now = clock.Now();
        var taken = await db.Webhooks.FromSql(
            $"""
             UPDATE webhooks SET leased_by = {serverId}, leased_until = {now + Duration}
             WHERE workspace_id = {workspaceId} AND id = {webhookId} AND is_active
               AND (leased_until IS NULL OR leased_until <= {now} OR leased_by = {serverId})
             RETURNING *
             """).IgnoreQueryFilters().AsNoTracking().ToListAsync();
        if (taken is not [var webhook])
            return null;
        var workspace = await db.Workspaces.Where(row => row.Id == workspaceId)
            .Select(row => new { row.AllowsPrivateTargets, row.ClockOffsetSeconds }).SingleAsync();
        return new LeasedWebhook(webhook, workspace.AllowsPrivateTargets, TimeSpan.FromSeconds(workspace.ClockOffsetSeconds));
    }

    /// <summary>Gives it back.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    public async Task ReleaseAsync(Guid workspaceId, Guid webhookId)
    {
        await using var db = contexts.Open(workspaceId);
        await db.Webhooks.Where(row => row.Id == webhookId && row.LeasedBy == serverId).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.LeasedBy, (Guid?)null).SetProperty(row => row.LeasedUntil, (DateTime?)null), CancellationToken.None);
    }

    /// <summary>The webhooks of all workspaces that have something to send now and that this server could lease.</summary>
    /// <param name="cancellation">Stops the query.</param>
    public Task<List<WebhookKey>> FindDueAsync(CancellationToken cancellation) =>
        watch.ListAsync(Due, [Time(clock.Now()), Uuid(serverId)], row => new WebhookKey(row.GetGuid(0), row.GetGuid(1)), cancellation);
}

/// <summary>Names a webhook.</summary>
/// <param name="WorkspaceId">Its workspace.</param>
/// <param name="WebhookId">Its id.</param>
internal sealed record WebhookKey(Guid WorkspaceId, Guid WebhookId);
