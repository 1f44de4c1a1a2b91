using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Workspaces;

/// <summary>Removes in the background what was kept of calls and is of no use any more: counts after an hour, answers after a day.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed partial class CallCleaner(IDbContextFactory<ContactsDb> contexts, TimeProvider clock, ILogger<CallCleaner> log) : BackgroundService
{
    private const int Chunk = 1_000;
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
        var offset = await db.Workspaces.Where(workspace => workspace.Id == workspaceId).Select(workspace => workspace.ClockOffsetSeconds).SingleOrDefaultAsync(cancellation);
        var now = clock.Now().AddSeconds(offset);
        int removed;
        do
        {
            removed = await db.IdempotentCalls
                .Where(call => db.IdempotentCalls.Where(row => row.ExpiresOn <= now).OrderBy(row => row.ExpiresOn)
                    .Select(row => row.Id).Take(Chunk).Contains(call.Id))
                .ExecuteDeleteAsync(cancellation);
        }
        while (removed == Chunk);

        var since = now - CallWindow.Hour;
        await db.RequestCounts.Where(row => row.BeganOn <= since).ExecuteDeleteAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Removing old calls failed; it is tried again later.")]
    private static partial void LogFailure(ILogger logger, Exception error);
}
