using System.Globalization;

namespace Contacts.Console;

/// <summary>Moments as forms have them: without an offset, in the workspace's time zone.</summary>
internal static class LocalTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm";

    /// <summary>A moment for a form.</summary>
    /// <param name="utc">The moment.</param>
    /// <param name="zone">The time zone.</param>
    public static string TextOf(DateTime utc, TimeZoneInfo zone) => TimeZoneInfo.ConvertTimeFromUtc(utc, zone).ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The moment that was typed, UTC. One that a change of the clocks leaves out is an hour later.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="zone">The time zone.</param>
    /// <returns>Null when it is none.</returns>
    public static DateTime? Read(string? text, TimeZoneInfo zone)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var typed) || typed.Year is < 2000 or > 2900)
            return null;
        var local = DateTime.SpecifyKind(typed, DateTimeKind.Unspecified);
        return TimeZoneInfo.ConvertTimeToUtc(zone.IsInvalidTime(local) ? local.AddHours(1) : local, zone);
    }
}
