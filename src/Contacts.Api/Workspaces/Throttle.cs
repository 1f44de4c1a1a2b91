using System.Collections.Concurrent;
using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Workspaces;

/// <summary>
/// Holds each token to its workspace's limit by the hour or by the minute, scope by scope, over all servers of one database. Calls are counted in memory; about once
/// a second each server writes its own counts as rows of its own and reads the others'. So no call waits for the database but a workspace's
/// first one, no row is written by two servers, and two servers together let through at most what comes within that second too much.
/// </summary>
/// <param name="contexts">Where counts are shared.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed partial class Throttle(IDbContextFactory<ContactsDb> contexts, TimeProvider clock, ILogger<Throttle> log) : BackgroundService
{
    private const int RoundsPerFullReading = 60;
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
            await using var db = contexts.Open(workspaceId);
            await WriteAsync(db, calls, cancellation);
            var now = calls.TimeAt(clock.Now());
            if (calls.ForgetWhenIdle(now))
                continue;
            var since = now - (readsAll ? CallWindow.Hour : Recent);
            var rows = await db.RequestCounts.AsNoTracking()
                .Where(row => row.BeganOn > since && row.ServerId != _serverId).ToListAsync(cancellation);
            calls.Learn(rows, now);
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
        await using (var db = contexts.Open(caller.Workspace.Id))
            calls.Learn(await db.RequestCounts.AsNoTracking().Where(row => row.BeganOn > since).ToListAsync(cancellation), calls.TimeAt(clock.Now()));
        return calls.Take(caller.Token.Id, scope, limit, calls.TimeAt(clock.Now()));
    }

    private async Task WriteAsync(ContactsDb db, WorkspaceCalls calls, CancellationToken cancellation)
    {
        var rows = calls.Unwritten();
        if (rows.Count == 0)
            return;
        DateTime[] began = [.. rows.Select(row => row.BeganOn)];
        Guid[] tokens = [.. rows.Select(row => row.TokenId)];
        string[] scopes = [.. rows.Select(row => row.Scope)];
        int[] counts = [.. rows.Select(row => row.Count)];
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO request_counts (workspace_id, began_on, token_id, scope, server_id, count)
             SELECT {db.WorkspaceId}, r.began_on, r.token_id, r.scope, {_serverId}, r.count
             FROM unnest({began}, {tokens}, {scopes}, {counts}) AS r (began_on, token_id, scope, count)
             ON CONFLICT (workspace_id, began_on, token_id, scope, server_id) DO UPDATE SET count = excluded.count
             """,
            cancellation);
        calls.Written(rows);
    }

    [LoggerMessage(Message = "Sharing the counts of calls failed; it is tried again in a moment.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception error);
}
