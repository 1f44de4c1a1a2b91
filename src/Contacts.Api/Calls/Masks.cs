using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Contacts.Calls;

/// <summary>Keeps secrets out of what is recorded.</summary>
internal static class Masks
{
    /// <summary>What stands for a secret.</summary>
    public const string Mask = "********";

    // The end of a shorter secret would tell too much of it.
    private const int WorthShowing = 16;
    private const int Shown = 4;

    private static readonly string[] Words = ["secret", "token", "password", "signature", "cookie", "api-key", "api_key", "apikey", "access_key"];
    private static readonly string[] Attributes = ["key", "secret", "token", "password"];
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A header's value as it may be shown.</summary>
    /// <param name="name">The header.</param>
    /// <param name="value">Its value.</param>
    public static string Header(string name, string value)
    {
        if (name.EndsWith("authorization", StringComparison.OrdinalIgnoreCase))
            return Credentials(value);
        return IsSecret(name) ? Mask : value;
    }

    /// <summary>A query as it may be shown: the values of parameters that are secrets by their names are masked, nothing else changes.</summary>
    /// <param name="query">The query as it was sent.</param>
    public static string Query(string query)
    {
        if (!Array.Exists(Words, word => query.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return query;
        var parts = query.Split('&');
        for (var i = 0; i < parts.Length; i++)
        {
            var equals = parts[i].IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && IsSecret(Uri.UnescapeDataString(parts[i][..equals])))
                parts[i] = parts[i][..(equals + 1)] + Mask;
        }

        return string.Join('&', parts);
    }

    /// <summary>Whether a query has secrets in it.</summary>
    /// <param name="query">The query as it was sent.</param>
    public static bool HasSecrets(string? query) => !string.IsNullOrEmpty(query) && Query(query) != query;

    /// <summary>An answer as it may be shown: lists have the call's whole address in <c>next</c>, with the secrets of its query.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="query">The query of the call, as it was sent.</param>
    public static string Answer(string text, string? query)
    {
        if (string.IsNullOrEmpty(query) || !HasSecrets(query))
            return text;
        foreach (var part in query.Split('&'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || equals == part.Length - 1 || !IsSecret(Uri.UnescapeDataString(part[..equals])))
                continue;
            var (name, plain) = (part[..equals].TrimStart('?'), Uri.UnescapeDataString(part[(equals + 1)..]));
            foreach (var form in new[] { part[(equals + 1)..], plain, Uri.EscapeDataString(plain) })
                text = text.Replace($"{name}={form}", $"{name}={Mask}", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>An address as it may be shown: user and password, and parameters that are secrets by their names, are masked. Any other text stays as it is.</summary>
    /// <param name="text">The text.</param>
    public static string Address(string text)
    {
        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (host < 4)
            return text;
        var end = text.AsSpan(host).IndexOfAny('/', '?', '#');
        var at = (end < 0 ? text.AsSpan(host) : text.AsSpan(host, end)).LastIndexOf('@');
        var shown = at < 0 ? text : text[..host] + Mask + text[(host + at)..];
        var query = shown.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? shown : shown[..query] + Query(shown[query..]);
    }

    /// <summary>A body as it may be shown: what stands under the name of a secret is masked.</summary>
    /// <param name="body">The body.</param>
    /// <returns>The body; null when it is no JSON, so that secrets can't be told from the rest.</returns>
    public static byte[]? Body(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var bytes = new ArrayBufferWriter<byte>(body.Length + 64);
            using (var json = new Utf8JsonWriter(bytes, Relaxed))
                Write(json, document.RootElement);
            return bytes.WrittenSpan.ToArray();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    if (property.Value.ValueKind != JsonValueKind.Null && Array.Exists(Attributes, name => property.Name.EndsWith(name, StringComparison.OrdinalIgnoreCase)))
                        json.WriteStringValue(Mask);
                    else
                        Write(json, property.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(Address(value.GetString()!));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static bool IsSecret(string name) => Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The scheme and the end stay, so that people can tell which key it was.</summary>
    private static string Credentials(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        var key = value[(space + 1)..].Trim();
        return value[..(space + 1)] + Mask + (key.Length >= WorthShowing ? key[^Shown..] : string.Empty);
    }
}
