using System.Globalization;
using System.Text.Json;

namespace Contacts.Dialects.Weni;

/// <summary>Times on the wire: UTC, always six decimals.</summary>
internal static class JsonTimes
{
    // Of the runtime's own form, which is the fastest and has seven decimals: 2026-11-20T09:36:19.7659740.
    private const string Format = "O";
    private const int LengthWithSixDecimals = 26;

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

        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out _, Format, CultureInfo.InvariantCulture);
        text[LengthWithSixDecimals] = (byte)'Z';
        json.WriteString(name, text[..(LengthWithSixDecimals + 1)]);
    }
}
