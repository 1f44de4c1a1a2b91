using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>
/// Bodies, headers and URLs that are too large, too deep, or no text at all: a 4xx in the dialect's shape, and the next request works.
/// Values at every position of good JSON are <see cref="BadInputTests"/>' business.
/// </summary>
public sealed class HostileInputTests(TestServer server) : IClassFixture<TestServer>
{
    private const int MaxBodyBytes = 5_000_000;
    private const string Contact = """{"name":"José 😀","urns":["tel:+250788123123","ext:é"],"fields":{"nick":"Ana"}}""";

    [Fact]
    public async Task A_name_of_a_megabyte_is_refused_with_its_own_text()
    {
        using var client = await OpenAsync();
        var giant = new string('n', 1_000_000);
        (await client.PostAsync("contacts.json", new { name = giant })).ShouldBeRefused("name", "Contact name cannot exceed 100 characters.");
        (await client.PostAsync("groups.json", new { name = giant })).ShouldBeRefused("name", "Ensure this field has no more than 64 characters.");
        (await client.PostAsync("campaigns.json", new { name = giant, group = "Devs" })).ShouldBeRefused("name", "Ensure this field has no more than 64 characters.");
        (await client.PostAsync("fields.json", new { label = giant, value_type = "text" })).ShouldBeRefused("label", "Ensure this field has no more than 36 characters.");
        await ShouldBeRefusedAsync(client.PostAsync("fields.json", new { label = "Age", value_type = giant }));
        await ShouldBeRefusedAsync(client.PostAsync("contacts.json", new { language = giant }));
        await ShouldBeRefusedAsync(client.PostAsync("contacts.json", new { urns = new[] { "ext:" + giant } }));
        await ShouldBeRefusedAsync(client.PostAsync("contacts.json", new { urns = new[] { new string('1', 1_000_000) } }));
        await ShouldBeRefusedAsync(client.PostAsync("contacts.json", new { groups = new[] { giant } }));
        await ShouldBeRefusedAsync(client.PostAsync("contacts.json", new { fields = new Dictionary<string, string> { [giant] = "x" } }));
        await ShouldBeRefusedAsync(client.PostBytesAsync("contacts.json", Encoding.UTF8.GetBytes($$"""{"name":{{new string('1', 1_000_000)}}}""")));
        (await client.PostAsync("contacts.json", new { fields = new { nick = giant } })).Json!["fields"]!["nick"]!.ToString().Length
            .ShouldBe(640, "values of fields are cut");
        await NextWorksAsync(client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_ten_megabytes_is_too_large(bool isChunked)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = server.NewClient(workspace.Token);
        foreach (var endpoint in new[] { "contacts", "fields", "groups", "campaigns" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v2/{endpoint}.json");
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"name":"{{new string('n', 2 * MaxBodyBytes)}}"}"""));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TransferEncodingChunked = isChunked;
            using var response = await client.SendAsync(request);
            ((int)response.StatusCode).ShouldBe(413);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
            (await response.Content.ReadAsStringAsync()).ShouldBe($$"""{"detail":"Request body is larger than {{MaxBodyBytes}} bytes."}""");
        }

        using var next = new WeniClient(server, workspace);
        await NextWorksAsync(next);
    }

    [Fact]
    public async Task The_largest_body_is_taken_and_one_byte_more_is_not()
    {
        using var client = await OpenAsync();
        var body = Encoding.UTF8.GetBytes("""{"name":"Ana"}""".PadRight(MaxBodyBytes));
        (await client.PostBytesAsync("contacts.json", body)).Status.ShouldBe(201);
        (await client.PostBytesAsync("contacts.json", [.. body, (byte)' '])).Status.ShouldBe(413);
    }

    [Fact]
    public async Task Deep_nesting_is_refused()
    {
        using var client = await OpenAsync();
        foreach (var endpoint in new[] { "contacts", "fields", "groups", "campaigns" })
        {
            foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}"), ("[", ""), ("{\"a\":", ""), ("{\"fields\":", "}") })
            {
                var body = $"{{\"name\":{string.Concat(Enumerable.Repeat(open, 10_000))}1{string.Concat(Enumerable.Repeat(close, 10_000))}}}";
                await ShouldBeRefusedAsync(client.PostBytesAsync($"{endpoint}.json", Encoding.UTF8.GetBytes(body)));
            }
        }

        await NextWorksAsync(client);
    }

    [Fact]
    public async Task A_body_cut_off_after_any_byte_is_a_parse_error()
    {
        using var client = await OpenAsync();
        var body = Encoding.UTF8.GetBytes(Contact);
        for (var length = 1; length < body.Length; length++)
            (await ShouldBeRefusedAsync(client.PostBytesAsync("contacts.json", body[..length]))).Text("detail")!.ShouldStartWith("JSON parse error - ");
        (await client.PostBytesAsync("contacts.json", body)).Status.ShouldBe(201, "the whole body is good");
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_a_parse_error_wherever_they_stand()
    {
        using var client = await OpenAsync();
        byte[][] bad = [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80]];
        foreach (var bytes in bad)
        {
            foreach (var body in new[] { "@", "{@}", "{\"@\":1}", "{\"name\":\"@\"}", "{\"urns\":[\"ext:@\"]}", "{\"fields\":{\"@\":\"@\"}}", "{}@" })
            {
                var parts = body.Split('@').Select(Encoding.UTF8.GetBytes).ToArray();
                var sent = parts.Skip(1).Aggregate(parts[0], (whole, part) => [.. whole, .. bytes, .. part]);
                (await ShouldBeRefusedAsync(client.PostBytesAsync("contacts.json", sent))).Text("detail")!.ShouldStartWith("JSON parse error - ");
            }
        }

        await NextWorksAsync(client);
    }

    [Fact]
    public async Task Half_a_character_and_nul_are_refused_in_every_text()
    {
        using var client = await OpenAsync();
        foreach (var endpoint in new[] { "contacts", "fields", "groups", "campaigns" })
        {
            foreach (var text in new[] { """\u0000""", """a\u0000b""", """\ud800""", """\udfff""", """\ud800\ud800""", """\udc00\ud800""", """\ud800\n\udc00""", """\ud83d\u005cude00""" })
            {
                var body = $$"""{"name":"{{text}}","label":"{{text}}","value_type":"{{text}}","group":"{{text}}","language":"{{text}}","urns":["ext:{{text}}"]}""";
                await ShouldBeRefusedAsync(client.PostBytesAsync($"{endpoint}.json", Encoding.UTF8.GetBytes(body)));
            }
        }

        foreach (var fields in new[] { """{"\ud800":"x"}""", """{"\u0000":"x"}""", """{"nick":"\ud800"}""", """{"nick":"\u0000"}""" })
            await ShouldBeRefusedAsync(client.PostBytesAsync("contacts.json", Encoding.UTF8.GetBytes($$"""{"fields":{{fields}}}""")));
        foreach (var key in new[] { """\ud800""", """u\ud800id""", """uui\udc00""", """\u0075uid\ud800""" })
            await ShouldBeRefusedAsync(client.PostBytesAsync("contacts.json", Encoding.UTF8.GetBytes($$"""{"groups":[{"{{key}}":"Devs"}]}""")));
        await NextWorksAsync(client);
    }

    [Theory]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=klingon")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf-32")]
    [InlineData("application/jsonp")]
    [InlineData("application/*")]
    [InlineData("*/*")]
    [InlineData("json")]
    [InlineData("text/xml")]
    [InlineData("application/json, text/plain")]
    [InlineData("multipart/mixed; boundary=x")]
    public async Task A_body_of_another_kind_is_refused(string type)
    {
        using var client = await OpenAsync();
        var (status, body) = await SendAsync(client, "POST", "contacts.json", $"Content-Type: {type}", Contact);
        status.ShouldBeOneOf(400, 415);
        ShouldBeObject(body);
        await NextWorksAsync(client);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate, gzip")]
    [InlineData("x")]
    public async Task A_body_in_an_encoding_is_refused(string encoding)
    {
        using var client = await OpenAsync();
        var (status, body) = await SendAsync(client, "POST", "contacts.json", $"Content-Type: application/json\r\nContent-Encoding: {encoding}", "\u001f\u008b\u0008");
        status.ShouldBe(415);
        ShouldBeObject(body);
        await NextWorksAsync(client);
    }

    private static void ShouldBeObject(string body) => JsonNode.Parse(body).ShouldBeOfType<JsonObject>();

    private static async Task<WeniReply> ShouldBeRefusedAsync(Task<WeniReply> call)
    {
        var reply = await call;
        reply.Status.ShouldBe(400, reply.Body);
        ShouldBeObject(reply.Body);
        return reply;
    }

    private static async Task NextWorksAsync(WeniClient client)
    {
        (await client.PostAsync("contacts.json?urn=ext:next", new { name = "Next" })).Status.ShouldBeOneOf(200, 201);
        (await client.GetAsync("contacts.json")).Status.ShouldBe(200);
    }

    private Task<(int Status, string Body)> SendAsync(WeniClient client, string method, string path, string headers, string body) => RawHttp.SendAsync(
        server,
        $"{method} /api/v2/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Token {client.Workspace.Token}\r\n{headers}\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");

    private async Task<WeniClient> OpenAsync()
    {
        var client = await WeniClient.OfNewWorkspaceAsync(server);
        await client.MakeAsync("fields.json", new { label = "Nick", value_type = "text" });
        await client.MakeAsync("groups.json", new { name = "Devs" });
        return client;
    }
}
