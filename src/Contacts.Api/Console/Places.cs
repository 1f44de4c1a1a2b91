using System.Globalization;
using Contacts.Core;

namespace Contacts.Console;

/// <summary>Places in lists as they stand in the pages' addresses: <c>n.638990000000000000.0197…</c>.</summary>
internal static class Places
{
    private const char Mark = '.';

    /// <summary>A place as text; null for none.</summary>
    /// <param name="place">The place.</param>
    public static string? TextOf(Cursor? place) => place is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{(at.Backwards ? 'p' : 'n')}{Mark}{at.Time?.Ticks ?? 0}{Mark}{at.Id:N}")
        : null;

    /// <summary>The place that a text names; null, which is the list's beginning, when it names none.</summary>
    /// <param name="text">The text.</param>
    public static Cursor? Read(string? text) =>
        text?.Split(Mark) is ["n" or "p", var ticks, var id] && Guid.TryParseExact(id, "N", out var uuid)
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time <= DateTime.MaxValue.Ticks
            ? new Cursor(text[0] == 'p', time == 0 ? null : new DateTime(time, DateTimeKind.Utc), uuid)
            : null;
}
