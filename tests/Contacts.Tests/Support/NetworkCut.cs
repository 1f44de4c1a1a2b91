using System.Net;
using System.Net.Sockets;

namespace Contacts.Tests.Support;

/// <summary>
/// A network between a server and its PostgreSQL that can be cut in the ways in which networks are: with a reset, or silently, so that neither side is
/// told; for good, or for a while after which everything arrives late.
/// </summary>
internal sealed class NetworkCut : IAsyncDisposable
{
    private readonly Func<EndPoint> _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Link> _links = [];
    private bool _refuses;
    private bool _silencesStatements;
    private bool _silencesAnswers;

    private NetworkCut(Func<EndPoint> target) => _target = target;

    /// <summary>The port on loopback that leads to PostgreSQL.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts listening.</summary>
    /// <param name="target">Where PostgreSQL is now.</param>
    public static NetworkCut Listen(Func<EndPoint> target)
    {
        var network = new NetworkCut(target);
        network._listener.Start();
        _ = network.AcceptAsync();
        return network;
    }

    /// <summary>Ends all connections with a reset on both sides, and refuses new ones.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _refuses = true;
            foreach (var link in _links)
                link.Reset();
            _links.Clear();
        }
    }

    /// <summary>Lets nothing through any more and tells nobody.</summary>
    /// <param name="answersOnly">Whether what the server sends still arrives.</param>
    public void Silence(bool answersOnly)
    {
        lock (_lock)
        {
            (_silencesStatements, _silencesAnswers) = (!answersOnly, true);
            foreach (var link in _links)
                link.Silence(!answersOnly);
        }
    }

    /// <summary>The network is back.</summary>
    /// <param name="forgets">
    /// Whether what was on its way is lost: the server's side is told, PostgreSQL's never. Else it arrives now, late.
    /// </param>
    public void Mend(bool forgets)
    {
        lock (_lock)
        {
            (_refuses, _silencesStatements, _silencesAnswers) = (false, false, false);
            foreach (var link in _links.Where(link => link.IsSilent))
                link.Mend(forgets);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        lock (_lock)
            _links.ForEach(link => link.Reset());
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

    private async Task ServeAsync(Socket server)
    {
        using var link = new Link(server);
        lock (_lock)
        {
            if (_refuses)
            {
                link.Reset();
                return;
            }

            if (_silencesAnswers)
                link.Silence(_silencesStatements);
            _links.Add(link);
        }

        try
        {
            await link.CarryAsync(_target(), _end.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side hung up, or the test is over.
        }
        finally
        {
            lock (_lock)
                _links.Remove(link);
        }
    }

    /// <summary>One connection.</summary>
    private sealed class Link(Socket server) : IDisposable
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource? _statements;
        private TaskCompletionSource? _answers;
        private Socket? _postgres;
        private bool _isReset;
        private bool _isForgotten;

        public bool IsSilent => _answers is not null && !_isForgotten;

        public async Task CarryAsync(EndPoint target, CancellationToken end)
        {
            var postgres = target is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp);
            lock (_lock)
            {
                _postgres = postgres;
                if (_isReset)
                    Close(postgres);
            }

            await postgres.ConnectAsync(target, end);
            server.NoDelay = true;
            await await Task.WhenAny(
                PassOnAsync(server, postgres, () => _statements, end), PassOnAsync(postgres, server, () => _answers, end));
        }

        public void Silence(bool statementsToo)
        {
            lock (_lock)
            {
                _answers ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (statementsToo)
                    _statements ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Mend(bool forgets)
        {
            lock (_lock)
            {
                if (forgets)
                {
                    // What stands at a gate stays there: PostgreSQL goes on believing in a server that is not there any more.
                    _isForgotten = true;
                    _statements ??= new TaskCompletionSource();
                    Close(server);
                    return;
                }

                _statements?.SetResult();
                _answers?.SetResult();
                (_statements, _answers) = (null, null);
            }
        }

        public void Reset()
        {
            lock (_lock)
            {
                _isReset = true;
                Close(server);
                if (_postgres is not null)
                    Close(_postgres);
            }
        }

        public void Dispose()
        {
            server.Dispose();
            _postgres?.Dispose();
        }

        private static void Close(Socket socket)
        {
            try
            {
                // With a reset, and not in order.
                if (socket.AddressFamily != AddressFamily.Unix)
                    socket.LingerState = new LingerOption(enable: true, 0);
                socket.Close();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }
        }

        private static async Task PassOnAsync(Socket from, Socket to, Func<TaskCompletionSource?> gate, CancellationToken end)
        {
            var buffer = new byte[64 * 1024];
            while (true)
            {
                var count = await ReceiveAsync(from, buffer, end);

                // The end of a connection does not get through a silent network either.
                while (gate() is { } closed)
                    await closed.Task.WaitAsync(end);
                if (count == 0)
                    return;
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), end);
            }
        }

        private static async Task<int> ReceiveAsync(Socket from, byte[] buffer, CancellationToken end)
        {
            try
            {
                return await from.ReceiveAsync(buffer, end);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }
    }
}
