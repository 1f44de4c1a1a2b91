using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Hostile;

/// <summary>
/// Where one request ends and the next begins: what a proxy and this server could read in two ways is refused, and its connection ends, so that nobody's bytes become
/// another one's request.
/// </summary>
public sealed partial class FramingTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Smuggled = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: smuggled\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding:\u000bchunked", "0\r\n\r\n")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3", "{}")]
    [InlineData("Content-Length: 2, 2", "{}")]
    [InlineData("Content-Length: 0x2", "{}")]
    [InlineData("Content-Length: 2 2", "{}")]
    [InlineData("Content-Length : 2", "{}")]
    [InlineData("Content-Length: 18446744073709551618", "{}")]
    [InlineData("X-Folded: a\r\n b\r\nContent-Length: 2", "{}")]
    [InlineData("Content-Length: 2\r\nX-Null: \0", "{}")]
    [InlineData("Content-Length: 2\r\nno colon", "{}")]
    public async Task A_body_whose_length_is_in_doubt_is_refused_and_nothing_after_it_is_read(string headers, string body)
    {
        var workspace = await server.NewWorkspaceAsync();
        var answer = await ConverseAsync(Head("POST /api/v2/contacts.json", workspace.Token, $"Content-Type: application/json\r\n{headers}") + body + Smuggled);
        Statuses().Matches(answer).Select(match => match.Groups["status"].Value).ShouldBe(["400"], answer);
        answer.ShouldNotContain("smuggled");
        using var client = new WeniClient(server, workspace);
        (await client.GetAsync("contacts.json")).Results.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2\n{}\r\n0\r\n\r\n")]
    [InlineData("2;x=\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}0\r\n\r\n")]
    [InlineData("ffffffffffffffff2\r\n{}\r\n0\r\n\r\n")]
    [InlineData(" 2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("0x2\r\n{}\r\n0\r\n\r\n")]
    public async Task Chunks_that_can_be_read_in_two_ways_are_refused(string chunks)
    {
        var workspace = await server.NewWorkspaceAsync();
        foreach (var key in new[] { "", "Idempotency-Key: chunks\r\n" })
        {
            foreach (var place in new[] { "/api/v2/contacts.json", "/manage/api/flows" })
            {
                var answer = await ConverseAsync(
                    Head($"POST {place}", workspace.Token, $"Content-Type: application/json\r\n{key}Transfer-Encoding: chunked") + chunks + Smuggled);
                Statuses().Matches(answer).Select(match => match.Groups["status"].Value).ShouldBe(["400"], answer);
                answer.ShouldNotContain("smuggled");
            }
        }
    }

    [Fact]
    public async Task Requests_in_one_piece_are_answered_in_their_order()
    {
        var token = (await server.NewWorkspaceAsync()).Token;
        var requests = string.Concat(Enumerable.Range(0, 60).Select(at => at % 2 == 0
            ? Head("GET /api/v2/contacts.json", token, $"X-Request-Id: pipelined-{at}")
            : Head($"POST /api/v2/contacts.json?urn=ext:{at}", token, $"X-Request-Id: pipelined-{at}\r\nContent-Type: application/json\r\nContent-Length: 2") + "{}"));
        var answer = await ConverseAsync($"{requests}GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Statuses().Matches(answer).Select(match => match.Groups["status"].Value).ShouldBe([.. Enumerable.Range(0, 60).Select(at => at % 2 == 0 ? "200" : "201"), "200"]);
        Ids().Matches(answer).Select(match => match.Groups["id"].Value).ShouldBe(Enumerable.Range(0, 60).Select(at => $"{at}"));
    }

    [Fact]
    public async Task What_follows_a_bad_request_is_not_read()
    {
        var token = (await server.NewWorkspaceAsync()).Token;
        var good = $"GET /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n\r\n";
        var answer = await ConverseAsync($"{good}GET /api/v2/contacts.json HTTP/9.9\r\nHost: localhost\r\n\r\n{Smuggled}");
        Statuses().Matches(answer).Select(match => match.Groups["status"].Value).ShouldBe(["200", "505"]);
        answer.ShouldNotContain("smuggled");
    }

    /// <summary>HTTP/2 is spoken over TLS, or by the proxy; on this port it is told so at once.</summary>
    [Fact]
    public async Task Http2_without_tls_is_turned_away()
    {
        var answer = await ConverseAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
        answer.ShouldNotContain("HTTP/1.1 5");
        answer.ShouldNotContain("HTTP/1.1 2");
        server.Client.DefaultRequestVersion.ShouldBe(new Version(1, 1));
        ((int)(await server.Client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode).ShouldBe(200);
    }

    private static string Head(string line, string token, string headers) =>
        $"{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n{headers}\r\n\r\n";

    private async Task<string> ConverseAsync(string text)
    {
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(text);
        return await connection.ReadToEndAsync(Patience);
    }

    [GeneratedRegex("HTTP/1\\.1 (?<status>[0-9]{3}) ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statuses();

    [GeneratedRegex("X-Request-Id: pipelined-(?<id>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ids();
}
