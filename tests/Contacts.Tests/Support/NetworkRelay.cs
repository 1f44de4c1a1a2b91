using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>
/// The network between a server and its PostgreSQL: passes bytes on, and can refuse, swallow or delay them. It knows nothing of what they say. What it
/// swallowed arrives when it is open again, as after a cut that TCP outlived.
/// </summary>
internal sealed class NetworkRelay : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _database;
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly CancellationTokenSource _end = new();
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private Task _accepting = Task.CompletedTask;

    private NetworkRelay(string database)
    {
        _database = new NpgsqlConnectionStringBuilder(database);
        _open.SetResult();
    }

    /// <summary>The database by way of this.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_database.ConnectionString)
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = true,
        MaxPoolSize = 32,
    }.ConnectionString;

    /// <summary>How long each piece of an answer is under way.</summary>
    public TimeSpan Delay { get; set; }

    private int Port { get; set; }

    /// <summary>Starts one.</summary>
    public static NetworkRelay Listen(string database)
    {
        var relay = new NetworkRelay(database);
        relay.Accept();
        return relay;
    }

    /// <summary>From now on nothing arrives, and nobody is told.</summary>
    public void Swallow() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends all connections and refuses new ones.</summary>
    public async Task RefuseAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _sockets.Keys)
            socket.Dispose();
    }

    /// <summary>The network is there again.</summary>
    public void Open()
    {
        if (_accepting.IsCompleted)
            Accept();
        _open.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _open.TrySetResult();
        await RefuseAsync();
        _end.Dispose();
    }

    private void Accept()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = RelayAsync(await listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It listens no more.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        Socket? postgres = null;
        try
        {
            _sockets[client] = true;
            postgres = await ConnectAsync();
            _sockets[postgres] = true;
            await Task.WhenAny(PassAsync(client, postgres, isAnswer: false), PassAsync(postgres, client, isAnswer: true));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // PostgreSQL is not there, or the network was cut.
        }
        finally
        {
            foreach (var socket in new[] { client, postgres })
            {
                if (socket is not null && _sockets.TryRemove(socket, out _))
                    socket.Dispose();
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
        {
            await _open.Task.WaitAsync(_end.Token);
            if (isAnswer && Delay > TimeSpan.Zero)
                await Task.Delay(Delay, _end.Token);
            await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
        }

        // The end of a connection is told by packets as well.
        await _open.Task.WaitAsync(_end.Token);
    }

    private async Task<Socket> ConnectAsync()
    {
        var host = _database.Host!;
        EndPoint address = host.StartsWith('/') ? new UnixDomainSocketEndPoint($"{host}/.s.PGSQL.{_database.Port}") : new DnsEndPoint(host, _database.Port);
        var socket = address is DnsEndPoint
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, _end.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
