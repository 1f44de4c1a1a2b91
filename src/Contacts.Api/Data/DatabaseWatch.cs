using System.Diagnostics;
using Npgsql;

namespace Contacts.Data;

/// <summary>
/// Knows whether the database is there (decision 24). It asks on a connection of its own, four times a second. The database is away when every host refuses a
/// new connection, or when for a while nothing at all comes from it, to this question or to anybody's: a slow answer is none, while others are
/// answered. While it is away nobody waits for it: connections that say nothing are hung up on, and whoever wants one is told at once. One line in the log
/// tells that it went, one that it came back.
/// </summary>
public sealed partial class DatabaseWatch : BackgroundService
{
    private const string Silent = "it says nothing";

    private readonly BookConnections _connections;
    private readonly ILogger<DatabaseWatch> _log;
    private readonly SignsOfLife _signs = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile Presence _presence = new(null, new CancellationTokenSource());
    private volatile bool _isRunning;
    private TaskCompletionSource<bool> _next = NewAnswer();

    /// <summary>A watch.</summary>
    /// <param name="connections">The connections to the database.</param>
    /// <param name="log">Where it tells that the database went or came.</param>
    public DatabaseWatch(BookConnections connections, ILogger<DatabaseWatch> log) => (_connections, _log) = (connections, log);

    /// <summary>Whether the database is away.</summary>
    public bool IsAway => _presence.AwaySince is not null;

    /// <summary>The timestamp (<see cref="Stopwatch"/>) of the database's last sign before it went; null while it is there.</summary>
    public long? AwaySince => _presence.AwaySince;

    /// <summary>Whether the database is there: the answer to a question that is asked after this was called.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<bool> IsThereAsync(CancellationToken cancellation)
    {
        if (!_isRunning || IsAway)
            return !IsAway;
        var next = Volatile.Read(ref _next).Task;
        Wake();
        return await next.WaitAsync(cancellation);
    }

    /// <summary>Opens a connection for the write engine or a look-up; gives up in the moment in which the database goes away.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="DatabaseAwayException">When the database is away.</exception>
    /// <exception cref="NpgsqlException">When it can't be opened.</exception>
    public ValueTask<NpgsqlConnection> OpenEngineAsync(CancellationToken cancellation) => OpenAsync(_connections.Engine, cancellation);

    /// <summary>Opens a connection for anything else, as <see cref="OpenEngineAsync"/> does.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="DatabaseAwayException">When the database is away.</exception>
    /// <exception cref="NpgsqlException">When it can't be opened.</exception>
    public ValueTask<NpgsqlConnection> OpenBookAsync(CancellationToken cancellation) => OpenAsync(_connections.Book, cancellation);

    /// <summary>Opens a connection; gives up in the moment in which the database goes away.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="DatabaseAwayException">When the database is away.</exception>
    /// <exception cref="NpgsqlException">When it can't be opened.</exception>
    internal async Task OpenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var end = _presence.End.Token;
        ThrowIfAway();
        using var both = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, end) : null;
        try
        {
            await connection.OpenAsync(both?.Token ?? end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new DatabaseAwayException();
        }
    }

    /// <summary>Finds the host that takes writes, before the watch itself begins.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NpgsqlException">When every host refused.</exception>
    public async Task ChooseHostAsync(CancellationToken cancellation)
    {
        if (_connections.Watches.Count == 1)
            return;
        using var search = PrimarySearch.Start(_connections.Watches, cancellation);
        await Task.WhenAny(search.Found, search.Failed).WaitAsync(cancellation);
        if (!search.Found.IsCompletedSuccessfully)
            throw new NpgsqlException("No host takes writes.", await search.Failed);
        var found = await search.Found;
        _connections.Follow(found.Host);
        await found.Connection.DisposeAsync();
    }

    /// <summary>Refuses when the database is away.</summary>
    /// <exception cref="DatabaseAwayException">When it is.</exception>
    public void ThrowIfAway()
    {
        if (IsAway)
            throw new DatabaseAwayException();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _signs.Dispose();
        _wake.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _isRunning = true;
        try
        {
            while (true)
            {
                var found = await FindAsync(stoppingToken);
                _signs.Took(found.Took);
                Return(found.Host);
                await FollowAsync(found.Connection, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops, and the database may go on without being watched.
            _isRunning = false;
            Answer(!IsAway);
        }
    }

    /// <summary>A new connection for the watch. The database is away when there is none at once.</summary>
    private async Task<Primary> FindAsync(CancellationToken stopping)
    {
        using var search = PrimarySearch.Start(_connections.Watches, stopping);
        if (!IsAway && !await _signs.WaitAsync(Task.WhenAny(search.Found, search.Failed), stopping))
            Leave(Silent, SignsOfLife.Silence);
        else if (!IsAway && !search.Found.IsCompleted)
            Leave(ReasonOf(await search.Failed), TimeSpan.Zero);
        return await search.Found.WaitAsync(stopping);
    }

    /// <summary>Asks on a connection until that fails. Whether it is the database then or this connection alone, the next search tells.</summary>
    private async Task FollowAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        var question = Task.FromResult(true);
        TaskCompletionSource<bool>? next = null;
        try
        {
            while (await IsAnsweredAsync(question))
            {
                await _wake.WaitAsync(SignsOfLife.Pause, stopping);

                // Whoever asks from now on is answered by the question after this one.
                next = Interlocked.Exchange(ref _next, NewAnswer());
                question = PrimarySearch.IsPrimaryAsync(connection);
                if (!await _signs.WaitAsync(question, stopping))
                {
                    Leave(Silent, SignsOfLife.Silence);
                    return;
                }

                if (await IsAnsweredAsync(question))
                    next.SetResult(true);
                else
                    _ = PassOnAsync(Volatile.Read(ref _next).Task, next);
                next = null;
            }
        }
        finally
        {
            next?.SetResult(!IsAway);
            _ = EndAsync(connection, question);
        }
    }

    private static async Task<bool> IsAnsweredAsync(Task<bool> question)
    {
        try
        {
            return await question;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static async Task PassOnAsync(Task<bool> answer, TaskCompletionSource<bool> asked) => asked.SetResult(await answer);

    /// <summary>Nobody waits for a question that is never answered.</summary>
    private static async Task EndAsync(NpgsqlConnection connection, Task<bool> question)
    {
        await IsAnsweredAsync(question);
        await connection.DisposeAsync();
    }

    private void Leave(string reason, TimeSpan silence)
    {
        var before = _presence;
        _presence = new Presence(Stopwatch.GetTimestamp() - (long)(silence.TotalSeconds * Stopwatch.Frequency), new CancellationTokenSource());
        LogAway(_log, reason);
        if (silence > TimeSpan.Zero)
            _connections.HangUp();

        // Off this path: whoever waited goes on there.
        _ = before.End.CancelAsync();
        _connections.Clear();
        Answer(false);
    }

    private void Return(int host)
    {
        _connections.Follow(host);
        if (_presence.AwaySince is { } since)
        {
            // What the pools hold from before is broken.
            _connections.Clear();
            _presence = new Presence(null, new CancellationTokenSource());
            LogBack(_log, Stopwatch.GetElapsedTime(since).TotalSeconds);
        }

        Answer(true);
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(NpgsqlDataSource pool, CancellationToken cancellation)
    {
        var connection = pool.CreateConnection();
        try
        {
            await OpenAsync(connection, cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private void Answer(bool isThere) => Interlocked.Exchange(ref _next, NewAnswer()).TrySetResult(isThere);

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }

    /// <summary>Why a connection failed, in one line for the log.</summary>
    /// <param name="error">What it failed with.</param>
    internal static string ReasonOf(Exception error) => (error.InnerException ?? error).Message.ReplaceLineEndings(" ");

    private static TaskCompletionSource<bool> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Error, "The database is away: {Reason}. Calls are answered with 503 until it is back.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The database is back after {Seconds:0.0} s.")]
    private static partial void LogBack(ILogger logger, double seconds);

    /// <summary>A time in which the database was there, or away.</summary>
    /// <param name="AwaySince">Since when it is away; null when it is there.</param>
    /// <param name="End">Cancelled when that is over.</param>
    private sealed record Presence(long? AwaySince, CancellationTokenSource End);
}
