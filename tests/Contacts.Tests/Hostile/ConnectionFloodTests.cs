using System.Diagnostics;
using System.Globalization;
using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Hostile;

/// <summary>A server that lets few connections in.</summary>
public sealed class NarrowServer : TestServer
{
    public const int Connections = 40;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Limits:Connections"] = Connections.ToString(CultureInfo.InvariantCulture) };
}

/// <summary>More connections than the settings allow end at once; those before them are served on.</summary>
public sealed class ConnectionLimitTests(NarrowServer server) : IClassFixture<NarrowServer>
{
    private const string Question = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const string End = "\r\n0\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_connection_too_many_ends_at_once_and_room_that_is_left_is_used_again()
    {
        using var before = await RawConnection.OpenAsync(server.Address);
        await AskAsync(before);
        var idle = await ConnectionFloodTests.OpenAsync(server.Address, NarrowServer.Connections - 1);
        foreach (var connection in idle)
            await AskAsync(connection);
        using (var more = await RawConnection.OpenAsync(server.Address))
            (await more.ReadToEndAsync(Patience)).ShouldBeEmpty();
        await AskAsync(before);
        idle.ForEach(connection => connection.Dispose());
        await Operations.Eventually.BecomesTrueAsync(
            async () =>
            {
                using var again = await RawConnection.OpenAsync(server.Address);
                await again.SendAsync(Question);
                return (await again.ReadUntilAsync(End, Patience)).Contains("200 OK", StringComparison.Ordinal);
            },
            "there is room again");
    }

    private static async Task AskAsync(RawConnection connection)
    {
        await connection.SendAsync(Question);
        (await connection.ReadUntilAsync(End, Patience)).ShouldContain("200 OK");
    }
}

/// <summary>Thousands of connections that ask nothing, or half of something: whoever asks is answered as before, and all of it is given back.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class ConnectionFloodTests(ITestOutputHelper output)
{
    [Fact]
    public Task Idle_connections_hold_up_nobody() => HoldAsync(500);

    [Fact]
    [Trait("Soak", "Yes")]
    public Task Ten_thousand_idle_connections_hold_up_nobody() => HoldAsync(10_000);

    /// <summary>Opens connections.</summary>
    internal static async Task<List<RawConnection>> OpenAsync(string address, int count)
    {
        var connections = new List<RawConnection>(count);
        for (var i = 0; i < count; i++)
            connections.Add(await RawConnection.OpenAsync(address));
        return connections;
    }

    private async Task HoldAsync(int count)
    {
        await using var target = await FuzzTarget.StartAsync("--Contacts:Limits:HeaderSeconds=60");
        (await target.AskAsync()).ShouldBe(200);
        var before = (target.Megabytes, target.Handles);
        var idle = await OpenAsync(target.Address, count);

        // Every other one is in the middle of a head that may be large.
        foreach (var connection in idle.Where((_, at) => at % 2 == 0))
            await connection.SendAsync($"POST /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nX-Flood: {new string('x', 4000)}");
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 50; i++)
        {
            var start = Stopwatch.GetTimestamp();
            (await target.AskAsync()).ShouldBe(200);
            slowest = new[] { slowest, Stopwatch.GetElapsedTime(start) }.Max();
        }

        var during = (target.Megabytes, target.Handles);
        during.Handles.ShouldBeGreaterThan(count, "all of them are open");
        idle.ForEach(connection => connection.Dispose());
        await Operations.Eventually.BecomesTrueAsync(() => target.Handles < before.Handles + 50, "all of them are given back");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} connections: {before.Megabytes:0} MB before, {during.Megabytes:0} MB during, {target.Megabytes:0} MB after; "
            + $"the slowest of 50 answers took {slowest.TotalMilliseconds:0} ms"));
        slowest.ShouldBeLessThan(FuzzReport.Patience);
        ((during.Megabytes - before.Megabytes) * 1024 / count).ShouldBeLessThan(100, "kilobytes for each connection");
        target.Errors.ShouldBeEmpty();
    }
}
