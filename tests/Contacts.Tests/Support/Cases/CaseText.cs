using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Contacts.Tests.Support.Cases;

/// <summary>
/// The marks in a case's texts. <c>{{name}}</c> is a captured value (<c>{{name|upper}}</c> in capitals), <c>{{text:100:a}}</c> is a hundred times a,
/// <c>{{base64:…}}</c> encodes; <c>{{repeat:100:ext:$i}}</c>, as an array's item or an object's key, stands for a hundred of them.
/// In expectations <c>{{uuid}}</c>, <c>{{time}}</c>, <c>{{instant}}</c> (with up to three decimals), <c>{{any}}</c> and <c>{{re:…}}</c> are patterns.
/// </summary>
/// <param name="unknown">What stands for a name that nothing was captured as; without it such a name is an error.</param>
internal sealed class CaseText(Func<string, string>? unknown = null)
{
    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["uuid"] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ["time"] = @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z",
        ["instant"] = @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,3})?Z",
        ["any"] = ".*",
    };

    private readonly Dictionary<string, string> _captured = new(StringComparer.Ordinal);

    /// <summary>Gives a value a name.</summary>
    public void Capture(string name, string value) => _captured[name] = value;

    /// <summary>The text with captured values and repetitions in place; patterns are left standing.</summary>
    public string Fill(string text, int index = 0) =>
        Replace(text.Replace("$i", index.ToString("000", CultureInfo.InvariantCulture), StringComparison.Ordinal), Resolve);

    /// <summary>The value with every text in it filled and every <c>{{repeat:…}}</c> unfolded.</summary>
    public JsonNode? Fill(JsonNode? node, int index = 0) => node switch
    {
        JsonObject members => FillObject(members, index),
        JsonArray items => new JsonArray([.. items.SelectMany(item => Unfold(item, index))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Fill(text, index)),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether a text is what a filled text with patterns asks for.</summary>
    public static bool Matches(string expected, string actual)
    {
        if (!expected.Contains("{{", StringComparison.Ordinal))
            return string.Equals(expected, actual, StringComparison.Ordinal);
        var regex = Replace(expected, ToRegex, Regex.Escape);
        return Regex.IsMatch(actual, $"^(?:{regex})$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    private JsonObject FillObject(JsonObject members, int index)
    {
        var filled = new JsonObject();
        foreach (var (key, value) in members)
        {
            if (Repetition(key) is not { } repeated)
            {
                filled[Fill(key, index)] = Fill(value, index);
                continue;
            }

            for (var i = 0; i < repeated.Count; i++)
                filled[Fill(repeated.Text, i)] = Fill(value, i);
        }

        return filled;
    }

    private IEnumerable<JsonNode?> Unfold(JsonNode? item, int index)
    {
        if (item is JsonValue value && value.TryGetValue<string>(out var text) && Repetition(text) is { } repeated)
            return Enumerable.Range(0, repeated.Count).Select(i => (JsonNode?)JsonValue.Create(Fill(repeated.Text, i)));
        return [Fill(item, index)];
    }

    private static (int Count, string Text)? Repetition(string text)
    {
        const string Mark = "{{repeat:";
        if (!text.StartsWith(Mark, StringComparison.Ordinal) || EndOfMark(text, 0) != text.Length)
            return null;
        var colon = text.IndexOf(':', Mark.Length);
        return (int.Parse(text.AsSpan(Mark.Length, colon - Mark.Length), CultureInfo.InvariantCulture), text[(colon + 1)..^2]);
    }

    private string Resolve(string mark)
    {
        var parts = mark.Split(':', 3);
        if (Patterns.ContainsKey(mark))
            return "{{" + mark + "}}";
        return parts[0] switch
        {
            "re" => "{{" + Replace(mark, Resolve) + "}}",
            "text" => new StringBuilder().Insert(0, parts[2], int.Parse(parts[1], CultureInfo.InvariantCulture)).ToString(),
            "base64" => Convert.ToBase64String(Encoding.UTF8.GetBytes(Replace(mark["base64:".Length..], Resolve))),
            _ when mark.EndsWith("|upper", StringComparison.Ordinal) => Captured(mark[..^"|upper".Length]).ToUpperInvariant(),
            _ => Captured(mark),
        };
    }

    private string Captured(string name) =>
        _captured.TryGetValue(name, out var value) ? value : unknown?.Invoke(name) ?? throw new InvalidDataException($"Nothing was captured as {name}.");

    private static string ToRegex(string mark) =>
        mark.StartsWith("re:", StringComparison.Ordinal) ? $"(?:{mark[3..]})" : Patterns[mark];

    /// <summary>Replaces each mark, braces balanced, and passes what stands between them through <paramref name="literal"/>.</summary>
    private static string Replace(string text, Func<string, string> mark, Func<string, string>? literal = null)
    {
        var result = new StringBuilder();
        var from = 0;
        for (var at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at, StringComparison.Ordinal))
        {
            if (at + 2 >= text.Length || !char.IsAsciiLetter(text[at + 2]))
            {
                at++;
                continue;
            }

            var end = EndOfMark(text, at);
            var before = text[from..at];
            result.Append(literal is null ? before : literal(before)).Append(mark(text[(at + 2)..(end - 2)]));
            from = at = end;
        }

        var rest = text[from..];
        return result.Append(literal is null ? rest : literal(rest)).ToString();
    }

    private static int EndOfMark(string text, int start)
    {
        var depth = 0;
        for (var at = start; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return at + 1;
        }

        throw new InvalidDataException($"A mark without an end: {text[start..]}");
    }
}
