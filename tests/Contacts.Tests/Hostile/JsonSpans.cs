using System.Text.Json;

namespace Contacts.Tests.Hostile;

/// <summary>A value or a name in a text of JSON: which bytes it is.</summary>
internal readonly record struct JsonSpan(int Start, int End, bool IsName)
{
    /// <summary>All values and names of a text, as far as it is JSON.</summary>
    public static List<JsonSpan> AllOf(byte[] body)
    {
        var spans = new List<JsonSpan>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
                Add(ref reader, spans, open);
        }
        catch (JsonException)
        {
            // The rest is changed byte by byte.
        }

        return spans;
    }

    /// <summary>The body with other bytes in the span's place.</summary>
    public byte[] ReplacedIn(byte[] body, byte[] other) => [.. body.AsSpan(0, Start), .. other, .. body.AsSpan(End)];

    /// <summary>The body with bytes before the span.</summary>
    public byte[] PrecededIn(byte[] body, byte[] other) => [.. body.AsSpan(0, Start), .. other, .. body.AsSpan(Start)];

    private static void Add(ref Utf8JsonReader reader, List<JsonSpan> spans, Stack<int> open)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                open.Push(start);
                break;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                spans.Add(new JsonSpan(open.Pop(), start + 1, false));
                break;
            case JsonTokenType.PropertyName:
                // The colon after a name belongs to its token.
                spans.Add(new JsonSpan(start, start + 2 + reader.ValueSpan.Length, true));
                break;
            default:
                spans.Add(new JsonSpan(start, (int)reader.BytesConsumed, false));
                break;
        }
    }
}
