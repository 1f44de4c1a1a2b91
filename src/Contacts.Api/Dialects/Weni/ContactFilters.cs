using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects.Weni;

/// <summary>Reads the filters of <c>GET contacts.json</c>. A filter that is malformed matches nothing, but a malformed URN is refused.</summary>
/// <param name="query">The query parameters.</param>
/// <param name="workspace">The workspace.</param>
/// <param name="catalog">Its groups.</param>
internal sealed class ContactFilters(IQueryCollection query, Workspace workspace, Catalog catalog)
{
    private readonly QueryFilters _filters = new(query);
    private ContactQuery? _read = new();

    /// <summary>Whether a group is named that the catalog lacks; a newer picture may have it.</summary>
    public bool MissedSomething { get; private set; }

    /// <summary>Reads all filters.</summary>
    /// <param name="from">Where the page begins or ends.</param>
    /// <returns>The query, null when nothing can match; or the answer that refuses the URL.</returns>
    public (ContactQuery? Query, JsonAnswer? Refusal) Read(Cursor? from)
    {
        if (_filters.Given("urn") is { } text)
        {
            if (workspace.IsAnonymous)
                return (null, LookUp.AnonymousRefusal);
            if (!LookUp.TryUrn(text, workspace, out var urn))
                return (null, LookUp.InvalidUrn(text));
            _read = _read! with { Urn = urn };
        }

        Guid? id = null;
        Narrow("uuid", _ => _filters.TryUuid("uuid", ref id) ? _read! with { Id = id } : null);
        Narrow("name", value => _read! with { NameContains = value });
        Narrow("search", Search);
        Narrow("group", Group);
        DateTime? until = null, since = null;
        Narrow("before", _ => _filters.TryTime("before", ref until) ? _read! with { ModifiedUntil = until } : null);
        Narrow("after", _ => _filters.TryTime("after", ref since) ? _read! with { ModifiedSince = since } : null);
        return (_read is null ? null : Order(_read with { From = from, PageSize = CursorPages.SizeOf(query) }), null);
    }

    private ContactQuery Order(ContactQuery read)
    {
        var (order, oldestFirst) = _filters.Given("order_by") switch
        {
            "created_on" => (ContactOrder.Created, true),
            "-created_on" => (ContactOrder.Created, false),
            "modified_on" => (ContactOrder.Modified, true),
            _ => (ContactOrder.Modified, false),
        };
        return read with { Deleted = _filters.IsTrue("deleted"), Order = order, OldestFirst = oldestFirst != _filters.IsTrue("reverse") };
    }

    private void Narrow(string parameter, Func<string, ContactQuery?> narrow)
    {
        if (_read is not null && _filters.Given(parameter) is { } value)
            _read = value.Contains('\0') ? null : narrow(value);
    }

    private ContactQuery Search(string value) =>
        _read! with { Search = value, SearchUrn = !workspace.IsAnonymous && LookUp.TryUrn(value, workspace, out var urn) ? urn : null };

    private ContactQuery? Group(string value)
    {
        var group = GroupReferences.Find(catalog, value);
        MissedSomething |= group is null;
        return group is null ? null : _read! with { GroupId = group.Id };
    }
}
