using System.Diagnostics;
using Npgsql;

namespace Contacts.Data;

/// <summary>A server that takes writes.</summary>
/// <param name="Host">Its number.</param>
/// <param name="Connection">An open connection to it.</param>
/// <param name="Took">How long it took to say so.</param>
internal sealed record Primary(int Host, NpgsqlConnection Connection, TimeSpan Took);

/// <summary>
/// Looks for the server that takes writes: asks every host again and again, all at once, so that one that swallows packets delays nobody. Whoever takes
/// the connection found disposes of it.
/// </summary>
internal sealed class PrimarySearch : IDisposable
{
    private const string Ask = "SELECT pg_is_in_recovery()";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AttemptPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AttemptLife = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end;
    private readonly TaskCompletionSource<Primary> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _fault;
    private int _untried;

    private PrimarySearch(int hosts, CancellationToken stopping)
    {
        _untried = hosts;
        _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>Completes with an open connection to a server that takes writes.</summary>
    public Task<Primary> Found => _found.Task;

    /// <summary>Completes when every host has failed once, with the last one's reason.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Begins to look.</summary>
    /// <param name="hosts">A data source for each host, without a pool.</param>
    /// <param name="stopping">Ends the search.</param>
    public static PrimarySearch Start(IReadOnlyList<NpgsqlDataSource> hosts, CancellationToken stopping)
    {
        var search = new PrimarySearch(hosts.Count, stopping);
        for (var number = 0; number < hosts.Count; number++)
            _ = search.FollowAsync(number, hosts[number]);
        return search;
    }

    /// <summary>Whether a server takes writes; a standby does not.</summary>
    /// <param name="connection">An open connection to it.</param>
    public static async Task<bool> IsPrimaryAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(Ask, connection);
        return await command.ExecuteScalarAsync() is false;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();

        // Who finds one now keeps it, and closes it.
        _found.TrySetCanceled();
    }

    private async Task FollowAsync(int number, NpgsqlDataSource host)
    {
        var end = _end.Token;
        for (var isFirst = true; !end.IsCancellationRequested;)
        {
            // One whose packets were swallowed is of no use when the network is back, and one at a slow server takes its time: both go on for a while.
            var attempt = TryAsync(number, host, end);
            await Task.WhenAny(attempt, Task.Delay(AttemptPause, end));
            if (isFirst && attempt.IsCompleted)
            {
                isFirst = false;
                if (Interlocked.Decrement(ref _untried) == 0)
                    _failed.TrySetResult(_fault!);
            }

            await Task.Delay(Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryAsync(int number, NpgsqlDataSource host, CancellationToken end)
    {
        NpgsqlConnection? connection = null;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(end);
        life.CancelAfter(AttemptLife);
        try
        {
            connection = await host.OpenConnectionAsync(life.Token);
            var asked = Stopwatch.GetTimestamp();
            if (!await IsPrimaryAsync(connection))
                throw new NpgsqlException("The server is a standby and takes no writes.");
            if (_found.TrySetResult(new Primary(number, connection, Stopwatch.GetElapsedTime(asked))))
                connection = null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _fault = error;
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }
}
