using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Contacts.Operations;

/// <summary>
/// What one client may take of the server: connections, headers, and how slowly it may send and read. <c>Contacts:MaxBodyBytes</c> stands beside these.
/// </summary>
/// <param name="Connections">How many connections may be open at once; a further one is closed at once.</param>
/// <param name="HeaderBytes">The largest head of a request without its first line, in bytes.</param>
/// <param name="Headers">How many headers a request may have.</param>
/// <param name="HeaderTime">How long a head may take to arrive.</param>
/// <param name="IdleTime">How long a connection may stay open without a request.</param>
/// <param name="BytesPerSecond">How many bytes a second a body must bring, and an answer must be read with, on average.</param>
/// <param name="SlowTime">How long both may stay below that.</param>
/// <param name="Streams">How many requests may be under way at once on one connection of HTTP/2.</param>
internal sealed record LimitSettings(
    int Connections, int HeaderBytes, int Headers, TimeSpan HeaderTime, TimeSpan IdleTime, int BytesPerSecond, TimeSpan SlowTime, int Streams)
{
    private const string ConnectionsKey = "Contacts:Limits:Connections";
    private const string HeaderBytesKey = "Contacts:Limits:HeaderBytes";
    private const string HeadersKey = "Contacts:Limits:Headers";
    private const string HeaderTimeKey = "Contacts:Limits:HeaderSeconds";
    private const string IdleTimeKey = "Contacts:Limits:IdleSeconds";
    private const string BytesPerSecondKey = "Contacts:Limits:BytesPerSecond";
    private const string SlowTimeKey = "Contacts:Limits:SlowSeconds";
    private const string StreamsKey = "Contacts:Limits:Streams";

    // Fewer would refuse what every client sends.
    private const int FewestHeaderBytes = 1024;
    private const int FewestHeaders = 10;

    /// <summary>Reads the settings and adds every fault to a list.</summary>
    public static LimitSettings Read(IConfiguration configuration, List<string> faults) => new(
        ServerSettings.ReadNumber(configuration, ConnectionsKey, 15_000, 1_000_000, faults),
        ServerSettings.ReadNumber(configuration, HeaderBytesKey, 16_384, 1_048_576, faults, FewestHeaderBytes),
        ServerSettings.ReadNumber(configuration, HeadersKey, 100, 1_000, faults, FewestHeaders),
        ReadTime(configuration, HeaderTimeKey, 15, faults),
        ReadTime(configuration, IdleTimeKey, 120, faults),
        ServerSettings.ReadNumber(configuration, BytesPerSecondKey, 240, 1_000_000, faults),
        ReadTime(configuration, SlowTimeKey, 5, faults),
        ServerSettings.ReadNumber(configuration, StreamsKey, 100, 1_000, faults));

    /// <summary>Gives the limits to the HTTP server.</summary>
    /// <param name="kestrel">Its settings.</param>
    /// <param name="maxBodyBytes">The largest body, in bytes.</param>
    public void Apply(KestrelServerOptions kestrel, long maxBodyBytes)
    {
        kestrel.AddServerHeader = false;

        // A key with a stray letter is a bad key, which its dialect answers; Kestrel would answer an empty 400 to what is no UTF-8.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = Connections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = maxBodyBytes;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = Headers;
        limits.RequestHeadersTimeout = HeaderTime;
        limits.KeepAliveTimeout = IdleTime;
        limits.MinRequestBodyDataRate = new MinDataRate(BytesPerSecond, SlowTime);
        limits.MinResponseDataRate = new MinDataRate(BytesPerSecond, SlowTime);
        limits.Http2.MaxStreamsPerConnection = Streams;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderBytes;
    }

    private static TimeSpan ReadTime(IConfiguration configuration, string key, int usual, List<string> faults) =>
        TimeSpan.FromSeconds(ServerSettings.ReadNumber(configuration, key, usual, 3600, faults, least: 2));
}
