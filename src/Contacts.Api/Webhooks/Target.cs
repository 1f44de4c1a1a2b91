using System.Net;
using System.Net.Sockets;
using Contacts.Urns;

namespace Contacts.Webhooks;

/// <summary>What is wrong with a webhook's URL. The words for it belong to whoever answers.</summary>
public enum TargetFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is no absolute URL, or too long.</summary>
    Malformed,

    /// <summary>It is neither http nor https.</summary>
    Scheme,

    /// <summary>It holds a user name or a password.</summary>
    Credentials,

    /// <summary>It has a fragment, which is never sent.</summary>
    Fragment,

    /// <summary>Its host is, or leads to, an address that the workspace does not allow.</summary>
    Address,
}

/// <summary>
/// Where requests may go. The address is checked when a webhook is made, so that its maker is told, and again at every connection, on the address
/// itself, so that neither a spelling of it nor a change of DNS gets around the check.
/// </summary>
internal static class Target
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // IANA's registries of special addresses: everything that is not for anybody on the Internet.
    private static readonly IPNetwork[] Private = Networks(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20", "64:ff9b:1::/48");

    // No one machine's, whatever a workspace allows.
    private static readonly IPNetwork[] Nobodys = Networks("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8");

    // An IPv6 address that stands for the IPv4 address in its last four bytes.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>Checks a URL's form, and the addresses that its host has now. A host that can't be found may be there later.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="allowsPrivate">Whether the workspace allows private addresses.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<TargetFault> CheckAsync(string url, bool allowsPrivate, CancellationToken cancellation)
    {
        if (CheckForm(url, out var uri) is not TargetFault.None and var fault)
            return fault;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            var addresses = await LookUpAsync(uri!.IdnHost, limit.Token);
            return Array.TrueForAll(addresses, address => Allows(address, allowsPrivate)) ? TargetFault.None : TargetFault.Address;
        }
        catch (Exception error) when (error is SocketException or ArgumentException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return TargetFault.None;
        }
    }

    /// <summary>Checks a URL's form alone.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="uri">The URL taken apart, when nothing is wrong.</param>
    public static TargetFault CheckForm(string url, out Uri? uri)
    {
        uri = null;
        if (url.Length > Webhook.MaxUrlLength || !StorableText.Is(url) || !Uri.TryCreate(url, UriKind.Absolute, out var parsed))
            return TargetFault.Malformed;
        if (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)
            return TargetFault.Scheme;
        if (parsed.UserInfo.Length > 0)
            return TargetFault.Credentials;
        if (parsed.Fragment.Length > 0)
            return TargetFault.Fragment;
        if (parsed.IdnHost.Length == 0)
            return TargetFault.Malformed;
        uri = parsed;
        return TargetFault.None;
    }

    /// <summary>Whether requests may go to an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="allowsPrivate">Whether the workspace allows private addresses.</param>
    public static bool Allows(IPAddress address, bool allowsPrivate)
    {
        var plain = Plain(address);
        if (IsIn(plain, Nobodys))
            return false;
        if (allowsPrivate)
            return true;
        return !IsIn(plain, Private) && (plain.AddressFamily == AddressFamily.InterNetwork || Global.Contains(plain));
    }

    /// <summary>Connects to the first address of a host that may be connected to.</summary>
    /// <param name="host">The host and port.</param>
    /// <param name="allowsPrivate">Whether the workspace allows private addresses.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="TargetRefusedException">There is none.</exception>
    /// <exception cref="SocketException">The host can't be found or reached.</exception>
    public static ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowsPrivate, CancellationToken cancellation) =>
        ConnectAsync(host, allowsPrivate, LookUpAsync, cancellation);

    /// <summary>Connects to the first address that may be connected to of those that a look-up finds now, and to no other: it is not looked up twice.</summary>
    /// <param name="host">The host and port.</param>
    /// <param name="allowsPrivate">Whether the workspace allows private addresses.</param>
    /// <param name="lookUp">Finds a name's addresses.</param>
    /// <param name="cancellation">Stops waiting.</param>
    internal static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint host, bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> lookUp, CancellationToken cancellation)
    {
        var addresses = await lookUp(host.Host, cancellation);
        var allowed = Array.ConvertAll(Array.FindAll(addresses, address => Allows(address, allowsPrivate)), address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        if (allowed.Length == 0)
            throw new TargetRefusedException();
        for (var i = 0; ; i++)
        {
            var socket = new Socket(allowed[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(allowed[i], host.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < allowed.Length - 1)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>A host's addresses. The resolver refuses to look at 0.0.0.0 and ::, which lead to this machine; a dot at the end means the same name.</summary>
    private static Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        var name = host.TrimEnd('.');
        return IPAddress.TryParse(name, out var address) ? Task.FromResult(new[] { address }) : Dns.GetHostAddressesAsync(name, cancellation);
    }

    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(Unscoped(address))
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : Unscoped(address);
    }

    // fe80::1%eth0 is fe80::1 here.
    private static IPAddress Unscoped(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;

    private static bool IsIn(IPAddress address, IPNetwork[] networks) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] texts) => Array.ConvertAll(texts, IPNetwork.Parse);
}

/// <summary>A webhook's host has no address that requests may go to.</summary>
internal sealed class TargetRefusedException() : Exception("The host's address is private, loopback or link-local, which this workspace does not allow.");
