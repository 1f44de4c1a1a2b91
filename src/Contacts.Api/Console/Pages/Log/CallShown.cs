using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Contacts.Console.Pages.Log;

/// <summary>How calls and their bodies look on pages.</summary>
internal static class CallShown
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The class of a status's tag.</summary>
    /// <param name="status">The status.</param>
    public static string KindOf(int status) => status switch
    {
        < 300 => "done",
        < 400 => "plain",
        < 500 => "warning",
        _ => "error",
    };

    /// <summary>A duration in milliseconds.</summary>
    /// <param name="microseconds">The duration.</param>
    public static string Milliseconds(long microseconds) =>
        (microseconds / 1000.0).ToString(microseconds < 10_000 ? "0.0 'ms'" : "0 'ms'", CultureInfo.InvariantCulture);

    /// <summary>A JSON text with lines and indents, its numbers and the order of its members as they came; anything else as it is.</summary>
    /// <param name="text">The text.</param>
    public static string Pretty(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, Indented))
                document.RootElement.WriteTo(json);
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    /// <summary>The headers of a recorded call.</summary>
    /// <param name="json">A JSON object of texts.</param>
    public static IReadOnlyList<(string Name, string Value)> HeadersOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(header => (header.Name, header.Value.GetString() ?? string.Empty))];
    }

    /// <summary>A value within changes: text as it is, lists item by item.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its items; none for null.</returns>
    public static IReadOnlyList<string> ItemsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(ItemsOf)],
        _ => [value.GetRawText()],
    };
}
