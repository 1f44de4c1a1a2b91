using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Contacts.Data;

/// <summary>
/// Hangs up on a database that says nothing. Whoever waits for an answer on a connection then learns at once that it is lost, as when PostgreSQL had closed
/// it: Npgsql can't be told to give up waiting, since it asks PostgreSQL first whether it may. Linux only; elsewhere a call waits for its statement's timeout.
/// </summary>
internal static class SilentConnections
{
    private const string Open = "/proc/self/fd";

    /// <summary>Closes this process's connections to a database in both directions; what was not sent yet never is.</summary>
    /// <param name="ports">The TCP ports of its hosts: nothing else of ours connects to those.</param>
    /// <param name="sockets">The paths of its Unix sockets.</param>
    /// <returns>How many there were.</returns>
    public static int HangUp(IReadOnlySet<int> ports, IReadOnlySet<string> sockets)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var count = 0;
        foreach (var entry in Directory.EnumerateFileSystemEntries(Open))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && IsSocket(entry) && HangUp(number, ports, sockets))
                count++;
        }

        return count;
    }

    private static bool IsSocket(string entry)
    {
        try
        {
            return new FileInfo(entry).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool HangUp(int number, IReadOnlySet<int> ports, IReadOnlySet<string> sockets)
    {
        try
        {
            // Not ours to close: Npgsql does that when it notices.
            using var socket = new Socket(new SafeSocketHandle(number, ownsHandle: false));
            var isDatabase = socket.RemoteEndPoint switch
            {
                IPEndPoint address => ports.Contains(address.Port),
                UnixDomainSocketEndPoint path => sockets.Contains(path.ToString()),
                _ => false,
            };
            if (!isDatabase)
                return false;

            // Without it the system would go on sending what is left, a COMMIT perhaps, when the network is back.
            if (socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Shutdown(SocketShutdown.Both);
            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or NotSupportedException)
        {
            // It listens, is not connected, or was closed meanwhile.
            return false;
        }
    }
}
