using System.Globalization;

namespace Contacts.Console.Pages.Log;

/// <summary>The moments along the lower side of a picture of the last hour.</summary>
internal static class MinuteAxis
{
    private const int Quarter = 15;

    /// <summary>The quarters of the hour, in the workspace's time zone.</summary>
    /// <param name="since">When the picture begins, UTC.</param>
    /// <param name="zone">The time zone.</param>
    public static IReadOnlyList<(double X, string Label)> Of(DateTime since, TimeZoneInfo zone)
    {
        var first = (Quarter - (since.Minute % Quarter)) % Quarter;
        return [.. Enumerable.Range(0, Picture.Bars / Quarter).Select(number => first + (number * Quarter))
            .Select(minute => ((minute + 0.5) * Picture.Width / Picture.Bars, TextOf(since.AddMinutes(minute), zone)))];
    }

    /// <summary>A moment's hour and minute.</summary>
    /// <param name="time">The moment, UTC.</param>
    /// <param name="zone">The time zone.</param>
    public static string TextOf(DateTime time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTimeFromUtc(time, zone).ToString("HH:mm", CultureInfo.InvariantCulture);
}
