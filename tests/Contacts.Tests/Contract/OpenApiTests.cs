using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Contract;

/// <summary>The OpenAPI document is reviewed like code, and says of answers what the server really answers.</summary>
public sealed class OpenApiTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly JsonSerializerOptions ForReaders = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_is_the_accepted_one()
    {
        var document = await DocumentAsync();
        Snapshot.ShouldBeAccepted(document.ToJsonString(ForReaders), "weni-v2.openapi.json");
    }

    [Fact]
    public async Task Documented_properties_are_the_keys_of_real_answers()
    {
        var document = await DocumentAsync();
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        await client.MakeAsync("fields.json", new { label = "Nick Name", value_type = "text" });
        var group = await client.MakeAsync("groups.json", new { name = "Reporters" });
        await client.MakeAsync("campaigns.json", new { name = "Reminders", group });
        await client.MakeAsync("contacts.json", new { groups = new[] { group }, urns = new[] { "ext:1" } });
        foreach (var endpoint in new[] { "contacts", "fields", "groups", "campaigns" })
        {
            var page = (await client.GetAsync($"{endpoint}.json")).Json!;
            var listed = Answer(document, endpoint, "get", "200");
            Keys(page).ShouldBe(Properties(document, listed), endpoint);
            var item = listed["properties"]!["results"]!["items"]!;
            Keys(page["results"]![0]!).ShouldBe(Properties(document, item), endpoint);
            Properties(document, Answer(document, endpoint, "post", "201")).ShouldBe(Properties(document, item), endpoint);
        }

        var contact = (await client.GetAsync("contacts.json")).Results[0]!;
        var reference = Resolve(document, Resolve(document, document["components"]!["schemas"]!["Contact"]!)["properties"]!["groups"]!["items"]!);
        Keys(contact["groups"]![0]!).ShouldBe(Properties(document, reference));
    }

    [Fact]
    public async Task Documented_refusals_look_like_real_ones()
    {
        var document = await DocumentAsync();
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var missing = await client.DeleteAsync($"contacts.json?uuid={Guid.CreateVersion7()}");
        Keys(missing.Json!).ShouldBe(Properties(document, Answer(document, "contacts", "delete", "404")));
        missing.Json!.ToJsonString().ShouldBe(Content(document, "contacts", "delete", "404")["example"]!.ToJsonString());
        var anonymous = await server.Client.GetStringOrErrorAsync("/api/v2/contacts.json");
        Keys(JsonNode.Parse(anonymous)!).ShouldBe(Properties(document, Answer(document, "contacts", "get", "403")));
    }

    private async Task<JsonObject> DocumentAsync() =>
        JsonNode.Parse(await server.Client.GetStringOrErrorAsync("/swagger/weni-v2/swagger.json"))!.AsObject();

    private static JsonNode Content(JsonObject document, string endpoint, string method, string status) =>
        document["paths"]![$"/api/v2/{endpoint}.json"]![method]!["responses"]![status]!["content"]!["application/json"]!;

    private static JsonNode Answer(JsonObject document, string endpoint, string method, string status) =>
        Resolve(document, Content(document, endpoint, method, status)["schema"]!);

    private static JsonNode Resolve(JsonObject document, JsonNode schema) =>
        schema["$ref"]?.ToString() is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;

    private static string[] Properties(JsonObject document, JsonNode schema) =>
        [.. Resolve(document, schema)["properties"]!.AsObject().Select(property => property.Key)];

    private static string[] Keys(JsonNode answer) => [.. answer.AsObject().Select(property => property.Key)];
}

/// <summary>Reading an answer whatever its status.</summary>
internal static class Answers
{
    public static async Task<string> GetStringOrErrorAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return await response.Content.ReadAsStringAsync();
    }
}
