using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>Many contacts in one call: the limit of a JSON body, and lines (NDJSON) without one.</summary>
public sealed class BulkLinesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_thousand_contacts_are_taken_and_one_more_is_not()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var reply = await client.PostAsync("contacts_bulk.json", new { contacts = People(1000) });
        reply.Status.ShouldBe(200, reply.Body);
        reply.Results.Select(result => (int)result!["status"]!).ShouldBe(Enumerable.Repeat(201, 1000));
        reply.Results.Select(result => result!["contact"]!["name"]!.ToString()).ShouldBe(People(1000).Select(person => person.Name));
        (await client.PostAsync("contacts_bulk.json", new { contacts = People(1001) }))
            .ShouldBeRefused("contacts", "This field can only contain up to 1000 items.");
        (await CountAsync(client)).ShouldBe(1000, "nothing of a refused call is written");
    }

    [Fact]
    public async Task Lines_are_answered_one_by_one_in_their_order()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        const string lines =
            """
            {"name":"Ana","urns":["ext:1"]}
            {"urn":"ext:1","language":"por"}
            {"name":""}
            not json

            [1]
            {"uuid":"11111111-1111-4111-8111-111111111111"}
            {"urn":"ext:2","name":"Bia"}
            """;
        var answers = await SendAsync(client, lines);
        answers.Select(answer => (int)answer["status"]!).ShouldBe([201, 200, 400, 400, 400, 404, 201]);
        answers[1]["contact"]!["uuid"]!.ToString().ShouldBe(answers[0]["contact"]!["uuid"]!.ToString());
        answers[2]["errors"]!.ToJsonString(Relaxed).ShouldBe("""{"name":["Contact name cannot be empty."]}""");
        answers[3]["errors"]!["detail"]!.ToString().ShouldStartWith("JSON parse error - ");
        answers[4]["errors"]!.ToJsonString(Relaxed).ShouldBe("""{"non_field_errors":["Request body should be a single JSON object"]}""");
        answers[5]["errors"]!.ToJsonString(Relaxed).ShouldBe("""{"detail":"Not found."}""");
        (await CountAsync(client)).ShouldBe(2);
    }

    [Fact]
    public async Task Lines_have_no_limit_of_number()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var answers = await SendAsync(client, string.Join('\n', People(2500).Select(person => JsonSerializer.Serialize(person))) + "\n");
        answers.Count.ShouldBe(2500);
        answers.ShouldAllBe(answer => (int)answer["status"]! == 201);
        answers.Select(answer => answer["contact"]!["name"]!.ToString()).ShouldBe(People(2500).Select(person => person.Name));
        (await CountAsync(client)).ShouldBe(2500);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \r\n")]
    public async Task No_lines_have_no_answers(string lines)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        (await SendAsync(client, lines)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lines_that_end_as_on_Windows_are_lines()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var answers = await SendAsync(client, "{\"name\":\"Ana\"}\r\n{\"name\":\"Bia\"}\r\n");
        answers.Select(answer => answer["contact"]!["name"]!.ToString()).ShouldBe(["Ana", "Bia"]);
    }

    /// <summary>.NET's client sends all of a body before it reads; others do not, and neither does this one.</summary>
    [Fact]
    public async Task Answers_come_while_lines_are_still_being_sent()
    {
        const int first = 500;
        var workspace = await server.NewWorkspaceAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var address = new Uri(server.Address);
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes(
                $"POST /api/v2/contacts_bulk.json HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Token {workspace.Token}\r\n"
                + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"),
            patience.Token);
        await stream.WriteAsync(Chunk(string.Concat(Enumerable.Range(0, first).Select(number => $"{{\"name\":\"Person {number}\"}}\n"))), patience.Token);

        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync(patience.Token)).ShouldBe("HTTP/1.1 200 OK");
        string? line;
        do
        {
            line = await reader.ReadLineAsync(patience.Token);
        }
        while (line?.Contains("Person 0", StringComparison.Ordinal) == false);
        line.ShouldNotBeNull("the first lines are answered before the last one is sent");

        await stream.WriteAsync(Chunk("{\"name\":\"Last\"}\n"), patience.Token);
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), patience.Token);
        var rest = (await reader.ReadToEndAsync(patience.Token)).Split('\n').Where(answer => answer.StartsWith("{\"status\":201", StringComparison.Ordinal)).ToList();
        rest.Count.ShouldBe(first);
        rest[^1].ShouldContain("\"Last\"");
    }

    private static byte[] Chunk(string text) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static async Task<List<JsonNode>> SendAsync(WeniClient client, string lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/contacts_bulk.json") { Content = new StringContent(lines) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, body);
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<int> CountAsync(WeniClient client)
    {
        var count = 0;
        for (string? path = "contacts_lean.json"; path is not null;)
        {
            var page = await client.GetAsync(path);
            count += page.Results.Count;
            path = page.Text("next")?.Split("/api/v2/")[1];
        }

        return count;
    }

    private static List<Person> People(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new Person { Name = $"Person {number}", Urns = [$"ext:{number}"] })];

    private sealed record Person
    {
        [JsonPropertyName("name")]
        public required string Name { get; init; }

        [JsonPropertyName("urns")]
        public required string[] Urns { get; init; }
    }
}
