using System.Text;
using System.Text.Json;

namespace Contacts.Webhooks.Checks;

/// <summary>A body as it may have been signed.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="Mistakes">What was done to it since, if that is what was signed.</param>
internal sealed record BodyForm(byte[] Bytes, IReadOnlyList<SignatureMistake> Mistakes);

/// <summary>From the body that a receiver has: what it may have been before programs touched it.</summary>
internal static class BodyForms
{
    // All orders of six keys beside four: enough for most events, and quick.
    private const int MostOrders = 20_000;
    private const int MostKeys = 6;

    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    private static readonly (string Comma, string Colon, string? Indent)[] Layouts =
        [(",", ":", null), (", ", ": ", null), (",", ": ", null), (",", ": ", "  "), (",", ": ", "    "), (",", ": ", "\t")];

    /// <summary>Without whitespace, marks and line breaks that come and go on the way, or with them.</summary>
    /// <param name="body">The body.</param>
    public static IEnumerable<BodyForm> Plain(byte[] body)
    {
        if (body.AsSpan().StartsWith(Mark))
            yield return new BodyForm(body[3..], [SignatureMistake.ByteOrderMark]);
        var text = Encoding.UTF8.GetString(body);
        var trimmed = text.Trim();
        if (trimmed.Length < text.Length)
        {
            yield return Form(text.TrimEnd(), SignatureMistake.ExtraWhitespace);
            yield return Form(trimmed, SignatureMistake.ExtraWhitespace);
        }

        if (text.Contains('\n', StringComparison.Ordinal))
        {
            var lines = text.ReplaceLineEndings("\n");
            yield return Form(lines, SignatureMistake.LineBreaks);
            yield return Form(lines.Replace("\n", "\r\n", StringComparison.Ordinal), SignatureMistake.LineBreaks);
        }

        yield return Form(trimmed + "\n", SignatureMistake.LostWhitespace);
        yield return Form(trimmed + "\r\n", SignatureMistake.LostWhitespace);
        yield return new BodyForm([.. Mark, .. body], [SignatureMistake.ByteOrderMark]);
        if (text.Any(letter => letter > '\x7F') && text.All(letter => letter <= '\xFF'))
            yield return new BodyForm(Encoding.Latin1.GetBytes(text), [SignatureMistake.Charset]);
        if (Unquoted(trimmed) is { } inner)
            yield return Form(inner, SignatureMistake.QuotedBody);
    }

    /// <summary>As programs of several languages would have written the same values.</summary>
    /// <param name="body">The body.</param>
    public static IEnumerable<BodyForm> Json(byte[] body)
    {
        using var json = Parse(body);
        if (json is null)
            yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sorts in new[] { false, true })
        {
            foreach (var (comma, colon, indent) in Layouts)
            {
                foreach (var escapes in Enum.GetValues<JsonEscapes>())
                {
                    foreach (var slashes in new[] { false, true })
                    {
                        var form = new JsonForm(escapes, comma, colon) { Indent = indent, SortsKeys = sorts, EscapesSlashes = slashes };
                        if (form.Write(json.RootElement) is var text && seen.Add(text))
                            yield return Form(text, SignatureMistake.Reserialized);
                    }
                }
            }
        }
    }

    /// <summary>With keys in other orders, on one line.</summary>
    /// <param name="body">The body.</param>
    public static IEnumerable<BodyForm> Reordered(byte[] body)
    {
        using var json = Parse(body);
        if (json is null)
            yield break;
        var (relaxed, plain) = (new JsonForm(JsonEscapes.Relaxed), new JsonForm(JsonEscapes.None));
        JsonForm[] forms = relaxed.Write(json.RootElement) == plain.Write(json.RootElement) ? [plain] : [relaxed, plain];
        foreach (var text in forms.SelectMany(form => Orders(json.RootElement, form).Skip(1).Take(MostOrders)))
            yield return Form(text, SignatureMistake.Reserialized);
    }

    /// <summary>How a body differs from the one that was signed, when both say the same.</summary>
    /// <param name="body">The body.</param>
    /// <param name="signed">What was signed.</param>
    public static IEnumerable<SignatureMistake> Differences(byte[] body, byte[] signed)
    {
        using var had = Parse(body);
        using var sent = Parse(signed);
        if (had is null || sent is null || Sorted(had) != Sorted(sent))
            return [SignatureMistake.OtherBody];
        var found = new List<SignatureMistake> { SignatureMistake.Reserialized };
        if (Unescaped(had) != Unescaped(sent))
            found.Add(SignatureMistake.KeyOrder);
        var (hadBare, sentBare) = (WithoutSpaces(body), WithoutSpaces(signed));
        if (hadBare.Length != body.Length || sentBare.Length != signed.Length)
            found.Add(hadBare.Contains('\n', StringComparison.Ordinal) || body.AsSpan().Contains((byte)'\n') ? SignatureMistake.Indented : SignatureMistake.Spaces);
        if (hadBare.Order().SequenceEqual(sentBare.Order()) is false)
            found.Add(SignatureMistake.Escapes);
        return found;
    }

    private static BodyForm Form(string text, SignatureMistake mistake) => new(Encoding.UTF8.GetBytes(text), [mistake]);

    private static string Sorted(JsonDocument json) => new JsonForm(JsonEscapes.None) { SortsKeys = true }.Write(json.RootElement);

    private static string Unescaped(JsonDocument json) => new JsonForm(JsonEscapes.None).Write(json.RootElement);

    private static JsonDocument? Parse(byte[] body)
    {
        try
        {
            // A mark before the first brace is for Plain to find.
            var text = body.AsMemory(body.AsSpan().StartsWith(Mark) ? 3 : 0);
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text that a JSON string holds, with or without its own quotation marks: as logs show bodies.</summary>
    private static string? Unquoted(string text)
    {
        if (!text.StartsWith('"') && !text.Contains("\\\"", StringComparison.Ordinal))
            return null;
        try
        {
            return JsonSerializer.Deserialize<string>(text.StartsWith('"') ? text : $"\"{text}\"");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string WithoutSpaces(byte[] body)
    {
        var text = new StringBuilder(body.Length);
        var isText = false;
        var isEscaped = false;
        foreach (var letter in Encoding.Latin1.GetString(body))
        {
            if (isText || letter is not (' ' or '\n' or '\r' or '\t'))
                text.Append(letter);
            if (letter == '"' && !isEscaped)
                isText = !isText;
            isEscaped = isText && letter == '\\' && !isEscaped;
        }

        return text.ToString();
    }

    /// <summary>A value with its keys in all orders, as it is first.</summary>
    private static IEnumerable<string> Orders(JsonElement value, JsonForm form)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return [form.Write(value)];
        JsonProperty[] members = [.. value.EnumerateObject()];
        if (members.Length > MostKeys)
            return [form.Write(value), (form with { SortsKeys = true }).Write(value)];
        return Permutations(members).SelectMany(order => Members(order, 0, form)).Select(text => $"{{{text}}}");
    }

    private static IEnumerable<string> Members(JsonProperty[] members, int first, JsonForm form)
    {
        if (first == members.Length)
            return [string.Empty];
        var name = new StringBuilder(first == 0 ? string.Empty : ",");
        form.WriteText(name, members[first].Name);
        return from value in Orders(members[first].Value, form)
               from rest in Members(members, first + 1, form)
               select $"{name}:{value}{rest}";
    }

    private static IEnumerable<JsonProperty[]> Permutations(JsonProperty[] members)
    {
        if (members.Length < 2)
            return [members];
        return from first in Enumerable.Range(0, members.Length)
               from rest in Permutations([.. members[..first], .. members[(first + 1)..]])
               select (JsonProperty[])[members[first], .. rest];
    }
}
