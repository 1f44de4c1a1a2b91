using System.Globalization;
using System.Text.Json;

namespace Contacts.Dialects.Whaapy;

/// <summary>Times on the wire: UTC, whole seconds as the page shows them, with up to three decimals when there are any.</summary>
internal static class JsonTimes
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'";

    /// <summary>Writes a time, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="time">The time, UTC.</param>
    public static void WriteTime(this Utf8JsonWriter json, JsonEncodedText name, DateTime? time)
    {
        if (time is { } value)
            json.WriteString(name, value.ToString(Format, CultureInfo.InvariantCulture));
        else
            json.WriteNull(name);
    }

    /// <summary>Reads a date, or a time; without an offset it is UTC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time, UTC.</param>
    public static bool TryRead(string text, out DateTime time)
    {
        var isTime = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
        time = parsed.UtcDateTime;
        return isTime && text.Length >= "2026-01-28".Length && char.IsAsciiDigit(text[0]);
    }
}
