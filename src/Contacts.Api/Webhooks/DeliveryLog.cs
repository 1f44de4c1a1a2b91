using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Webhooks;

/// <summary>Which attempts: all filters given must match.</summary>
public sealed record DeliveryFilter
{
    /// <summary>Only those that failed.</summary>
    public bool FailedOnly { get; init; }

    /// <summary>Only events of this kind, by its name in snake case.</summary>
    public string? Kind { get; init; }

    /// <summary>Only those about this contact or stage.</summary>
    public Guid? SubjectId { get; init; }
}

/// <summary>An event on its way.</summary>
/// <param name="Row">The event.</param>
/// <param name="BehindUntil">When an earlier event of the same contact, which holds this one back, is tried again; null when none does.</param>
public sealed record WaitingEvent(OutboxRow Row, DateTime? BehindUntil)
{
    /// <summary>When it is tried at the earliest; null for at once.</summary>
    public DateTime? NextOn => BehindUntil ?? (Row.Attempts > 0 ? Row.DueOn : null);
}

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
    /// <param name="filter">Which attempts; null for all.</param>
    public async Task<Page<WebhookDelivery>> ListAsync(
        Workspace workspace, Guid webhookId, int size, Cursor? from, CancellationToken cancellation, DeliveryFilter? filter = null)
    {
        await using var db = contexts.Open(workspace.Id);
        var attempts = db.WebhookDeliveries.AsNoTracking().Where(row => row.WebhookId == webhookId);
        if (filter is { FailedOnly: true })
            attempts = attempts.Where(row => row.Error != null);
        if (filter is { Kind: { } kind })
            attempts = attempts.Where(row => row.Kind == kind);
        if (filter is { SubjectId: { } subject })
            attempts = attempts.Where(row => row.SubjectId == subject);
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

    /// <summary>The attempts of one delivery, the first one first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="deliveryId">The delivery's id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<WebhookDelivery>> AttemptsAsync(Workspace workspace, Guid webhookId, Guid deliveryId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.WebhookDeliveries.AsNoTracking().Where(row => row.WebhookId == webhookId && row.DeliveryId == deliveryId)
            .OrderBy(row => row.Id).Take(MaxPageSize).ToListAsync(cancellation);
    }

    /// <summary>The events that wait for a webhook, in the order in which they are sent.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="size">How many.</param>
    /// <param name="after">The event after which the page begins; null for the first page.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <returns>At most one more than were asked for, which says that there are more.</returns>
    public async Task<IReadOnlyList<WaitingEvent>> WaitingAsync(Workspace workspace, Guid webhookId, int size, Guid? after, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = contexts.Open(workspace.Id);
        var rows = db.WebhookOutbox.AsNoTracking().Where(row => row.WebhookId == webhookId);
        if (after is { } last)
            rows = rows.Where(row => row.Id > last);
        return await rows.OrderBy(row => row.Id).Take(size + 1)
            .Select(row => new WaitingEvent(
                row,
                db.WebhookOutbox.Where(ahead => ahead.WebhookId == webhookId && ahead.SubjectId == row.SubjectId && ahead.Attempts > 0 && ahead.DueOn > now && ahead.Id < row.Id)
                    .Max(ahead => (DateTime?)ahead.DueOn)))
            .ToListAsync(cancellation);
    }

    /// <summary>How many events wait for a webhook, counted up to a limit.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="limit">How far to count.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<int> CountWaitingAsync(Workspace workspace, Guid webhookId, int limit, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.WebhookOutbox.Where(row => row.WebhookId == webhookId).Take(limit).CountAsync(cancellation);
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
