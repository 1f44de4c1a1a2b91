using System.Text.Json;

namespace Contacts.Tests.Hostile;

/// <summary>An answer to a specimen.</summary>
internal sealed record HostileReply(int Status, string? MediaType, string Body, bool HasRetryAfter, TimeSpan Elapsed);

/// <summary>Whether an answer is one that may be given to anything at all: no failure, and each refusal in its dialect's shape.</summary>
internal static class Verdict
{
    private const int LongUrl = 7_500;

    private static readonly string[] Inside = ["   at Contacts.", "   at System.", "   at Microsoft.", "Npgsql", "Exception"];

    /// <summary>What is wrong with an answer, or null.</summary>
    public static string? FaultOf(Specimen specimen, HostileReply reply)
    {
        if (reply.Status >= 500)
            return reply.Status == 503 && reply.HasRetryAfter ? null : $"a {reply.Status}";
        if (Array.Find(Inside, word => reply.Body.Contains(word, StringComparison.Ordinal) && !specimen.ToString().Contains(word, StringComparison.Ordinal)) is { } told)
            return $"tells of the inside: {told}";
        if (reply.Status < 400 || specimen.Method == "HEAD" || IsBeforeDialects(specimen, reply))
            return null;
        return specimen.Tongue == Tongue.Nobody ? null : ShapeFault(specimen.Tongue, reply);
    }

    /// <summary>What the HTTP server refuses itself: a NUL in the path, a URL that is too long.</summary>
    private static bool IsBeforeDialects(Specimen specimen, HostileReply reply) =>
        reply.Body.Length == 0 && (specimen.Path.Contains("%00", StringComparison.Ordinal) || specimen.Path.Length > LongUrl);

    private static string? ShapeFault(Tongue tongue, HostileReply reply)
    {
        var expected = tongue == Tongue.Management ? "application/problem+json" : "application/json";
        if (reply.MediaType != expected)
            return $"{reply.MediaType ?? "no media type"} in place of {expected}";
        try
        {
            using var document = JsonDocument.Parse(reply.Body);
            var body = document.RootElement;
            if (body.ValueKind != JsonValueKind.Object)
                return "no object";
            return tongue switch
            {
                Tongue.Weni => IsTexts(body) && body.EnumerateObject().Any() ? null : "not in Weni's shape",
                Tongue.Whaapy => HasText(body, "error") && HasText(body, "message") ? null : "not in Whaapy's shape",
                _ => IsProblem(body, reply.Status) ? null : "no problem document",
            };
        }
        catch (JsonException)
        {
            return "no JSON";
        }
    }

    private static bool IsProblem(JsonElement body, int status) =>
        (HasText(body, "title") || HasText(body, "detail")) && (!body.TryGetProperty("status", out var told) || told.GetInt32() == status);

    private static bool HasText(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;

    /// <summary>Whether a value is a text, or texts under each other: <c>{"detail":"…"}</c>, <c>{"urns":{"1":["…"]}}</c>.</summary>
    private static bool IsTexts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => true,
        JsonValueKind.Array => value.EnumerateArray().All(IsTexts),
        JsonValueKind.Object => value.EnumerateObject().All(property => IsTexts(property.Value)),
        _ => false,
    };
}
