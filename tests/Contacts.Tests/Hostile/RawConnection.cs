using System.Net.Sockets;
using System.Text;

namespace Contacts.Tests.Hostile;

/// <summary>A connection whose bytes a test chooses one by one.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;

    private RawConnection(Socket socket) => _socket = socket;

    /// <summary>Connects.</summary>
    /// <param name="address">The server.</param>
    /// <param name="buffer">How much of answers the system holds for the test, in bytes; null for the usual.</param>
    public static async Task<RawConnection> OpenAsync(string address, int? buffer = null)
    {
        var uri = new Uri(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (buffer is { } bytes)
            socket.ReceiveBufferSize = bytes;
        await socket.ConnectAsync(uri.Host, uri.Port);
        return new RawConnection(socket);
    }

    /// <summary>Sends a text, a character being a byte.</summary>
    /// <returns>Whether the server still listens.</returns>
    public async Task<bool> SendAsync(string text)
    {
        try
        {
            await _socket.SendAsync(Encoding.Latin1.GetBytes(text));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Ends its own half.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>All that the server says until it hangs up.</summary>
    public async Task<string> ReadToEndAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, limit.Token) is var read and > 0)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // It hung up the hard way; what it said before counts.
        }

        return answer.ToString();
    }

    /// <summary>What the server says up to an end that the test knows, or until it hangs up.</summary>
    public async Task<string> ReadUntilAsync(string end, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var answer = "";
        var buffer = new byte[16 * 1024];
        while (!answer.EndsWith(end, StringComparison.Ordinal) && await _socket.ReceiveAsync(buffer, limit.Token) is var read and > 0)
            answer += Encoding.Latin1.GetString(buffer, 0, read);
        return answer;
    }

    public void Dispose() => _socket.Dispose();
}
