using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Contacts.Data;

/// <summary>A place that the primary's log had reached, and when that was asked.</summary>
/// <param name="At">Timestamp (<see cref="Stopwatch"/>) before the question: what was committed by then lies before the place.</param>
/// <param name="Place">The place.</param>
internal sealed record LogMark(long At, NpgsqlLogSequenceNumber Place);

/// <summary>One standby that reads go to while it has replayed enough of the primary's log.</summary>
internal sealed class ReadReplica : IDisposable
{
    // Seconds; whoever waits longer is better served by the primary.
    private const int Patience = 2;

    private readonly NpgsqlDataSource _pool;
    private long _freshAt;

    /// <summary>A replica; nothing is opened yet.</summary>
    /// <param name="builder">The string for this one host.</param>
    public ReadReplica(NpgsqlConnectionStringBuilder builder)
    {
        var own = new NpgsqlConnectionStringBuilder(builder.ConnectionString) { ApplicationName = "contacts reads", Timeout = Patience };
        Name = $"{own.Host}:{own.Port}";
        _pool = new NpgsqlDataSourceBuilder(own.ConnectionString) { Name = "reads" }.Build();
    }

    /// <summary>Its host and port, for the log.</summary>
    public string Name { get; }

    /// <summary>The timestamp up to which it has everything that was committed; 0 when it is not to be read.</summary>
    public long FreshAt => Volatile.Read(ref _freshAt);

    /// <summary>Not to be read until it is asked again.</summary>
    public void Leave() => Volatile.Write(ref _freshAt, 0);

    /// <summary>Opens a connection.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) => _pool.OpenConnectionAsync(cancellation);

    /// <summary>Asks how far it is.</summary>
    /// <param name="marks">Places of the primary's log, the oldest first.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>Null, or why it can't be read.</returns>
    public async Task<string?> AskAsync(IReadOnlyList<LogMark> marks, CancellationToken stopping)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            limit.CancelAfter(TimeSpan.FromSeconds(Patience));
            await using var connection = await _pool.OpenConnectionAsync(limit.Token);

            // Null on a server that replays nothing: a primary is no replica of another one.
            await using var command = new NpgsqlCommand("SELECT pg_last_wal_replay_lsn()", connection);
            if (await command.ExecuteScalarAsync(limit.Token) is not NpgsqlLogSequenceNumber replayed)
            {
                Leave();
                return "it is no standby";
            }

            var fresh = marks.LastOrDefault(mark => mark.Place <= replayed)?.At ?? 0;
            if (fresh > FreshAt)
                Volatile.Write(ref _freshAt, fresh);
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            Leave();
            return DatabaseWatch.ReasonOf(error);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _pool.Dispose();
}
