using System.Net;
using System.Net.Sockets;

namespace Contacts.Operations;

/// <summary>The reverse proxies that are believed.</summary>
internal static class ProxySettings
{
    /// <summary>Reads their addresses and networks and adds every fault to a list.</summary>
    public static IReadOnlyList<IPNetwork> Read(IConfiguration configuration, List<string> faults)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in (Setting.Proxies.In(configuration) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (NetworkOf(text) is { } network)
                networks.Add(network);
            else
                faults.Add($"{Setting.Proxies}: \"{text}\" is neither an address nor a network, such as 10.0.0.5 or 10.0.0.0/8.");
        }

        return networks;
    }

    /// <summary>
    /// The network that a text names; an address is a network of one. What .NET would read in another way than it stands there is none:
    /// <c>10.1</c> (10.0.0.1), <c>10.0.0.1/8</c> (10.0.0.0/8).
    /// </summary>
    private static IPNetwork? NetworkOf(string text)
    {
        var parts = text.Split('/');
        var isPlain = text.Contains(':') || text.Count(letter => letter == '.') == 3;
        if (!isPlain || parts.Length > 2 || !IPAddress.TryParse(parts[0], out var address))
            return null;
        var length = parts.Length == 2 ? parts[1] : address.AddressFamily == AddressFamily.InterNetwork ? "32" : "128";
        return IPNetwork.TryParse($"{address}/{length}", out var network) && network.BaseAddress.Equals(address) ? network : null;
    }
}
