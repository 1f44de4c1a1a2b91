using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Contacts.Data;

/// <summary>
/// Sends lists and searches of contacts to standbys, when there are any (decision 27). A workspace is read from one only while it has replayed everything that
/// this server wrote there, and is no further behind than <see cref="MaxAge"/>: what one server wrote, its next request sees, and the others see it within two
/// seconds, as ever. When there is none such, or one fails, the primary is read.
/// </summary>
public sealed partial class ReadReplicas : BackgroundService
{
    /// <summary>How far behind a replica may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // Places remembered of the primary's log: those of somewhat more than MaxAge.
    private const int MaxMarks = 10;

    private readonly DatabaseWatch _watch;
    private readonly ILogger<ReadReplicas> _log;
    private readonly ReadReplica[] _replicas;
    private readonly ConcurrentDictionary<Guid, long> _written = new();
    private int _turn;

    /// <summary>Replicas; none is opened yet.</summary>
    /// <param name="connectionString">Their hosts; null for none.</param>
    /// <param name="prepares">Whether statements are prepared.</param>
    /// <param name="provider">The program's services.</param>
    public ReadReplicas(string? connectionString, bool prepares, IServiceProvider provider)
    {
        _watch = provider.GetRequiredService<DatabaseWatch>();
        _log = provider.GetRequiredService<ILogger<ReadReplicas>>();
        _replicas = connectionString is null
            ? []
            : [.. BookConnections.PerHost(BookConnections.BuilderOf(connectionString, prepares)).Select(host => new ReadReplica(host))];
    }

    /// <summary>Reads from a replica that has what it must have, else from the primary.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="read">Reads; may be called a second time, with another connection.</param>
    /// <param name="cancellation">Stops the query.</param>
    internal async Task<T> ReadAsync<T>(Guid workspaceId, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        if (Choose(workspaceId) is { } replica)
        {
            try
            {
                await using var connection = await replica.OpenAsync(cancellation);
                return await read(connection);
            }
            catch (Exception error) when (error is DbException or InvalidOperationException or TimeoutException && !cancellation.IsCancellationRequested)
            {
                // It went, or replayed what this query still looked at. Npgsql calls it an invalid operation when a connection breaks in the wrong moment.
                replica.Leave();
                LogFailed(_log, replica.Name, DatabaseWatch.ReasonOf(error));
            }
        }

        await using var primary = await _watch.OpenBookAsync(cancellation);
        return await read(primary);
    }

    /// <summary>Called after a commit that changed contacts, before anybody is told of it.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public void Wrote(Guid workspaceId)
    {
        if (_replicas.Length > 0)
            _written[workspaceId] = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        foreach (var replica in _replicas)
            replica.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var marks = new List<LogMark>();
        var faults = new string?[_replicas.Length];
        while (_replicas.Length > 0 && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, stoppingToken);
                marks.Add(await MarkAsync(stoppingToken));
                if (marks.Count > MaxMarks)
                    marks.RemoveAt(0);
                var before = faults;
                faults = await Task.WhenAll(_replicas.Select(replica => replica.AskAsync(marks, stoppingToken)));
                Tell(before, faults);
                Forget(marks[0].At);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // Without the primary nobody knows how fresh a replica is. A new one begins a log of its own.
                marks.Clear();
                Array.ForEach(_replicas, replica => replica.Leave());
            }
        }
    }

    private ReadReplica? Choose(Guid workspaceId)
    {
        if (_replicas.Length == 0)
            return null;
        var written = _written.GetValueOrDefault(workspaceId);
        var first = (uint)Interlocked.Increment(ref _turn);
        for (var i = 0u; i < _replicas.Length; i++)
        {
            var replica = _replicas[(first + i) % _replicas.Length];
            if (replica.FreshAt > written && Stopwatch.GetElapsedTime(replica.FreshAt) < MaxAge)
                return replica;
        }

        return null;
    }

    private async Task<LogMark> MarkAsync(CancellationToken stopping)
    {
        var at = Stopwatch.GetTimestamp();
        await using var connection = await _watch.OpenBookAsync(stopping);
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_lsn()", connection);
        return new LogMark(at, (NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(stopping))!);
    }

    /// <summary>One line when a replica can't be read, one when it can again.</summary>
    private void Tell(string?[] before, string?[] now)
    {
        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] is { } fault && before[i] is null)
                LogAway(_log, _replicas[i].Name, fault);
            else if (now[i] is null && before[i] is not null)
                LogBack(_log, _replicas[i].Name);
        }
    }

    /// <summary>Forgets writes that every replica which may be read has.</summary>
    private void Forget(long before)
    {
        foreach (var written in _written)
        {
            if (written.Value < before)
                _written.TryRemove(written);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The replica {Replica} is not read: {Reason}.")]
    private static partial void LogAway(ILogger logger, string replica, string reason);

    [LoggerMessage(LogLevel.Warning, "The replica {Replica} is there again.")]
    private static partial void LogBack(ILogger logger, string replica);

    [LoggerMessage(LogLevel.Warning, "A read at the replica {Replica} failed and was made at the primary: {Reason}")]
    private static partial void LogFailed(ILogger logger, string replica, string reason);
}
