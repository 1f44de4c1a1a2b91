using System.Text;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>
/// Request lines and headers that no client sends by itself. What reaches the dialect is answered in its shape; what is no HTTP, or larger
/// than the server reads, ends before it, with a 4xx. Whatever came, the next request works.
/// </summary>
public sealed class HostileRequestTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, int> Credentials() => new()
    {
        { "Authorization:", 403 },
        { "Authorization: ", 403 },
        { "Authorization: Token", 403 },
        { "Authorization: Token  ", 403 },
        { "Authorization: Token\t{token}", 403 },
        { "Authorization: Token {token} {token}", 403 },
        { "Authorization: Token {token}, Token {token}", 403 },
        { "Authorization: Token {token}\r\nAuthorization: Token {token}", 403 },
        { "Authorization: Token \"{token}\"", 403 },
        { "Authorization: Token \u00e9\u00ff\u0080", 403 },
        { "Authorization: \u00ff\u00fe {token}", 403 },
        { "Authorization: Bearer {token}", 403 },
        { "Authorization: {token}", 403 },
        { "Authorization: Basic", 403 },
        { "Authorization: Basic {token}", 403 },
        { "Authorization: Basic ====", 403 },
        { "Authorization: Basic Og==", 403 },
        { "Authorization: Basic /////w==", 403 },
        { "Authorization: Basic AAAAAA==", 403 },
        { "Authorization: Digest username=\"x\"", 403 },
        { "Authorization: Token " + new string('f', 8_000), 403 },
        { "Authorization: Basic " + new string('A', 8_000), 403 },
        { "Proxy-Authorization: Token {token}", 403 },
        { "Authorization: token {token}", 200 },
    };

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task Garbage_for_credentials_is_a_403(string header, int expected)
    {
        var workspace = await server.NewWorkspaceAsync();
        var (status, body) = await SendAsync("GET", "/api/v2/contacts.json", header.Replace("{token}", workspace.Token, StringComparison.Ordinal));
        status.ShouldBe(expected, body);
        JsonNode.Parse(body).ShouldBeOfType<JsonObject>();
        await NextWorksAsync(workspace);
    }

    [Theory]
    [InlineData("PUT", 405)]
    [InlineData("PATCH", 405)]
    [InlineData("OPTIONS", 405)]
    [InlineData("TRACE", 405)]
    [InlineData("FOO", 405)]
    [InlineData("get", 405)]
    [InlineData("PROPFIND", 405)]
    [InlineData("G'ET", 405)]
    [InlineData("X-HTTP-Method-Override", 405)]
    public async Task A_method_that_nobody_offers_is_a_405(string method, int expected)
    {
        var workspace = await server.NewWorkspaceAsync();
        foreach (var endpoint in new[] { "contacts", "fields", "groups", "campaigns" })
        {
            var (status, body) = await SendAsync(method, $"/api/v2/{endpoint}.json", Token(workspace));
            status.ShouldBe(expected, body);
            body.ShouldBe($$"""{"detail":"Method \"{{method}}\" not allowed."}""");
        }

        await NextWorksAsync(workspace);
    }

    [Theory]
    [InlineData("/api/v2/%63ontacts.json", 200)]
    [InlineData("/api/v2/contacts.json%2F", 404)]
    [InlineData("/api/v2/contacts%2ejson", 200)]
    [InlineData("/api/v2/contacts.json%", 404)]
    [InlineData("/api/v2/contacts.json%zz", 404)]
    [InlineData("/api/v2/contacts.json%ff", 404)]
    [InlineData("/api/v2/contacts.json%c0%af", 404)]
    [InlineData("/api/v2/contacts.json;x=y", 404)]
    [InlineData("/api/v2/CONTACTS.json", 404)]
    [InlineData("/api/v2//contacts.json", 404)]
    [InlineData("/api/v2/./contacts.json", 200)]
    [InlineData("/api/v2/../v2/contacts.json", 200)]
    [InlineData("/api/v2/nosuch.json", 404)]
    [InlineData("/api/v2/contacts.json?%", 200)]
    [InlineData("/api/v2/contacts.json?=&&=x&%=%&%00=%00&a", 200)]
    [InlineData("/api/v2/contacts.json?uuid[]=x&uuid[$ne]=x", 200)]
    [InlineData("/api/v2/contacts.json?limit=1&limit=%00&limit=-1&limit=1e9", 200)]
    [InlineData("/api/v2/contacts.json?urn=%00", 400)]
    [InlineData("/api/v2/contacts.json?cursor=%00", 404)]
    [InlineData("/api/v2/groups.json?name=%00&uuid=%00", 400)]
    public async Task A_strange_url_is_answered_in_the_dialects_shape(string url, int expected)
    {
        var workspace = await server.NewWorkspaceAsync();
        var (status, body) = await SendAsync("GET", url, Token(workspace));
        status.ShouldBe(expected, body);
        JsonNode.Parse(body).ShouldBeOfType<JsonObject>();
        await NextWorksAsync(workspace);
    }

    [Theory]
    [InlineData("contacts", "uuid urn name search group before after deleted reverse order_by limit cursor")]
    [InlineData("fields", "key limit cursor")]
    [InlineData("groups", "uuid name limit cursor")]
    [InlineData("campaigns", "uuid limit cursor")]
    public async Task A_long_query_value_is_no_500(string endpoint, string parameters)
    {
        var workspace = await server.NewWorkspaceAsync();
        foreach (var parameter in parameters.Split(' '))
        {
            foreach (var value in new[] { new string('x', 7_000), new string('9', 7_000), "ext:" + new string('x', 7_000), string.Concat(Enumerable.Repeat("%00", 2_000)) })
            {
                foreach (var method in new[] { "GET", "POST", "DELETE" })
                {
                    var (status, body) = await SendAsync(method, $"/api/v2/{endpoint}.json?{parameter}={value}", Token(workspace));
                    status.ShouldBeInRange(200, 499, $"{method} {endpoint} {parameter}");
                    JsonNode.Parse(body).ShouldBeOfType<JsonObject>();
                }
            }
        }

        await NextWorksAsync(workspace);
    }

    [Theory]
    [InlineData("Accept: application/json;q=x")]
    [InlineData("Accept: \u00ff")]
    [InlineData("Accept: ,,,;;;")]
    [InlineData("Accept: text/html, */*;q=0.1")]
    [InlineData("Accept: application/json, application/json\r\nAccept: text/plain")]
    [InlineData("If-None-Match: \"x\"\r\nRange: bytes=0-0\r\nExpect: nothing")]
    [InlineData("Content-Type: \u00ff\u00ff")]
    [InlineData("X-Forwarded-For: '; DROP TABLE contacts; --\r\nForwarded: for=\u00e9")]
    [InlineData("X-Request-Id: \u00ff <script>")]
    [InlineData("Cookie: \u00ff=\u00ff")]
    [InlineData("Accept-Language: \u00e9;q=2")]
    public async Task A_strange_header_is_no_500(string header)
    {
        var workspace = await server.NewWorkspaceAsync();
        var (status, body) = await SendAsync("GET", "/api/v2/contacts.json", $"{Token(workspace)}\r\n{header}");
        status.ShouldBeInRange(200, 499, body);
        JsonNode.Parse(body).ShouldBeOfType<JsonObject>();
        await NextWorksAsync(workspace);
    }

    /// <summary>These end in the HTTP server itself, before there is a call that a dialect could answer.</summary>
    [Theory]
    [InlineData("GET /api/v2/contacts.json%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /api/v2/contacts.json HTTP/1.1\r\n\r\n")]
    [InlineData("GET /api/v2/contacts.json HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/v2/contacts.json HTTP/1.1\r\nHost: lo cal\r\n\r\n")]
    [InlineData("GET /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n")]
    [InlineData("GET /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token \0\r\n\r\n")]
    [InlineData("GET /api/v2/contacts.json?\u00ff HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n{}")]
    [InlineData("\u0016\u0003\u0001 not even HTTP\r\n\r\n")]
    [InlineData("GARBAGE\r\n\r\n")]
    public async Task What_is_no_http_is_refused(string request)
    {
        var workspace = await server.NewWorkspaceAsync();
        var (status, _) = await RawHttp.SendAsync(server, request);
        status.ShouldBeInRange(400, 499);
        await NextWorksAsync(workspace);
    }

    [Fact]
    public async Task What_is_larger_than_the_server_reads_is_refused()
    {
        var workspace = await server.NewWorkspaceAsync();
        (await SendAsync("GET", "/api/v2/contacts.json?name=" + new string('x', 100_000), Token(workspace))).Status.ShouldBe(414);
        (await SendAsync("GET", "/api/v2/contacts.json", Token(workspace) + "\r\nX-Long: " + new string('x', 100_000))).Status.ShouldBe(431);
        var many = string.Concat(Enumerable.Range(0, 500).Select(number => $"\r\nX-{number}: x"));
        (await SendAsync("GET", "/api/v2/contacts.json", Token(workspace) + many)).Status.ShouldBe(431);
        await NextWorksAsync(workspace);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}{}{}\r\n0\r\n\r\n")]
    [InlineData("-2\r\n{}\r\n0\r\n\r\n")]
    public async Task Bad_chunks_are_a_400_with_a_body(string chunks)
    {
        var workspace = await server.NewWorkspaceAsync();
        var (status, body) = await RawHttp.SendAsync(
            server,
            $"POST /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{Token(workspace)}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        status.ShouldBe(400, body);
        JsonNode.Parse(body).ShouldBeOfType<JsonObject>();
        await NextWorksAsync(workspace);
    }

    [Fact]
    public async Task A_call_without_a_host_gets_a_page_with_links()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = new WeniClient(server, workspace);
        await client.MakeAsync("contacts.json", new { name = "Ana" });
        await client.MakeAsync("contacts.json", new { name = "Bea" });
        var (status, body) = await RawHttp.SendAsync(server, $"GET /api/v2/contacts.json?limit=1 HTTP/1.0\r\n{Token(workspace)}\r\n\r\n");
        status.ShouldBe(200, body);
        JsonNode.Parse(body)!["results"]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_client_that_hangs_up_within_its_body_writes_nothing()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = new WeniClient(server, workspace);
        using (var tcp = new System.Net.Sockets.TcpClient())
        {
            await tcp.ConnectAsync(new Uri(server.Address).Host, new Uri(server.Address).Port);
            var request = $"POST /api/v2/contacts.json HTTP/1.1\r\nHost: localhost\r\n{Token(workspace)}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{}}";
            await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        }

        await NextWorksAsync(workspace);
        (await client.GetAsync("contacts.json")).Results.ShouldHaveSingleItem();
    }

    private static string Token(TestWorkspace workspace) => $"Authorization: Token {workspace.Token}";

    private Task<(int Status, string Body)> SendAsync(string method, string path, string headers) =>
        RawHttp.SendAsync(server, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n");

    private async Task NextWorksAsync(TestWorkspace workspace)
    {
        using var client = new WeniClient(server, workspace);
        (await client.PostAsync("contacts.json?urn=ext:next", new { name = "Next" })).Status.ShouldBeOneOf(200, 201);
    }
}
