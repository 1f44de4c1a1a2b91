using Contacts.Data;

namespace Contacts.Core;

/// <summary>Work in the background that is done again and again, with a pause between: a round that fails is told of, and the next one tries again.</summary>
/// <param name="pause">How long it rests between two rounds.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told; its name tells whose.</param>
public abstract partial class Rounds(TimeSpan pause, TimeProvider clock, ILogger log) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>One round. Several servers may run it at once.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public abstract Task CleanAsync(CancellationToken cancellation);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CleanAsync(stoppingToken);
                await RestAsync(pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailure(log, error.Level(), error);
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits for the next round.</summary>
    /// <param name="time">How long.</param>
    /// <param name="cancellation">Ends the work.</param>
    protected virtual Task RestAsync(TimeSpan time, CancellationToken cancellation) => Task.Delay(time, clock, cancellation);

    [LoggerMessage(Message = "A round of work in the background failed; it is tried again later.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception error);
}

/// <summary>Rounds that go from workspace to workspace.</summary>
/// <param name="watch">Opens connections.</param>
/// <param name="pause">How long it rests between two rounds.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public abstract class WorkspaceRounds(DatabaseWatch watch, TimeSpan pause, TimeProvider clock, ILogger log) : Rounds(pause, clock, log)
{
    /// <summary>Opens connections.</summary>
    protected DatabaseWatch Watch => watch;

    /// <summary>One round over all workspaces. Several servers may run it at once.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public override async Task CleanAsync(CancellationToken cancellation)
    {
        foreach (var workspace in await WorkspaceRows.IdsAsync(watch, cancellation))
            await CleanAsync(workspace, cancellation);
    }

    /// <summary>What a round does in one workspace.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops between statements.</param>
    protected abstract Task CleanAsync(Guid workspaceId, CancellationToken cancellation);

    /// <summary>Removes what may be many rows, one statement after the other, so that none holds many rows for long.</summary>
    /// <param name="chunk">The most rows of one statement.</param>
    /// <param name="remove">Removes a chunk and answers how many rows it had.</param>
    protected static async Task RemoveAsync(int chunk, Func<Task<int>> remove)
    {
        ArgumentNullException.ThrowIfNull(remove);
        while (await remove() == chunk)
        {
            // The next chunk.
        }
    }
}
