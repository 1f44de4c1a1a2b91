using System.Globalization;
using System.Text;

namespace Contacts.Core;

/// <summary>The order of day, month and year in which a workspace writes its dates.</summary>
public enum DateStyle
{
    /// <summary><c>31-12-2014</c>.</summary>
    DayFirst,

    /// <summary><c>12-31-2014</c>.</summary>
    MonthFirst,

    /// <summary><c>2014-12-31</c>.</summary>
    YearFirst,
}

/// <summary>What a field is read as.</summary>
public enum FieldType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A decimal number.</summary>
    Numeric,

    /// <summary>A point in time.</summary>
    Datetime,

    /// <summary>The name of a state.</summary>
    State,

    /// <summary>The name of a district.</summary>
    District,

    /// <summary>The name of a ward.</summary>
    Ward,
}

/// <summary>
/// A contact's value of a field: its text, and what the text reads as. All three are kept, so that changing the field's type loses nothing.
/// Two values are equal when text, number, time and the time's offset are.
/// </summary>
/// <param name="Text">As the client sent it, cut at <see cref="MaxTextLength"/>.</param>
/// <param name="Number">The number it reads as; null when it is none, or one beyond what a decimal can hold.</param>
/// <param name="Time">The time it reads as, to the microsecond, in the offset it was given or the workspace's; null when it is none.</param>
public sealed record FieldValue(string Text, decimal? Number, DateTimeOffset? Time)
{
    /// <summary>The longest text, in Unicode characters: an emoji counts once.</summary>
    public const int MaxTextLength = 640;

    /// <summary>As many characters as a number or a time takes at most when it is shown.</summary>
    public const int MaxShownLength = 64;

    // Dividing by it takes the trailing zeros off a decimal.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Reads what a client sent.</summary>
    /// <param name="text">The text; NUL characters are dropped and halves of surrogate pairs replaced, since PostgreSQL holds neither.</param>
    /// <param name="zone">The workspace's zone, for times without an offset.</param>
    /// <param name="style">The workspace's order of day, month and year.</param>
    /// <param name="now">The current time, whose time of day completes a date without one.</param>
    /// <returns>The value, or null for null and blank text.</returns>
    public static FieldValue? Read(string? text, TimeZoneInfo zone, DateStyle style, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var kept = Cut(FieldText.Storable(text));
        var trimmed = kept.AsSpan().Trim();
        return trimmed.IsEmpty ? null : new FieldValue(kept, ReadNumber(trimmed), FieldTime.Read(trimmed, zone, style, now));
    }

    /// <summary>What a reader gets from a field of this type.</summary>
    /// <param name="type">The field's type as it is now.</param>
    /// <returns>The text, the number without trailing zeros, or the time in ISO 8601; null when the text is no number or no time.</returns>
    public string? Show(FieldType type)
    {
        if (type is not (FieldType.Numeric or FieldType.Datetime))
            return Text;
        return TryShow(type, stackalloc char[MaxShownLength], out var shown) ? shown.ToString() : null;
    }

    /// <summary>What <see cref="Show"/> answers, for lists: nothing is left behind for the garbage collector.</summary>
    /// <param name="type">The field's type as it is now.</param>
    /// <param name="room">Where a number or a time may be written: <see cref="MaxShownLength"/> characters.</param>
    /// <param name="shown">What is shown.</param>
    /// <returns>False when the text is no number or no time.</returns>
    public bool TryShow(FieldType type, Span<char> room, out ReadOnlySpan<char> shown)
    {
        var length = 0;
        var isShown = type switch
        {
            FieldType.Numeric => Number is { } number && Trim(number).TryFormat(room, out length, default, CultureInfo.InvariantCulture),
            FieldType.Datetime => Time is { } time && FieldTime.TryShow(time, room, out length),
            _ => true,
        };
        shown = type is FieldType.Numeric or FieldType.Datetime ? room[..length] : Text;
        return isShown;
    }

    /// <summary>Whether a client only repeats a stored value: a date without a time reads differently at every call, and is still the same date.</summary>
    /// <param name="before">The stored value.</param>
    /// <returns>True when nothing needs to be written.</returns>
    public bool IsSaidAgain(FieldValue before) =>
        Equals(before)
        || (string.Equals(Text, before.Text, StringComparison.Ordinal) && Number == before.Number && Time?.Date == before.Time?.Date
            && Time?.Offset == before.Time?.Offset);

    /// <summary>Whether this and another value read as the same moment in the same offset, however it is written.</summary>
    /// <param name="before">The other value; null for none.</param>
    public bool IsMomentOf(FieldValue? before) => Time is { } time && before?.Time is { } stored && time == stored && time.Offset == stored.Offset;

    /// <summary>Equal in text, number, time and offset (two times of one instant in two offsets are shown differently).</summary>
    /// <param name="other">The other value.</param>
    /// <returns>True when a reader can't tell them apart.</returns>
    public bool Equals(FieldValue? other) =>
        other is not null
        && string.Equals(Text, other.Text, StringComparison.Ordinal)
        && Number == other.Number
        && Time == other.Time
        && Time?.Offset == other.Time?.Offset;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, Number, Time);

    internal static decimal Trim(decimal number) => number == 0 ? 0 : number / One;

    // A plain number only: sign, digits, point and digits. No exponent, no thousands separator, no bare point.
    private static decimal? ReadNumber(ReadOnlySpan<char> text)
    {
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[^1]))
            return null;
        var point = digits.IndexOf('.');
        if (digits[..(point < 0 ? digits.Length : point)].ContainsAnyExceptInRange('0', '9') || digits[(point + 1)..].ContainsAnyExceptInRange('0', '9'))
            return null;
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? Trim(number)
            : null;
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxTextLength)
            return text;
        var end = 0;
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count++ == MaxTextLength)
                return text[..end];
            end += rune.Utf16SequenceLength;
        }

        return text;
    }
}

/// <summary>What a jsonb column can hold.</summary>
internal static class FieldText
{
    /// <summary>The same text without NUL characters, each half of a surrogate pair replaced by U+FFFD.</summary>
    public static string Storable(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return text;
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
                kept.Append(rune.ToString());
        }

        return kept.ToString();
    }
}
