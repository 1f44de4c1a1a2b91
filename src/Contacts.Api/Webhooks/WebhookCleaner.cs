using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Webhooks;

/// <summary>Removes in the background what is old: the log of deliveries, what waited too long for a webhook that is off, and what a deleted webhook left.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="settings">What is old.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class WebhookCleaner(
    IDbContextFactory<ContactsDb> contexts, WebhookSettings settings, TimeProvider clock, ILogger<WebhookCleaner> log)
    : WorkspaceRounds(contexts, TimeSpan.FromMinutes(10), clock, log)
{
    private const int Chunk = 5_000;

    /// <inheritdoc />
    protected override async Task CleanAsync(ContactsDb db, CancellationToken cancellation)
    {
        var since = Clock.Now() - settings.Keep;

        // Ids begin with the time, so the log is pruned along its primary key.
        var first = RowId.First(since);
        await RemoveAsync(Chunk, () => db.WebhookDeliveries.Where(row => db.WebhookDeliveries.Where(old => old.Id < first).OrderBy(old => old.Id)
            .Select(old => old.Id).Take(Chunk).Contains(row.Id)).ExecuteDeleteAsync(cancellation));
        await RemoveAsync(Chunk, () => db.WebhookDeliveries.Where(row => db.WebhookDeliveries
            .Where(old => !db.Webhooks.Any(webhook => webhook.Id == old.WebhookId))
            .Select(old => old.Id).Take(Chunk).Contains(row.Id)).ExecuteDeleteAsync(cancellation));
        await db.WebhookOutbox.Where(row => row.OccurredOn < since || !db.Webhooks.Any(webhook => webhook.Id == row.WebhookId)).ExecuteDeleteAsync(cancellation);
    }
}
