using Contacts.Core;
using Contacts.Data;
using static Contacts.Data.Parameters;

namespace Contacts.Workspaces;

/// <summary>Removes in the background what was kept of calls and is of no use any more: counts after an hour, answers after a day.</summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class CallCleaner(DatabaseWatch watch, TimeProvider clock, ILogger<CallCleaner> log)
    : WorkspaceRounds(watch, TimeSpan.FromMinutes(10), clock, log)
{
    private const int Chunk = 1_000;

    private const string RemoveAnswers =
        """
        DELETE FROM idempotent_calls WHERE workspace_id = $1 AND id = ANY (
          ARRAY(SELECT id FROM idempotent_calls WHERE workspace_id = $1 AND expires_on <= $2 ORDER BY expires_on LIMIT $3))
        """;

    private const string RemoveCounts = "DELETE FROM request_counts WHERE workspace_id = $1 AND began_on <= $2";

    /// <inheritdoc />
    protected override async Task CleanAsync(Guid workspaceId, CancellationToken cancellation)
    {
        if (await WorkspaceRows.FindAsync(Watch, workspaceId, cancellation) is not { } workspace)
            return;
        var now = Clock.Now() + workspace.ClockOffset;
        await RemoveAsync(Chunk, () => Watch.ExecuteAsync(RemoveAnswers, [Uuid(workspaceId), Time(now), Integer(Chunk)], cancellation));
        await Watch.ExecuteAsync(RemoveCounts, [Uuid(workspaceId), Time(now - CallWindow.Hour)], cancellation);
    }
}
