using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Webhooks;

/// <summary>What was sent to a webhook and what came of it; and sending it again.</summary>
/// <param name="contexts">Where the log is kept.</param>
/// <param name="outbox">Is told what is to be sent again.</param>
/// <param name="clock">The clock.</param>
public sealed class DeliveryLog(IDbContextFactory<ContactsDb> contexts, Outbox outbox, TimeProvider clock)
{
    /// <summary>The most attempts of a page.</summary>
    public const int MaxPageSize = 250;

    /// <summary>A webhook's attempts, the last one first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="size">How many.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<WebhookDelivery>> ListAsync(Workspace workspace, Guid webhookId, int size, Cursor? from, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var attempts = db.WebhookDeliveries.AsNoTracking().Where(row => row.WebhookId == webhookId);
        var ordered = from switch
        {
            null => attempts.OrderByDescending(row => row.Id),
            { Backwards: true, Id: var id } => attempts.Where(row => row.Id > id).OrderBy(row => row.Id),
            { Id: var id } => attempts.Where(row => row.Id < id).OrderByDescending(row => row.Id),
        };
        return Page<WebhookDelivery>.Of(await ordered.Take(size + 1).ToListAsync(cancellation), size, from, row => (null, row.Id));
    }

    /// <summary>One attempt, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="id">The attempt's id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<WebhookDelivery?> FindAsync(Workspace workspace, Guid webhookId, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.WebhookDeliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.WebhookId == webhookId, cancellation);
    }

    /// <summary>Puts what an attempt sent back into the outbox, under the same delivery id.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="id">The attempt's id.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    /// <returns>How many events are sent again: 0 when it waits anyway; null when there is no such attempt of a real event.</returns>
    public async Task<int?> ReplayAsync(Workspace workspace, Guid webhookId, Guid id, CancellationToken cancellation)
    {
        if (await FindAsync(workspace, webhookId, id, cancellation) is not { } attempt || attempt.Kind == TestKind)
            return null;
        return await ReplayAsync(workspace, webhookId, attempt.DeliveryId, attempt.DeliveryId, cancellation);
    }

    /// <summary>Puts what happened in a span of time, and was sent, back into the outbox, under the same delivery ids and in the same order.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="since">From this time on.</param>
    /// <param name="until">Until before this time.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    /// <returns>How many events are sent again; those that wait anyway are not among them.</returns>
    public Task<int> ReplayAsync(Workspace workspace, Guid webhookId, DateTime since, DateTime until, CancellationToken cancellation) =>
        ReplayAsync(workspace, webhookId, RowId.First(since), RowId.First(until), cancellation, includesLast: false);

    private static readonly string TestKind = Choices<EventKind>.NameOf(EventKind.Test);

    private async Task<int> ReplayAsync(
        Workspace workspace, Guid webhookId, Guid first, Guid last, CancellationToken cancellation, bool includesLast = true)
    {
        await using var db = contexts.Open(workspace.Id);
        var now = clock.Now();
        var count = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO webhook_outbox (workspace_id, webhook_id, id, subject_id, kind, event, occurred_on, due_on, attempts)
             SELECT DISTINCT ON (d.delivery_id) d.workspace_id, d.webhook_id, d.delivery_id, d.subject_id, d.kind, d.event, {now}::timestamptz, '-infinity', 0
             FROM webhook_deliveries d
             WHERE d.workspace_id = {workspace.Id} AND d.webhook_id = {webhookId} AND d.delivery_id >= {first}
               AND (d.delivery_id < {last} OR ({includesLast} AND d.delivery_id = {last})) AND d.kind <> {TestKind}
             ORDER BY d.delivery_id
             ON CONFLICT (workspace_id, webhook_id, id) DO NOTHING
             """,
            cancellation);
        outbox.Forget(workspace.Id, webhookId);
        return count;
    }
}
