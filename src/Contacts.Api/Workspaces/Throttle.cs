using System.Collections.Concurrent;
using Contacts.Core;
using Contacts.Data;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Workspaces;

/// <summary>
/// Holds each token to its workspace's limit by the hour or by the minute, scope by scope, over all servers of one database. Calls are counted in memory; about once
/// a second each server writes its own counts as rows of its own and reads the others'. So no call waits for the database but a workspace's
/// first one, no row is written by two servers, and two servers together let through at most what comes within that second too much.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed partial class Throttle(DatabaseWatch watch, TimeProvider clock, ILogger<Throttle> log) : BackgroundService
{
    private const int RoundsPerFullReading = 60;
    private const string Counted =
        "SELECT began_on, token_id, scope, server_id, count FROM request_counts WHERE workspace_id = $1 AND began_on > $2 AND server_id <> $3";

    private const string Count =
        """
        INSERT INTO request_counts (workspace_id, began_on, token_id, scope, server_id, count)
        SELECT $1, r.began_on, r.token_id, r.scope, $2, r.count
        FROM unnest($3::timestamptz[], $4::uuid[], $5::text[], $6::integer[]) AS r (began_on, token_id, scope, count)
        ON CONFLICT (workspace_id, began_on, token_id, scope, server_id) DO UPDATE SET count = excluded.count
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Buckets that may still grow: one minute of calls, and time for a slow writer. A full reading once a minute finds what came later.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<Guid, WorkspaceCalls> _workspaces = new();

    // A new name at each start: what this server counted before is read like another's.
    private readonly Guid _serverId = Guid.CreateVersion7();
    private int _rounds;

    /// <summary>Counts one call, unless its token made as many within the scope's period as its workspace allows. A refused call is not counted.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="scope">What it is counted under, as the dialect names it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Null when the call may pass; else the time after which to try again.</returns>
    public ValueTask<TimeSpan?> TakeAsync(Caller caller, string scope, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if ((CallWindow.CountsByTheMinute(scope) ? caller.Workspace.MinuteLimit : caller.Workspace.HourlyLimit) is not { } limit)
            return default;
        var calls = _workspaces.GetOrAdd(caller.Workspace.Id, static (id, server) => new WorkspaceCalls(id, server), _serverId);
        var now = calls.Follow(caller.Workspace, clock.Now());
        return calls.IsKnown
            ? ValueTask.FromResult(calls.Take(caller.Token.Id, scope, limit, now))
            : ReadAndTakeAsync(calls, caller, scope, limit, cancellation);
    }

    /// <summary>One round of writing this server's counts and reading the others'.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public async Task ShareAsync(CancellationToken cancellation)
    {
        var readsAll = _rounds++ % RoundsPerFullReading == 0;
        foreach (var (workspaceId, calls) in _workspaces)
        {
            if (!calls.IsKnown)
                continue;
            await WriteAsync(workspaceId, calls, cancellation);
            var now = calls.TimeAt(clock.Now());
            if (calls.ForgetWhenIdle(now))
                continue;
            var since = now - (readsAll ? CallWindow.Hour : Recent);
            calls.Learn(await ReadAsync(workspaceId, since, _serverId, cancellation), now);
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await ShareAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogFailure(log, error.Level(), error);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, clock, stoppingToken);
                await ShareAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailure(log, error.Level(), error);
            }
        }
    }

    private async ValueTask<TimeSpan?> ReadAndTakeAsync(WorkspaceCalls calls, Caller caller, string scope, int limit, CancellationToken cancellation)
    {
        var since = calls.TimeAt(clock.Now()) - CallWindow.Hour;
        calls.Learn(await ReadAsync(caller.Workspace.Id, since, Guid.Empty, cancellation), calls.TimeAt(clock.Now()));
        return calls.Take(caller.Token.Id, scope, limit, calls.TimeAt(clock.Now()));
    }

    /// <summary>The counts since a time, of every server but one.</summary>
    private Task<List<RequestCount>> ReadAsync(Guid workspaceId, DateTime since, Guid but, CancellationToken cancellation) => watch.ListAsync(
        Counted,
        [Uuid(workspaceId), Time(since), Uuid(but)],
        row => new RequestCount
        {
            WorkspaceId = workspaceId,
            BeganOn = row.GetDateTime(0),
            TokenId = row.GetGuid(1),
            Scope = row.GetString(2),
            ServerId = row.GetGuid(3),
            Count = row.GetInt32(4),
        },
        cancellation);

    private async Task WriteAsync(Guid workspaceId, WorkspaceCalls calls, CancellationToken cancellation)
    {
        var rows = calls.Unwritten();
        if (rows.Count == 0)
            return;
        NpgsqlParameter[] parameters =
        [
            Uuid(workspaceId), Uuid(_serverId), Times([.. rows.Select(row => row.BeganOn)]), Uuids([.. rows.Select(row => row.TokenId)]),
            Texts([.. rows.Select(row => row.Scope)]), Integers([.. rows.Select(row => row.Count)]),
        ];
        await watch.ExecuteAsync(Count, parameters, cancellation);
        calls.Written(rows);
    }

    [LoggerMessage(Message = "Sharing the counts of calls failed; it is tried again in a moment.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception error);
}
