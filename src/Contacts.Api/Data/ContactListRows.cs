using System.Globalization;
using Contacts.Core;
using Npgsql;

namespace Contacts.Data;

/// <summary>The statement of one page of a list of contacts: one, whatever the page's depth.</summary>
internal sealed class ContactListRows
{
    private const string Member =
        "EXISTS (SELECT FROM group_members m WHERE m.workspace_id = $1 AND m.contact_id = contact_rows.id AND m.group_id = $)";

    private readonly ContactQuery _query;
    private readonly ContactConditions _where;
    private readonly bool _isAscending;

    /// <summary>The statement.</summary>
    /// <param name="workspaceId">The workspace, which the statement carries.</param>
    /// <param name="query">What is listed.</param>
    public ContactListRows(Guid workspaceId, ContactQuery query)
    {
        _query = query;
        _where = new ContactConditions(workspaceId, query.Deleted);
        _isAscending = query.OldestFirst != (query.From is { Backwards: true });
        AddAddresses();
        AddNames();
        AddAttributes();
        AddPlace();
    }

    private bool IsByCreation => _query.Order == ContactOrder.Created;

    /// <summary>Whether nothing is filtered.</summary>
    private bool IsWhole => _query == new ContactQuery
    {
        Deleted = _query.Deleted,
        Order = _query.Order,
        OldestFirst = _query.OldestFirst,
        PageSize = _query.PageSize,
        Patience = _query.Patience,
        From = _query.From,
    };

    /// <summary>Reads the page in the direction of its cursor, one contact beyond it included.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<List<Contact>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var limit = AddLimit();
        var direction = _isAscending ? "ASC" : "DESC";
        var order = IsByCreation ? $"id {direction}" : $"modified_on {direction}, id {direction}";
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(_where.Command($"{ContactRow.Select} {_where} ORDER BY {order} LIMIT {limit}"));
        if (_query.Patience is { } patience)
            batch.Timeout = (int)patience.TotalSeconds;
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var found = new List<Contact>(_query.PageSize + 1);
        while (await rows.ReadAsync(cancellation))
            found.Add(ContactRow.Read(rows, _where.WorkspaceId));
        return found;
    }

    private void AddAddresses()
    {
        if (_query.Id is { } id)
            _where.And("id = $", id);
        if (_query.Urn is { } urn)
            _where.And(ContactConditions.Owner, new[] { urn.Identity });
        if (_query.Identities is { } identities)
            _where.And(ContactConditions.Owner, identities.ToArray());
    }

    private void AddNames()
    {
        if (_query.NameContains is { } part)
            _where.And("name ILIKE $", $"%{ContactQuery.EscapeLike(part)}%");
        if (_query.Search is not { } name)
            return;
        if (_query.SearchUrn is { } urn)
            _where.And($"(name = $ OR {ContactConditions.Owner})", name, new[] { urn.Identity });
        else
            _where.And("name = $", name);
    }

    private void AddAttributes()
    {
        if (_query.Status is { } status)
            _where.And("status = $", (short)status);
        if (_query.GroupId is { } group)
            _where.And(Member, group);
        if (_query.FieldId is { } field)
            _where.And("fields -> $ ->> 'text' ILIKE $", field.ToString(), _query.FieldText is { } text ? ContactQuery.EscapeLike(text).Replace('*', '%') : "%");
        if (_query.ModifiedUntil is { } until)
            _where.And("modified_on <= $", until);
        if (_query.ModifiedSince is { } since)
            _where.And("modified_on >= $", since);
    }

    private void AddPlace()
    {
        var direction = _isAscending ? '>' : '<';
        if (IsByCreation && _query.From is { } place)
            _where.And($"id {direction} $", place.Id);
        else if (!IsByCreation && _query.From is { Time: { } time, Id: var id })
            _where.And($"(modified_on, id) {direction} ($, $)", time, id);
    }

    /// <summary>
    /// A whole list has one best plan, a walk along an index, which PostgreSQL keeps when it knows how short the page is. With a filter the best plan depends on the
    /// values (a group of thirty contacts is not looked for in the whole list): a page of unknown length makes it plan for them each time.
    /// </summary>
    private string AddLimit() => IsWhole ? (_query.PageSize + 1).ToString(CultureInfo.InvariantCulture) : _where.Add(_query.PageSize + 1);
}
