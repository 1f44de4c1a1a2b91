using System.Diagnostics;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>
/// A transaction of the test's own that holds rows, so that racing calls pile up at exactly the place where they would overtake each other,
/// and go on together when the door opens. What is a matter of luck otherwise happens every time.
/// </summary>
public sealed class HeldDoor : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly NpgsqlConnection _holder;
    private readonly NpgsqlConnection _watcher;

    private HeldDoor(NpgsqlConnection holder, NpgsqlConnection watcher) => (_holder, _watcher) = (holder, watcher);

    /// <summary>Runs a statement and keeps its locks.</summary>
    /// <param name="server">The server whose calls shall wait.</param>
    /// <param name="sql">The statement, with parameters <c>$1</c>, <c>$2</c>, …</param>
    /// <param name="values">The parameters.</param>
    public static async Task<HeldDoor> CloseAsync(TestServer server, string sql, params object[] values)
    {
        var door = new HeldDoor(await OpenAsync(server), await OpenAsync(server));
        await using var begin = new NpgsqlCommand("BEGIN", door._holder);
        await begin.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, door._holder);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
        return door;
    }

    /// <summary>Waits until so many calls stand before the door.</summary>
    public async Task UntilWaitingAsync(int calls)
    {
        const string waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        var since = Stopwatch.GetTimestamp();
        await using var command = new NpgsqlCommand(waiting, _watcher);
        while ((long)(await command.ExecuteScalarAsync())! < calls)
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, $"{calls} calls should wait for the held rows");
            await Task.Delay(2);
        }
    }

    /// <summary>Waits until a call stands before this very door, where there are several.</summary>
    public async Task UntilBlockingAsync()
    {
        var since = Stopwatch.GetTimestamp();
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))", _watcher);
        command.Parameters.Add(new NpgsqlParameter { Value = _holder.ProcessID });
        while (!(bool)(await command.ExecuteScalarAsync())!)
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, "a call should wait for these held rows");
            await Task.Delay(2);
        }
    }

    /// <summary>Opens the door and undoes what was written.</summary>
    public Task RollBackAsync() => EndAsync("ROLLBACK");

    /// <summary>Opens the door; what was written stays.</summary>
    public Task CommitAsync() => EndAsync("COMMIT");

    public async ValueTask DisposeAsync()
    {
        await _holder.DisposeAsync();
        await _watcher.DisposeAsync();
    }

    private async Task EndAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _holder);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestServer server)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.Database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
