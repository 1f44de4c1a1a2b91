using System.Diagnostics;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Hostile;

/// <summary>A server that waits for nobody longer than two seconds.</summary>
public sealed class ImpatientServer : TestServer
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Contacts:Limits:HeaderSeconds"] = "2",
        ["Contacts:Limits:IdleSeconds"] = "2",
        ["Contacts:Limits:SlowSeconds"] = "2",
        ["Contacts:Limits:BytesPerSecond"] = "1000000",
        ["Contacts:Limits:HeaderBytes"] = "2048",
        ["Contacts:Limits:Headers"] = "20",
    };
}

/// <summary>Clients that send or read drop by drop are cut off after the time that the settings allow, and hold up nobody else.</summary>
public sealed class SlowClientTests(ImpatientServer server) : IClassFixture<ImpatientServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task A_head_that_comes_drop_by_drop_is_cut_off_while_others_are_served()
    {
        var token = (await server.NewWorkspaceAsync()).Token;
        using var client = server.NewClient(token);
        var slow = Enumerable.Range(0, 100).Select(_ => DripAsync("GET /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "x")).ToList();
        var slowest = TimeSpan.Zero;
        while (slow.Any(answer => !answer.IsCompleted))
        {
            var start = Stopwatch.GetTimestamp();
            ((int)(await client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative))).StatusCode).ShouldBe(200);
            slowest = new[] { slowest, Stopwatch.GetElapsedTime(start) }.Max();
            await Task.Delay(100);
        }

        slowest.ShouldBeLessThan(FuzzReport.Patience);
        foreach (var answer in await Task.WhenAll(slow))
            answer.ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task A_body_that_comes_drop_by_drop_is_a_408_in_each_dialects_shape()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var whaapy = await WhaapyClient.OfAsync(server, workspace);
        var answers = await Task.WhenAll(
            DripAsync(Head("POST /api/v2/contacts.json", "Token " + workspace.Token), " "),
            DripAsync(Head("POST /api/v2/contacts.json", "Token " + workspace.Token, headers: "Idempotency-Key: slow\r\n"), " "),
            DripAsync(Head("POST /contacts/v1", "Bearer " + whaapy.Key), " "),
            DripAsync(Head("POST /manage/api/flows", "Token " + workspace.Token), " "),
            DripAsync(Head("POST /console/sign-in", "x", "application/x-www-form-urlencoded"), "a"));
        JsonOf(answers[0])["detail"]!.ToString().ShouldBe("Request body came too slowly.");
        JsonOf(answers[1])["detail"]!.ToString().ShouldBe("Request body came too slowly.");
        JsonOf(answers[2])["error"]!.ToString().ShouldBe("bad_request");
        JsonOf(answers[3])["detail"]!.ToString().ShouldBe("Request body came too slowly.");
        answers[3].ShouldContain("application/problem+json");
        answers[4].ShouldStartWith("HTTP/1.1 400 ");
        answers[4].ShouldContain("<!DOCTYPE html>");
        using var client = new WeniClient(server, workspace);
        (await client.GetAsync("contacts.json")).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task Half_a_body_writes_nothing_and_ends()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var half = await RawConnection.OpenAsync(server.Address);
        await half.SendAsync(Head("POST /api/v2/contacts.json", "Token " + workspace.Token) + """{"name":"Ana"}""");
        half.EndSending();
        (await half.ReadToEndAsync(Patience)).ShouldNotContain(" 500 ");
        using var client = new WeniClient(server, workspace);
        (await client.GetAsync("contacts.json")).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_without_requests_ends()
    {
        using var silent = await RawConnection.OpenAsync(server.Address);
        using var used = await RawConnection.OpenAsync(server.Address);
        await used.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var answers = await Task.WhenAll(silent.ReadToEndAsync(Patience), used.ReadToEndAsync(Patience));
        answers[0].ShouldBeEmpty();
        answers[1].ShouldContain("""{"status":"ok"}""");
    }

    [Fact]
    public async Task A_client_that_asks_and_never_reads_is_cut_off()
    {
        using var deaf = await RawConnection.OpenAsync(server.Address, buffer: 4096);
        var request = "GET /swagger/weni-v2/swagger.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
        var start = Stopwatch.GetTimestamp();
        var isHeard = true;
        while (isHeard && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            isHeard = await deaf.SendAsync(request).WaitAsync(limit.Token);
            await Task.Delay(5, limit.Token);
        }

        isHeard.ShouldBeFalse("the server has hung up");
    }

    [Fact]
    public async Task Larger_heads_than_set_are_refused()
    {
        foreach (var headers in new[] { "X-Long: " + new string('x', 3000) + "\r\n", string.Concat(Enumerable.Range(0, 30).Select(at => $"X-{at}: x\r\n")) })
        {
            using var flood = await RawConnection.OpenAsync(server.Address);
            await flood.SendAsync($"GET /health/live HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
            (await flood.ReadToEndAsync(Patience)).ShouldStartWith("HTTP/1.1 431 ");
        }
    }

    private static string Head(string line, string authorization, string type = "application/json", string headers = "") =>
        $"{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nContent-Type: {type}\r\n{headers}Content-Length: 5000\r\n\r\n";

    private static JsonNode JsonOf(string answer)
    {
        answer.ShouldStartWith("HTTP/1.1 408 ");
        var body = answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];
        return JsonNode.Parse(body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)])!;
    }

    /// <summary>Sends the beginning at once, and then one drop after the other until the server has enough of it.</summary>
    private async Task<string> DripAsync(string beginning, string drop)
    {
        using var connection = await RawConnection.OpenAsync(server.Address);
        var answer = connection.ReadToEndAsync(Patience);
        await connection.SendAsync(beginning);
        while (!answer.IsCompleted && await connection.SendAsync(drop))
            await Task.Delay(100);
        return await answer;
    }
}
