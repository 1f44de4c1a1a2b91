using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Contacts.Tests.Support;

/// <summary>Sends bytes that no HTTP client would send.</summary>
public static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Sends a request, a character being a byte, and reads until the server hangs up.</summary>
    /// <param name="server">The server.</param>
    /// <param name="request">The whole request; it must ask for <c>Connection: close</c> unless the server hangs up by itself.</param>
    /// <returns>The status, 0 without an answer; and the body.</returns>
    public static async Task<(int Status, string Body)> SendAsync(TestServer server, string request)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        var address = new Uri(server.Address);
        await client.ConnectAsync(address.Host, address.Port, timeout.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), timeout.Token);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, timeout.Token);
        }
        catch (IOException)
        {
            // The server hung up while bytes that it did not want were on their way; what it said before counts.
        }

        return Read(Encoding.UTF8.GetString(answer.ToArray()));
    }

    private static (int Status, string Body) Read(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return (0, answer);
        var status = int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);
        var body = answer[(end + 4)..];

        // One chunk is all that a short answer has: its length, itself, and the end.
        return (status, answer[..end].Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? body.Split("\r\n")[1] : body);
    }
}
