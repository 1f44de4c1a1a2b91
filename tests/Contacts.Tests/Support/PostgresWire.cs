using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>
/// Stands between a server and its PostgreSQL and writes down what goes over the wire: the statements that PostgreSQL runs, and how often
/// the server waits for it. Nothing that a library does behind our backs is missed, and PostgreSQL needs no settings.
/// </summary>
public sealed class PostgresWire : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _database;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _statements = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Socket, bool> _clients = new();
    private volatile bool _isAway;
    private CommitLoss? _loss;
    private int _commitsBefore;
    private int _roundTrips;

    private PostgresWire(string database) => _database = new NpgsqlConnectionStringBuilder(database);

    /// <summary>The database by way of this.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_database.ConnectionString)
    {
        Host = IPAddress.Loopback.ToString(),
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Starts listening.</summary>
    public static PostgresWire Listen(string database)
    {
        var wire = new PostgresWire(database);
        wire._listener.Start();
        _ = wire.AcceptAsync();
        return wire;
    }

    /// <summary>What goes over the wire while something is done.</summary>
    public async Task<(string[] Statements, int RoundTrips)> DuringAsync(Func<Task> action)
    {
        _statements.Clear();
        Interlocked.Exchange(ref _roundTrips, 0);
        await action();
        return ([.. _statements], _roundTrips);
    }

    /// <summary>Whether the database is away: its connections are cut, and new ones refused.</summary>
    public bool IsAway
    {
        get => _isAway;
        set
        {
            _isAway = value;
            foreach (var client in value ? _clients.Keys : [])
                client.Dispose();
        }
    }

    /// <summary>Loses the connection of a COMMIT.</summary>
    /// <param name="loss">How.</param>
    /// <param name="after">How many others come before it.</param>
    public void Lose(CommitLoss loss, int after = 0) => (_commitsBefore, _loss) = (after, loss);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket accepted)
    {
        using var client = accepted;
        if (IsAway)
            return;
        _clients[client] = true;
        using var postgres = await ConnectAsync();
        await using var here = new NetworkStream(client);
        await using var there = new NetworkStream(postgres);
        var answers = new PostgresAnswers(there, here);
        try
        {
            await Task.WhenAny(ListenAsync(here, there, answers), answers.PassOnAsync(_end.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One side hung up.
        }
        finally
        {
            _clients.TryRemove(client, out _);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var host = _database.Host!;
        EndPoint address = host.StartsWith('/') ? new UnixDomainSocketEndPoint($"{host}/.s.PGSQL.{_database.Port}") : new DnsEndPoint(host, _database.Port);
        var socket = address is DnsEndPoint
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address, _end.Token);
        return socket;
    }

    /// <summary>Passes messages on: a kind (the first message of a connection has none), a length, the rest.</summary>
    private async Task ListenAsync(NetworkStream client, NetworkStream postgres, PostgresAnswers answers)
    {
        var prepared = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var isFirst = true; ; isFirst = false)
        {
            var head = new byte[isFirst ? 4 : 5];
            await client.ReadExactlyAsync(head, _end.Token);
            var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4];
            await client.ReadExactlyAsync(rest, _end.Token);
            if (!isFirst && WriteDown((char)head[0], rest, prepared) == "COMMIT" && NextLoss() is { } loss)
            {
                if (loss.When == LostWhen.Before)
                {
                    await loss.HappenAsync();
                    return;
                }

                answers.Lose(loss);
            }

            await postgres.WriteAsync(head, _end.Token);
            await postgres.WriteAsync(rest, _end.Token);
        }
    }

    private CommitLoss? NextLoss() => _loss is not null && Interlocked.Decrement(ref _commitsBefore) < 0 ? Interlocked.Exchange(ref _loss, null) : null;

    /// <returns>The statement that is to be run, or null.</returns>
    private string? WriteDown(char kind, byte[] message, Dictionary<string, string> prepared)
    {
        var (first, second) = Texts(message);
        switch (kind)
        {
            case 'P':
                prepared[first] = second;
                break;
            case 'B':
                _statements.Enqueue(prepared[second]);
                return prepared[second];
            case 'Q':
                _statements.Enqueue(first);
                Interlocked.Increment(ref _roundTrips);
                return first;
            case 'S':
                Interlocked.Increment(ref _roundTrips);
                break;
        }

        return null;
    }

    /// <summary>The first two texts of a message, each ended by a zero byte.</summary>
    private static (string First, string Second) Texts(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf((byte)0);
        if (end < 0)
            return ("", "");
        var rest = message[(end + 1)..];
        var length = rest.IndexOf((byte)0);
        return (Encoding.UTF8.GetString(message[..end]), length < 0 ? "" : Encoding.UTF8.GetString(rest[..length]));
    }
}
