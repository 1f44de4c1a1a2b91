using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Hostile;

/// <summary>Requests to the management API as its OpenAPI document describes them: of each operation, with a body of its schema, more or less.</summary>
/// <param name="document">The document.</param>
/// <param name="random">Chance.</param>
/// <param name="json">Values that belong into no schema.</param>
/// <param name="live">What there is in the workspace.</param>
internal sealed class ManagementSpecimens(JsonNode document, Random random, IReadOnlyList<string> json, LiveValues live)
{
    private const int MaxDepth = 6;

    private static readonly string[] Texts = ["Shop", "", "Devs", "BR", "UTC", "America/Recife", "http://127.0.0.1:9/hook", "*", "contact.created", "weni", "whaapy", "editor", "POST", "/api/v2/contacts.json"];

    private readonly List<(string Path, string Method, JsonNode Operation)> _operations =
    [
        .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, operation.Key.ToUpperInvariant(), operation.Value!))),
    ];

    /// <summary>One of the operations, with what it asks for.</summary>
    public Specimen Next()
    {
        var (path, method, operation) = _operations[random.Next(_operations.Count)];
        var schema = operation["requestBody"]?["content"]?.AsObject().First().Value?["schema"];
        var specimen = new Specimen($"management: {operation["operationId"]}", method, PathOf(path) + QueryOf(operation))
        {
            Body = schema is null ? null : Encoding.UTF8.GetBytes(ValueOf(schema, 0)),
        };
        return path.EndsWith("/wait", StringComparison.Ordinal) ? specimen with { Body = "{\"count\":1,\"timeout_ms\":20}"u8.ToArray() } : specimen;
    }

    private string PathOf(string path)
    {
        // The key that this very lane calls with is among the tokens: none of those is revoked.
        var uuid = path.Contains("/tokens/", StringComparison.Ordinal) ? Guid.NewGuid().ToString() : live.Uuid();
        return path.Replace("{list}", random.Next(5) switch { 0 => "campaigns", 1 or 2 => "flows", 3 => "triggers", _ => "contacts" }, StringComparison.Ordinal)
            .Replace("{uuid}", uuid, StringComparison.Ordinal).Replace("{attempt}", live.Uuid(), StringComparison.Ordinal)
            .Replace("{name}", random.Next(3) switch { 0 => "Shop", 1 => "Devs", _ => "%F0%9F%98%80" }, StringComparison.Ordinal);
    }

    private string QueryOf(JsonNode operation)
    {
        var pairs = (operation["parameters"]?.AsArray() ?? [])
            .Where(parameter => parameter!["in"]!.ToString() == "query" && random.Next(3) == 0)
            .Select(parameter => $"{parameter!["name"]}={Uri.EscapeDataString(TextOf(ValueOf(parameter["schema"]!, 0)))}").ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private static string TextOf(string value) => value.Trim('"');

    private string ValueOf(JsonNode schema, int depth)
    {
        if (depth > MaxDepth || random.Next(8) == 0)
            return json[random.Next(json.Count)];
        if ((schema["$ref"] ?? schema["allOf"]?[0]?["$ref"])?.ToString() is { } reference)
            return ValueOf(document["components"]!["schemas"]![reference.Split('/')[^1]]!, depth + 1);
        if (schema["enum"] is JsonArray choices)
            return choices[random.Next(choices.Count)]!.ToJsonString();
        return TypeOf(schema) switch
        {
            "object" => ObjectOf(schema, depth),
            "array" => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => ValueOf(schema["items"]!, depth + 1)))}]",
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "integer" or "number" => random.Next(-2, 2000).ToString(CultureInfo.InvariantCulture),
            "string" when schema["format"]?.ToString() == "uuid" => $"\"{live.Uuid()}\"",
            "string" when schema["format"]?.ToString() == "date-time" => "\"2026-11-20T10:00:00Z\"",
            "string" => $"\"{(random.Next(4) == 0 ? live.Uuid() : Texts[random.Next(Texts.Length)])}\"",
            _ => json[random.Next(json.Count)],
        };
    }

    private static string? TypeOf(JsonNode schema) => schema["type"] is JsonArray types ? types[0]!.ToString() : schema["type"]?.ToString();

    private string ObjectOf(JsonNode schema, int depth)
    {
        var members = (schema["properties"]?.AsObject() ?? []).Where(_ => random.Next(5) > 0).Select(member => $"\"{member.Key}\":{ValueOf(member.Value!, depth + 1)}").ToList();
        if (schema["additionalProperties"] is JsonObject other)
            members.AddRange(Enumerable.Range(0, random.Next(3)).Select(at => string.Create(CultureInfo.InvariantCulture, $"\"a{at}\":{ValueOf(other, depth + 1)}")));
        return $"{{{string.Join(',', members)}}}";
    }
}
