using System.Globalization;
using System.Text.Json;

namespace Contacts.Dialects.Weni;

/// <summary>Times on the wire: UTC, always six decimals.</summary>
internal static class JsonTimes
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Writes a time, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="time">The time, UTC.</param>
    public static void WriteTime(this Utf8JsonWriter json, JsonEncodedText name, DateTime? time)
    {
        if (time is not { } value)
        {
            json.WriteNull(name);
            return;
        }

        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
