using System.Globalization;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects.Weni;

/// <summary>Reads the filters of <c>GET contacts.json</c>. A filter that is malformed matches nothing, but a malformed URN is refused.</summary>
/// <param name="query">The query parameters.</param>
/// <param name="workspace">The workspace.</param>
/// <param name="catalog">Its groups.</param>
internal sealed class ContactFilters(IQueryCollection query, Workspace workspace, Catalog catalog)
{
    private ContactQuery? _read = new();

    /// <summary>Whether a group is named that the catalog lacks; a newer picture may have it.</summary>
    public bool MissedSomething { get; private set; }

    /// <summary>Reads all filters.</summary>
    /// <param name="from">Where the page begins or ends.</param>
    /// <returns>The query, null when nothing can match; or the answer that refuses the URL.</returns>
    public (ContactQuery? Query, JsonAnswer? Refusal) Read(Cursor? from)
    {
        if (Given("urn") is { } text)
        {
            if (!LookUp.TryUrn(text, workspace, out var urn))
                return (null, LookUp.InvalidUrn(text));
            _read = _read! with { Urn = urn };
        }

        Narrow("uuid", value => LookUp.TryUuid(value, out var id) ? _read! with { Id = id } : null);
        Narrow("name", value => _read! with { NameContains = value });
        Narrow("search", Search);
        Narrow("group", Group);
        Narrow("before", value => TryTime(value) is { } time ? _read! with { ModifiedUntil = time } : null);
        Narrow("after", value => TryTime(value) is { } time ? _read! with { ModifiedSince = time } : null);
        return (_read is null ? null : Order(_read with { From = from, PageSize = CursorPages.SizeOf(query) }), null);
    }

    private ContactQuery Order(ContactQuery read)
    {
        var (order, oldestFirst) = Given("order_by") switch
        {
            "created_on" => (ContactOrder.Created, true),
            "-created_on" => (ContactOrder.Created, false),
            "modified_on" => (ContactOrder.Modified, true),
            _ => (ContactOrder.Modified, false),
        };
        return read with { Deleted = IsTrue("deleted"), Order = order, OldestFirst = oldestFirst != IsTrue("reverse") };
    }

    private void Narrow(string parameter, Func<string, ContactQuery?> narrow)
    {
        if (_read is not null && Given(parameter) is { } value)
            _read = value.Contains('\0') ? null : narrow(value);
    }

    private ContactQuery Search(string value) =>
        _read! with { Search = value, SearchUrn = LookUp.TryUrn(value, workspace, out var urn) ? urn : null };

    private ContactQuery? Group(string value)
    {
        var group = References.Group(catalog, value);
        MissedSomething |= group is null;
        return group is null ? null : _read! with { GroupId = group.Id };
    }

    /// <summary>A parameter's value; an empty one is as good as none.</summary>
    private string? Given(string parameter) => query[parameter].LastOrDefault() is { Length: > 0 } value ? value : null;

    private bool IsTrue(string parameter) => Given(parameter)?.ToLowerInvariant() is "true" or "1" or "yes" or "y" or "t";

    private static DateTime? TryTime(string text)
    {
        // A + of an offset that was not encoded arrives as a space.
        var space = text.LastIndexOf(' ');
        if (space > 0 && text.IndexOf('T', StringComparison.Ordinal) is > 0 and var t && t < space)
            text = string.Concat(text.AsSpan(0, space), "+", text.AsSpan(space + 1));
        return char.IsAsciiDigit(text[0]) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.UtcDateTime
            : null;
    }
}
