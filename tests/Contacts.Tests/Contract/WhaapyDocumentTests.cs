using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Contract;

/// <summary>Whaapy's OpenAPI document is reviewed like code, and says of answers what the server really answers.</summary>
public sealed class WhaapyDocumentTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly JsonSerializerOptions ForReaders = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_document_is_the_accepted_one() =>
        Snapshot.ShouldBeAccepted((await DocumentAsync()).ToJsonString(ForReaders), "whaapy-v1.openapi.json");

    [Fact]
    public async Task Documented_properties_are_the_keys_of_real_answers()
    {
        var document = await DocumentAsync();
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var stage = (await client.SendAsync("POST", "/funnel/v1/stages", new { name = "Lead" })).Json["stage"]!["id"]!.ToString();
        var id = await client.MakeAsync(new { phone_number = "+5215512345678", tags = "a", custom_fields = new { k = 1 }, funnel_stage_id = stage });
        var other = await client.MakeAsync(new { phone_number = "+5215587654321" });
        foreach (var (method, path, real, body) in new (string, string, string, object?)[]
        {
            ("post", "/contacts/v1/{id}/merge", id, new { mergeWith = other }), ("get", "/contacts/v1", "", null), ("get", "/contacts/v1/{id}", id, null), ("patch", "/contacts/v1/{id}", id, new { }),
            ("post", "/contacts/v1/search", "", new { }), ("get", "/contacts/v1/tags", "", null), ("get", "/contacts/v1/fields", "", null),
            ("get", "/contacts/check-phone", "?phone=5215512345678", null), ("post", "/contacts/v1/bulk", "", new { operation = "tag", contact_ids = id, tags = "b" }),
            ("get", "/funnel/v1/stages", "", null), ("get", "/funnel/v1/stages/{id}", stage, null),
            ("patch", "/funnel/v1/stages/reorder", "", new { stage_ids = stage }), ("post", "/funnel/v1/contacts/{id}/move", id, new { stage_id = stage }),
            ("get", "/auth/me", "", null), ("get", "/templates/v1", "", null),
        })
        {
            var url = path.Contains("{id}", StringComparison.Ordinal) ? path.Replace("{id}", real, StringComparison.Ordinal) : path + real;
            var reply = await client.SendAsync(method.ToUpperInvariant(), url, body);
            reply.Status.ShouldBe(200, reply.Body);
            Compare(document, document["paths"]![path]![method]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!, reply.Json, path);
        }
    }

    [Fact]
    public async Task Every_endpoint_is_documented_and_no_other()
    {
        var document = await DocumentAsync();
        var documented = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        documented.ShouldBe(
            Contacts.Dialects.Whaapy.Endpoints.All.SelectMany(endpoint => endpoint.Methods.Select(method => $"{method} {endpoint.Path}")), ignoreOrder: true);
    }

    private async Task<JsonObject> DocumentAsync()
    {
        using var response = await server.Client.GetAsync("/swagger/whaapy-v1/swagger.json");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    /// <summary>Objects have just the properties that are documented, in any depth; of what is not required, some.</summary>
    private static void Compare(JsonObject document, JsonNode schema, JsonNode? answer, string place)
    {
        if (schema["$ref"]?.ToString() is { } reference)
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        if (answer is JsonArray items)
        {
            foreach (var item in items)
                Compare(document, schema["items"]!, item, $"{place}[]");
        }

        if (answer is not JsonObject members || schema["properties"] is not JsonObject properties)
            return;
        var required = schema["required"]?.AsArray().Select(name => name!.ToString()) ?? [];
        required.Except(members.Select(member => member.Key), StringComparer.Ordinal).ShouldBeEmpty(place);
        foreach (var (name, value) in members)
        {
            properties.ContainsKey(name).ShouldBeTrue($"{place}.{name}");
            Compare(document, properties[name]!, value, $"{place}.{name}");
        }
    }
}
