using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Webhooks;

/// <summary>Removes in the background what is old: the log of deliveries, what waited too long for a webhook that is off, and what a deleted webhook left.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="settings">What is old.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed partial class WebhookCleaner(
    IDbContextFactory<ContactsDb> contexts, WebhookSettings settings, TimeProvider clock, ILogger<WebhookCleaner> log) : BackgroundService
{
    private const int Chunk = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>One round over all workspaces. Several servers may run it at once.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        List<Guid> workspaces;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
            workspaces = await db.Workspaces.Select(workspace => workspace.Id).ToListAsync(cancellation);
        foreach (var workspace in workspaces)
            await CleanAsync(workspace, cancellation);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CleanAsync(stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailure(log, error);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CleanAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        var since = clock.Now() - settings.Keep;

        // Ids begin with the time, so the log is pruned along its primary key.
        var first = RowId.First(since);
        await RemoveAsync(() => db.WebhookDeliveries.Where(row => db.WebhookDeliveries.Where(old => old.Id < first).OrderBy(old => old.Id)
            .Select(old => old.Id).Take(Chunk).Contains(row.Id)).ExecuteDeleteAsync(cancellation));
        await RemoveAsync(() => db.WebhookDeliveries.Where(row => db.WebhookDeliveries
            .Where(old => !db.Webhooks.Any(webhook => webhook.Id == old.WebhookId))
            .Select(old => old.Id).Take(Chunk).Contains(row.Id)).ExecuteDeleteAsync(cancellation));
        await db.WebhookOutbox.Where(row => row.OccurredOn < since || !db.Webhooks.Any(webhook => webhook.Id == row.WebhookId)).ExecuteDeleteAsync(cancellation);
    }

    private static async Task RemoveAsync(Func<Task<int>> remove)
    {
        while (await remove() == Chunk)
        {
            // One statement after the other, so that none holds many rows for long.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Removing old deliveries failed; it is tried again later.")]
    private static partial void LogFailure(ILogger logger, Exception error);
}
