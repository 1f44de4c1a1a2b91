using System.Text.Json;

namespace Contacts.Webhooks.Checks;

/// <summary>
/// Headers as people paste them: lines <c>Name: value</c>, also of curl's and of PHP's making, a JSON object, or a signature alone. Names don't tell
/// upper from lower case.
/// </summary>
/// <param name="values">The values by name.</param>
internal sealed class PastedHeaders(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The end of the name of the dialect's header while there are two secrets.</summary>
    public const string PreviousSuffix = "-previous";

    private const string Bare = "x-webhook-signature";
    private const string Standard = "webhook-signature";
    private const string PhpPrefix = "HTTP_";

    /// <summary>The headers that hold a signature, with their values.</summary>
    public IEnumerable<KeyValuePair<string, string>> Signatures =>
        values.Where(header => header.Key is Standard or Bare or Bare + PreviousSuffix).OrderBy(header => header.Key.Length).ThenBy(header => header.Key, StringComparer.Ordinal);

    /// <summary>A header's value, or null.</summary>
    /// <param name="name">The name, lower case.</param>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Whether a header is that of Standard Webhooks.</summary>
    /// <param name="name">The name, lower case.</param>
    public static bool IsStandard(string name) => name == Standard;

    /// <summary>The delivery that a header names, or null.</summary>
    /// <param name="name">The header: its value ends in the delivery's id.</param>
    public Guid? DeliveryIn(string name) =>
        this[name] is { Length: > 32 } text && Guid.TryParseExact(text[^32..], "N", out var id) ? id : null;

    /// <summary>Reads what was pasted.</summary>
    /// <param name="text">The text.</param>
    public static PastedHeaders Read(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var trimmed = text.Trim();
        if (trimmed.StartsWith('{') && ReadJson(trimmed, found))
            return new PastedHeaders(found);
        var lines = trimmed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var line in lines)
            ReadLine(line, found);
        if (lines.Length == 1 && found.Count == 0)
            found[lines[0].StartsWith("v1,", StringComparison.Ordinal) ? Standard : Bare] = lines[0];
        return new PastedHeaders(found);
    }

    private static bool ReadJson(string text, Dictionary<string, string> found)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                var value = property.Value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : property.Value;
                found[NameOf(property.Name)] = value.ToString();
            }

            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void ReadLine(string line, Dictionary<string, string> found)
    {
        // curl shows what it sends with >, and takes headers as -H 'Name: value' \
        var plain = line.TrimStart('<', '>', ' ').TrimEnd('\\', ' ', ',');
        if (plain.StartsWith("-H ", StringComparison.Ordinal))
            plain = plain[3..];
        plain = plain.Trim('\'', '"', ' ');
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
            found[NameOf(plain[..colon].Trim('"', '\'', ' '))] = plain[(colon + 1)..].Trim('"', '\'', ' ');
    }

    private static string NameOf(string name) =>
        (name.StartsWith(PhpPrefix, StringComparison.Ordinal) ? name[PhpPrefix.Length..].Replace('_', '-') : name).ToLowerInvariant();
}
