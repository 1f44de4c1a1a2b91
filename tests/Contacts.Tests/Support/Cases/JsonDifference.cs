using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Support.Cases;

/// <summary>Says where an answer differs from what a case expects, one line each: <c>results[0].name: expected "Ana", was "Bia"</c>.</summary>
internal sealed class JsonDifference
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Objects of the dialect come with their keys in a fixed order; errors and fields in any.</summary>
    private static readonly string[] Ordered = ["uuid", "key", "next", "last_contact_at", "contact_count"];

    private readonly bool _partly;
    private readonly List<string> _lines = [];

    private JsonDifference(bool partly) => _partly = partly;

    /// <summary>The differences, none when the answer is right.</summary>
    /// <param name="expected">What is expected, its texts filled; patterns may stand in it.</param>
    /// <param name="actual">What was answered.</param>
    /// <param name="partly">Whether objects may hold more than is expected.</param>
    public static IReadOnlyList<string> Between(JsonNode? expected, JsonNode? actual, bool partly)
    {
        var difference = new JsonDifference(partly);
        difference.Compare("", expected, actual);
        return difference._lines;
    }

    private void Compare(string path, JsonNode? expected, JsonNode? actual)
    {
        switch (expected, actual)
        {
            case (JsonObject wanted, JsonObject found):
                CompareObjects(path, wanted, found);
                return;
            case (JsonArray wanted, JsonArray found):
                CompareArrays(path, wanted, found);
                return;
            case (JsonValue wanted, not null) when wanted.TryGetValue<string>(out var text) && string.Equals(text, "{{any}}", StringComparison.Ordinal):
                return;
            case (JsonValue wanted, JsonValue found) when wanted.TryGetValue<string>(out var pattern) && found.TryGetValue<string>(out var text):
                if (CaseText.Matches(pattern, text))
                    return;
                break;
            default:
                if (JsonNode.DeepEquals(expected, actual))
                    return;
                break;
        }

        _lines.Add($"{Place(path)}: expected {Show(expected)}, was {Show(actual)}");
    }

    private void CompareObjects(string path, JsonObject expected, JsonObject actual)
    {
        foreach (var (key, value) in expected)
        {
            if (actual.TryGetPropertyValue(key, out var found))
                Compare($"{path}.{key}", value, found);
            else
                _lines.Add($"{Place(path)}: {key} is missing, expected {Show(value)}");
        }

        if (_partly)
            return;
        foreach (var (key, value) in actual.Where(member => !expected.ContainsKey(member.Key)))
            _lines.Add($"{Place(path)}: {key} is too much, it is {Show(value)}");
        var keys = actual.Select(member => member.Key).ToList();
        if (Ordered.Any(expected.ContainsKey) && keys.Count == expected.Count && !keys.SequenceEqual(expected.Select(member => member.Key), StringComparer.Ordinal))
            _lines.Add($"{Place(path)}: keys in another order: {string.Join(", ", keys)}");
    }

    private void CompareArrays(string path, JsonArray expected, JsonArray actual)
    {
        if (expected.Count != actual.Count)
            _lines.Add($"{Place(path)}: expected {expected.Count} items, was {actual.Count}: {Show(actual)}");
        for (var i = 0; i < Math.Min(expected.Count, actual.Count); i++)
            Compare($"{path}[{i}]", expected[i], actual[i]);
    }

    private static string Place(string path) => path.Length == 0 ? "the body" : path.TrimStart('.');

    private static string Show(JsonNode? node)
    {
        var text = node?.ToJsonString(Readable) ?? "null";
        return text.Length <= 300 ? text : text[..300] + "…";
    }
}
