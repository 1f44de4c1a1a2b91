using System.Globalization;

namespace Contacts.Dialects.Weni;

/// <summary>Reads the filters of a URL. An empty one is as good as none; of one that stands there twice, the last counts.</summary>
/// <param name="query">The query parameters.</param>
internal sealed class QueryFilters(IQueryCollection query)
{
    /// <summary>A filter's value, or null.</summary>
    /// <param name="parameter">The filter's name.</param>
    public string? Given(string parameter) => query[parameter].LastOrDefault() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a filter is switched on, in one of the ways that people write it.</summary>
    /// <param name="parameter">The filter's name.</param>
    public bool IsTrue(string parameter) => Given(parameter)?.ToLowerInvariant() is "true" or "1" or "yes" or "y" or "t" or "on";

    /// <summary>A filter's uuid.</summary>
    /// <param name="parameter">The filter's name.</param>
    /// <param name="uuid">The uuid, when the filter is given.</param>
    /// <returns>False when it is malformed.</returns>
    public bool TryUuid(string parameter, ref Guid? uuid)
    {
        if (Given(parameter) is not { } text)
            return true;
        var isUuid = LookUp.TryUuid(text, out var value);
        uuid = value;
        return isUuid;
    }

    /// <summary>A filter's time.</summary>
    /// <param name="parameter">The filter's name.</param>
    /// <param name="time">The time, UTC, when the filter is given.</param>
    /// <returns>False when it is malformed.</returns>
    public bool TryTime(string parameter, ref DateTime? time)
    {
        if (Given(parameter) is not { } text)
            return true;

        // A + of an offset that was not encoded arrives as a space.
        var space = text.LastIndexOf(' ');
        if (space > 0 && text.IndexOf('T', StringComparison.Ordinal) is > 0 and var t && t < space)
            text = string.Concat(text.AsSpan(0, space), "+", text.AsSpan(space + 1));
        if (!char.IsAsciiDigit(text[0]) || !DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
            return false;
        time = parsed.UtcDateTime;
        return true;
    }
}
