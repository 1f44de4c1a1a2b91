using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Contacts.Console.Pages.Log;

/// <summary>What the contract says of an operation.</summary>
/// <param name="Summary">What the operation does.</param>
/// <param name="Request">A body as the contract has it, or null.</param>
/// <param name="Status">The status that <paramref name="Answer"/> comes with.</param>
/// <param name="Answer">An answer's body as the contract has it, or null.</param>
internal sealed record ContractExample(string Summary, string? Request, string Status, string? Answer);

/// <summary>
/// Finds in the OpenAPI documents what the contract says of a call: its example, else one made of the schema. The documents are made once, when somebody
/// asks for the first time.
/// </summary>
/// <param name="services">Where the maker of documents is.</param>
/// <param name="options">The names of the documents.</param>
internal sealed class ContractExamples(IServiceScopeFactory services, IOptions<SwaggerGenOptions> options) : IDisposable
{
    private const string Json = "application/json";

    private readonly SemaphoreSlim _one = new(1, 1);
    private List<JsonNode>? _documents;

    /// <summary>What the contract says of a call.</summary>
    /// <param name="method">The call's method.</param>
    /// <param name="path">Its path.</param>
    /// <param name="status">The status of its answer.</param>
    /// <returns>The example; null when no document has the operation.</returns>
    public async Task<ContractExample?> FindAsync(string method, string path, int status)
    {
        foreach (var document in await DocumentsAsync())
        {
            var matching = document["paths"]!.AsObject().Where(one => Matches(one.Key, path) && one.Value?[method.ToLowerInvariant()] is not null)
                .OrderBy(one => one.Key.Count(letter => letter == '{')).Select(one => one.Value![method.ToLowerInvariant()]!).FirstOrDefault();
            if (matching is { } operation)
                return Of(operation, status, document);
        }

        return null;
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private static ContractExample Of(JsonNode operation, int status, JsonNode document)
    {
        var request = ExampleOf(operation["requestBody"]?["content"]?[Json], document);
        var answers = operation["responses"]!.AsObject();
        var code = answers.ContainsKey($"{status}") ? $"{status}" : answers.Select(answer => answer.Key).FirstOrDefault(key => key.StartsWith('2')) ?? string.Empty;
        var answer = answers[code]?["content"] is JsonObject { Count: > 0 } content ? ExampleOf(content[Json] ?? content.First().Value, document) : null;
        return new ContractExample(operation["summary"]?.GetValue<string>() ?? string.Empty, request, code, answer);
    }

    private static string? ExampleOf(JsonNode? content, JsonNode document)
    {
        if (content is null)
            return null;
        var example = content["examples"] is JsonObject { Count: > 0 } named ? named.First().Value?["value"] : content["example"];
        return (example ?? SchemaSample.Of(content["schema"], document)) is { } found ? CallShown.Pretty(found.ToJsonString()) : null;
    }

    private static bool Matches(string template, string path)
    {
        var (wanted, given) = (template.Split('/'), path.Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    private async Task<List<JsonNode>> DocumentsAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_documents is not null)
                return _documents;
            await using var scope = services.CreateAsyncScope();
            var maker = scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>();
            var documents = new List<JsonNode>();
            foreach (var name in options.Value.SwaggerGeneratorOptions.SwaggerDocs.Keys)
            {
                var document = await maker.GetSwaggerAsync(name);
                documents.Add(JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0))!);
            }

            return _documents = documents;
        }
        finally
        {
            _one.Release();
        }
    }
}

/// <summary>Makes a value that a schema allows, where the contract gives none.</summary>
internal static class SchemaSample
{
    private const int Deepest = 6;

    /// <summary>A value.</summary>
    /// <param name="schema">The schema, or null.</param>
    /// <param name="document">The document, for what the schema refers to.</param>
    /// <param name="depth">How deep in others it is.</param>
    public static JsonNode? Of(JsonNode? schema, JsonNode document, int depth = 0)
    {
        if (schema is not JsonObject || depth > Deepest)
            return null;
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return Of(document["components"]?["schemas"]?[reference.Split('/')[^1]], document, depth);
        if (schema["example"] is { } example)
            return example.DeepClone();
        if (schema["enum"] is JsonArray { Count: > 0 } choices)
            return choices[0]?.DeepClone();
        return schema["type"]?.GetValue<string>() switch
        {
            "object" => ObjectOf(schema, document, depth),
            "array" => new JsonArray(Of(schema["items"], document, depth + 1)),
            "boolean" => false,
            "integer" or "number" => 0,
            "string" => TextOf(schema["format"]?.GetValue<string>()),
            _ => null,
        };
    }

    private static JsonObject ObjectOf(JsonNode schema, JsonNode document, int depth)
    {
        var sample = new JsonObject();
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
            sample[name] = Of(property, document, depth + 1);
        return sample;
    }

    private static string TextOf(string? format) => format switch
    {
        "uuid" => "09d23a05-47fe-11e4-bfe9-b8f6b119e9ab",
        "date-time" => "2026-01-28T12:00:00Z",
        "uri" => "https://example.com/",
        _ => "text",
    };
}
