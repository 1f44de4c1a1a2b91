using Contacts.Core;
using Contacts.Data;
using static Contacts.Data.Parameters;

namespace Contacts.Webhooks;

/// <summary>Removes in the background what is old: the log of deliveries, what waited too long for a webhook that is off, and what a deleted webhook left.</summary>
/// <param name="watch">Opens connections.</param>
/// <param name="settings">What is old.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class WebhookCleaner(DatabaseWatch watch, WebhookSettings settings, TimeProvider clock, ILogger<WebhookCleaner> log)
    : WorkspaceRounds(watch, TimeSpan.FromMinutes(10), clock, log)
{
    private const int Chunk = 5_000;

    // Ids begin with the time, so the log is pruned along its primary key.
    private const string RemoveOldDeliveries =
        """
        DELETE FROM webhook_deliveries WHERE workspace_id = $1 AND id = ANY (
          ARRAY(SELECT id FROM webhook_deliveries WHERE workspace_id = $1 AND id < $2 ORDER BY id LIMIT $3))
        """;

    private const string RemoveDeliveriesOfNobody =
        """
        DELETE FROM webhook_deliveries WHERE workspace_id = $1 AND id = ANY (
          ARRAY(SELECT d.id FROM webhook_deliveries d
                WHERE d.workspace_id = $1 AND NOT EXISTS (SELECT FROM webhooks w WHERE w.workspace_id = $1 AND w.id = d.webhook_id) LIMIT $2))
        """;

    private const string RemoveEvents =
        """
        DELETE FROM webhook_outbox o WHERE o.workspace_id = $1
          AND (o.occurred_on < $2 OR NOT EXISTS (SELECT FROM webhooks w WHERE w.workspace_id = $1 AND w.id = o.webhook_id))
        """;

    /// <inheritdoc />
    protected override async Task CleanAsync(Guid workspaceId, CancellationToken cancellation)
    {
        var since = Clock.Now() - settings.Keep;
        var first = RowId.First(since);
        await RemoveAsync(Chunk, () => Watch.ExecuteAsync(RemoveOldDeliveries, [Uuid(workspaceId), Uuid(first), Integer(Chunk)], cancellation));
        await RemoveAsync(Chunk, () => Watch.ExecuteAsync(RemoveDeliveriesOfNobody, [Uuid(workspaceId), Integer(Chunk)], cancellation));
        await Watch.ExecuteAsync(RemoveEvents, [Uuid(workspaceId), Time(since)], cancellation);
    }
}
