using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Contacts.Webhooks.Checks;

/// <summary>Which letters of a JSON text are escaped beside those that must be.</summary>
internal enum JsonEscapes
{
    /// <summary>None: JavaScript.</summary>
    None,

    /// <summary>Those beyond the first plane, such as emoji, in upper-case digits: .NET when it is told to relax, as this server writes.</summary>
    Relaxed,

    /// <summary>All but ASCII, in lower-case digits: Python, PHP, Ruby on Rails.</summary>
    Ascii,

    /// <summary>All but ASCII, in upper-case digits, and what means something in HTML: .NET.</summary>
    Careful,

    /// <summary>What means something in HTML, in lower-case digits: Go.</summary>
    Html,
}

/// <summary>How a program writes JSON.</summary>
/// <param name="Escapes">What it escapes.</param>
/// <param name="Comma">What stands between members.</param>
/// <param name="Colon">What stands between name and value.</param>
internal sealed record JsonForm(JsonEscapes Escapes, string Comma = ",", string Colon = ":")
{
    /// <summary>What a line is indented with for each level; null for one line.</summary>
    public string? Indent { get; init; }

    /// <summary>Whether it sorts keys.</summary>
    public bool SortsKeys { get; init; }

    /// <summary>Whether it writes <c>\/</c> for <c>/</c>, as PHP does.</summary>
    public bool EscapesSlashes { get; init; }

    /// <summary>Writes a value. Numbers stay as they are written.</summary>
    /// <param name="value">The value.</param>
    public string Write(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    /// <summary>Writes a text with its quotation marks.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="value">The text.</param>
    public void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var letter in value)
            WriteLetter(text, letter);
        text.Append('"');
    }

    private void Write(StringBuilder text, JsonElement value, int level)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject();
                WriteMembers<JsonProperty>(text, SortsKeys ? members.OrderBy(member => member.Name, StringComparer.Ordinal) : members, '{', '}', level, member =>
                {
                    WriteText(text, member.Name);
                    text.Append(Colon);
                    Write(text, member.Value, level + 1);
                });
                break;
            case JsonValueKind.Array:
                WriteMembers(text, value.EnumerateArray(), '[', ']', level, item => Write(text, item, level + 1));
                break;
            case JsonValueKind.String:
                WriteText(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private void WriteMembers<T>(StringBuilder text, IEnumerable<T> members, char open, char close, int level, Action<T> write)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var member in members)
        {
            if (!isFirst)
                text.Append(Comma);
            isFirst = false;
            Break(text, level + 1);
            write(member);
        }

        if (!isFirst)
            Break(text, level);
        text.Append(close);
    }

    private void Break(StringBuilder text, int level)
    {
        if (Indent is null)
            return;
        text.Append('\n');
        for (var i = 0; i < level; i++)
            text.Append(Indent);
    }

    private void WriteLetter(StringBuilder text, char letter)
    {
        switch (letter)
        {
            case '"' when Escapes != JsonEscapes.Careful:
                text.Append("\\\"");
                break;
            case '\\':
                text.Append("\\\\");
                break;
            case '/' when EscapesSlashes:
                text.Append("\\/");
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case '\b':
                text.Append("\\b");
                break;
            case '\f':
                text.Append("\\f");
                break;
            default:
                if (IsEscaped(letter))
                    text.Append("\\u").Append(((int)letter).ToString(Escapes is JsonEscapes.Relaxed or JsonEscapes.Careful ? "X4" : "x4", CultureInfo.InvariantCulture));
                else
                    text.Append(letter);
                break;
        }
    }

    private bool IsEscaped(char letter) => letter < ' ' || Escapes switch
    {
        JsonEscapes.Relaxed => char.IsSurrogate(letter),
        JsonEscapes.Ascii => letter > '~',
        JsonEscapes.Careful => letter > '~' || letter is '"' or '<' or '>' or '&' or '\'' or '+' or '`',
        JsonEscapes.Html => letter is '<' or '>' or '&' or '\u2028' or '\u2029',
        _ => false,
    };
}
