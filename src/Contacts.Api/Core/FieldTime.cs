using System.Globalization;

namespace Contacts.Core;

/// <summary>
/// Times as people and programs write them: ISO 8601, and the workspace's local forms. Hand-written, since the texts come from anywhere
/// and .NET's own parser takes far more than a date (<c>"5/6"</c>, <c>"monday"</c>).
/// </summary>
internal static class FieldTime
{
    private const string WithOffset = "yyyy-MM-dd'T'HH:mm:ss.ffffffzzz";
    private const string Utc = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const int MaxOffsetMinutes = 14 * 60;

    /// <summary>ISO 8601 with six decimals, in the time's own offset; <c>Z</c> for UTC.</summary>
    public static string Show(DateTimeOffset time) => time.ToString(FormatOf(time), CultureInfo.InvariantCulture);

    /// <summary>The same, written into a buffer.</summary>
    public static bool TryShow(DateTimeOffset time, Span<char> into, out int length) => time.TryFormat(into, out length, FormatOf(time), CultureInfo.InvariantCulture);

    /// <summary>The time that the whole of a trimmed text reads as, to the microsecond; null when it is none.</summary>
    public static DateTimeOffset? Read(ReadOnlySpan<char> text, TimeZoneInfo zone, DateStyle style, DateTimeOffset now)
    {
        if (!char.IsAsciiDigit(text[0]) || ReadDate(ref text, style) is not { } date)
            return null;
        if (text.IsEmpty)
            return InZone(date.ToDateTime(TimeOnly.FromTimeSpan(TimeOfDay(now, zone))), zone);
        if (text[0] is not ('T' or 't' or ' '))
            return null;
        text = text[1..].TrimStart(' ');
        if (ReadTimeOfDay(ref text) is not { } timeOfDay)
            return null;
        var local = date.ToDateTime(TimeOnly.MinValue).AddTicks(timeOfDay.Ticks);
        text = text.TrimStart(' ');
        if (text.IsEmpty)
            return InZone(local, zone);
        return ReadOffset(text) is { } offset ? At(local, offset) : null;
    }

    private static string FormatOf(DateTimeOffset time) => time.Offset == TimeSpan.Zero ? Utc : WithOffset;

    private static TimeSpan TimeOfDay(DateTimeOffset now, TimeZoneInfo zone)
    {
        var ticks = TimeZoneInfo.ConvertTime(now, zone).TimeOfDay.Ticks;
        return new TimeSpan(ticks - (ticks % TimeSpan.TicksPerMicrosecond));
    }

    // Three numbers with the same separator twice. A year has four digits and stands first, in any style, or last, in the workspace's order.
    private static DateOnly? ReadDate(ref ReadOnlySpan<char> text, DateStyle style)
    {
        var first = ReadDigits(ref text, 4, out var firstLength);
        if (text.IsEmpty || text[0] is not ('-' or '/' or '.'))
            return null;
        var separator = text[0];
        text = text[1..];
        var second = ReadDigits(ref text, 2, out var secondLength);
        if (secondLength == 0 || text.IsEmpty || text[0] != separator)
            return null;
        text = text[1..];
        var third = ReadDigits(ref text, 4, out var thirdLength);

        if (firstLength == 4 && thirdLength is 1 or 2)
            return Date(first, second, third);
        if (firstLength > 2 || thirdLength != 4)
            return null;
        return style switch
        {
            DateStyle.DayFirst => Date(third, second, first),
            DateStyle.MonthFirst => Date(third, first, second),
            _ => null,
        };
    }

    private static DateOnly? Date(int year, int month, int day) =>
        year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    // 10:00, 10:00:30, 10:00:30.123456, each with am or pm when the hour is 1 to 12; digits beyond the sixth are dropped.
    private static TimeSpan? ReadTimeOfDay(ref ReadOnlySpan<char> text)
    {
        var hour = ReadDigits(ref text, 2, out var hourLength);
        if (hourLength == 0 || ReadPart(ref text) is not { } minute)
            return null;
        var second = 0;
        var microseconds = 0;
        if (text is [':', ..])
        {
            if (ReadPart(ref text) is not { } read)
                return null;
            second = read;
            if (text is ['.' or ',', ..] && !ReadFraction(ref text, out microseconds))
                return null;
        }

        return ReadHalf(ref text, ref hour) && hour <= 23 ? new TimeSpan(0, hour, minute, second, 0, microseconds) : null;
    }

    // A colon and two digits below sixty.
    private static int? ReadPart(ref ReadOnlySpan<char> text)
    {
        if (text is not [':', ..])
            return null;
        text = text[1..];
        var value = ReadDigits(ref text, 2, out var length);
        return length == 2 && value < 60 ? value : null;
    }

    private static bool ReadFraction(ref ReadOnlySpan<char> text, out int microseconds)
    {
        text = text[1..];
        microseconds = ReadDigits(ref text, 6, out var length);
        for (var missing = length; missing < 6; missing++)
            microseconds *= 10;
        while (text is [>= '0' and <= '9', ..])
            text = text[1..];
        return length > 0;
    }

    private static bool ReadHalf(ref ReadOnlySpan<char> text, ref int hour)
    {
        var half = text.TrimStart(' ');
        var afternoon = half.StartsWith("pm", StringComparison.OrdinalIgnoreCase);
        if (!afternoon && !half.StartsWith("am", StringComparison.OrdinalIgnoreCase))
            return true;
        if (hour is < 1 or > 12)
            return false;
        hour = (hour % 12) + (afternoon ? 12 : 0);
        text = half[2..];
        return true;
    }

    // Z, +05, +05:00, +0500.
    private static TimeSpan? ReadOffset(ReadOnlySpan<char> text)
    {
        if (text is ['Z' or 'z'])
            return TimeSpan.Zero;
        if (text[0] is not ('+' or '-'))
            return null;
        var sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        var hours = ReadDigits(ref text, 2, out var hourLength);
        var minutes = 0;
        if (hourLength == 2 && !text.IsEmpty)
        {
            if (text[0] == ':')
                text = text[1..];
            minutes = ReadDigits(ref text, 2, out var minuteLength);
            if (minuteLength != 2)
                return null;
        }

        var total = (hours * 60) + minutes;
        return hourLength == 2 && text.IsEmpty && minutes < 60 && total <= MaxOffsetMinutes ? TimeSpan.FromMinutes(sign * total) : null;
    }

    // An hour that the clocks skip, or show twice, is taken in the zone's standard time, as TimeZoneInfo does.
    private static DateTimeOffset? InZone(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(local);
        return At(local, new TimeSpan(offset.Ticks - (offset.Ticks % TimeSpan.TicksPerMinute)));
    }

    private static DateTimeOffset? At(DateTime local, TimeSpan offset)
    {
        var utc = local.Ticks - offset.Ticks;
        return utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(local, offset);
    }

    private static int ReadDigits(ref ReadOnlySpan<char> text, int most, out int length)
    {
        var value = 0;
        length = 0;
        while (length < most && length < text.Length && char.IsAsciiDigit(text[length]))
            value = (value * 10) + (text[length++] - '0');
        text = text[length..];
        return value;
    }
}
