namespace Contacts.Tests.Support;

/// <summary>A server that lets few wrong keys pass, believes the proxy on this machine, and whose clock stands still until a test moves it.</summary>
public sealed class GuardedServer : TestServer
{
    /// <summary>How many wrong keys an address may send a minute.</summary>
    public const int WrongPerMinute = 5;

    /// <summary>The server's clock.</summary>
    public ManualClock Hands { get; } = new();

    protected override TimeProvider Clock => Hands;

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Contacts:Keys:WrongPerMinute"] = WrongPerMinute.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Contacts:Proxies"] = "127.0.0.1",
    };
}
