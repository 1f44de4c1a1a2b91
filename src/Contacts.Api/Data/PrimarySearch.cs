using System.Net.Sockets;
using Npgsql;

namespace Contacts.Data;

/// <summary>
/// Looks for the server that takes writes: asks every host again and again, all at once, so that one that swallows packets delays nobody. Whoever takes
/// the connection found disposes of it.
/// </summary>
internal sealed class PrimarySearch : IDisposable
{
    private const string Ask = "SELECT pg_is_in_recovery()";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end;
    private readonly TaskCompletionSource<NpgsqlConnection> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _untried;

    private PrimarySearch(int hosts, CancellationToken stopping)
    {
        _untried = hosts;
        _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>Completes with an open connection to a server that takes writes.</summary>
    public Task<NpgsqlConnection> Found => _found.Task;

    /// <summary>Completes when every host has failed once, with the last one's reason.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Begins to look.</summary>
    /// <param name="hosts">A data source for each host, without a pool.</param>
    /// <param name="stopping">Ends the search.</param>
    public static PrimarySearch Start(IReadOnlyList<NpgsqlDataSource> hosts, CancellationToken stopping)
    {
        var search = new PrimarySearch(hosts.Count, stopping);
        foreach (var host in hosts)
            _ = search.FollowAsync(host);
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
        _found.TrySetCanceled();
    }

    private async Task FollowAsync(NpgsqlDataSource host)
    {
        var end = _end.Token;
        for (var isFirst = true; !end.IsCancellationRequested; isFirst = false)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await host.OpenConnectionAsync(end);
                if (!await IsPrimaryAsync(connection))
                    throw new NpgsqlException("The server is a standby and takes no writes.");
                if (_found.TrySetResult(connection))
                    return;
                throw new OperationCanceledException(end);
            }
            catch (Exception error) when (error is NpgsqlException or SocketException or IOException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                if (connection is not null)
                    await connection.DisposeAsync();
                if (isFirst && Interlocked.Decrement(ref _untried) == 0)
                    _failed.TrySetResult(error);
            }

            await Task.Delay(Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
