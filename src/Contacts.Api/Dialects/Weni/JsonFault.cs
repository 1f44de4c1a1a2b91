using System.Text;
using System.Text.Json;

namespace Contacts.Dialects.Weni;

/// <summary>Says what is wrong with JSON, and where, the way the reference's parser does: line, column and character, counted in characters.</summary>
internal static class JsonFault
{
    /// <summary>What the parser stumbled over.</summary>
    /// <param name="error">The parser's error.</param>
    /// <param name="body">The body, valid UTF-8.</param>
    public static string Of(JsonException error, ReadOnlySpan<byte> body)
    {
        var line = (int)(error.LineNumber ?? 0);
        var start = StartOfLine(body, line);
        var end = Math.Min(body.Length, start + (int)(error.BytePositionInLine ?? 0));

        if (IsToldOfTheWholeToken(error.Message))
            end = StartOfToken(body, end);

        // A fault within a character's bytes is a fault at that character.
        while (end > start && end < body.Length && (body[end] & 0xC0) == 0x80)
            end--;
        var column = CharactersIn(body[start..end]);
        return $"{What(error.Message, body[end..])}: line {line + 1} column {column + 1} (char {CharactersIn(body[..end])})";
    }

    /// <summary>Where the bytes stop being UTF-8.</summary>
    /// <param name="body">The body.</param>
    public static string OfBadUtf8(ReadOnlySpan<byte> body)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(body[position..], out _, out var length) == System.Buffers.OperationStatus.Done)
            position += length;
        return $"'utf-8' codec can't decode byte 0x{body[position]:x2} in position {position}: invalid start byte";
    }

    private static string What(string message, ReadOnlySpan<byte> rest)
    {
        if (message.Contains("end of string", StringComparison.Ordinal))
            return "Unterminated string starting at";
        if (message.Contains("within a JSON string", StringComparison.Ordinal))
            return "Invalid control character at";
        if (message.Contains("escapable", StringComparison.Ordinal) || message.Contains("hex digit", StringComparison.Ordinal))
            return "Invalid \\escape";
        if (message.Contains("property name", StringComparison.Ordinal) || message.Contains("start of a property", StringComparison.Ordinal))
            return "Expecting property name enclosed in double quotes";
        if (message.Contains("':'", StringComparison.Ordinal) || message.Contains("separator", StringComparison.Ordinal))
            return "Expecting ':' delimiter";
        if (message.Contains("after a single JSON value", StringComparison.Ordinal))
            return "Extra data";
        if (message.Contains("maximum configured depth", StringComparison.Ordinal))
            return "Nested too deeply";
        return !rest.IsEmpty && message.Contains("',' or", StringComparison.Ordinal) ? "Expecting ',' delimiter" : "Expecting value";
    }

    private static bool IsToldOfTheWholeToken(string message) =>
        message.Contains("literal", StringComparison.Ordinal) || message.Contains("end of string", StringComparison.Ordinal);

    /// <summary>The token that the parser stumbled within begins after all that it could take.</summary>
    private static int StartOfToken(ReadOnlySpan<byte> body, int fault)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            // The same fault again, this time with the place of the last good token.
        }

        var start = (int)reader.BytesConsumed;
        while (start < fault && body[start] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)',' or (byte)':')
            start++;
        return start;
    }

    private static int StartOfLine(ReadOnlySpan<byte> body, int line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            var end = body[start..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            start += end + 1;
        }

        return start;
    }

    private static int CharactersIn(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
            count += (unit & 0xC0) == 0x80 ? 0 : 1;
        return count;
    }
}
