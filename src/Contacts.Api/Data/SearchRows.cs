using System.Globalization;
using Contacts.Core;
using Contacts.Urns;
using Npgsql;

namespace Contacts.Data;

/// <summary>The statements of one search: its page, and its count.</summary>
internal sealed class SearchRows
{
    private const string LastSeen = "coalesce(last_seen_on, 'epoch')";
    private const string Name = "coalesce(name, '')";
    private const string Address =
        "EXISTS (SELECT FROM contact_urns u WHERE u.workspace_id = $1 AND u.contact_id = contact_rows.id AND u.identity LIKE ANY ($))";

    private readonly ContactSearch _search;
    private readonly ContactConditions _where;

    /// <summary>The statements.</summary>
    /// <param name="workspaceId">The workspace; every statement carries it.</param>
    /// <param name="search">What is searched.</param>
    public SearchRows(Guid workspaceId, ContactSearch search)
    {
        _search = search;
        _where = new ContactConditions(workspaceId);
        AddNames();
        AddAddresses();
        AddAttributes();
        AddTimes();
    }

    /// <summary>Reads the page, one contact beyond it included, and the count.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<(List<Contact> Found, long Total)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(_where.Command($"SELECT count(*) FROM contact_rows {_where}"));
        AddPlace();
        batch.BatchCommands.Add(_where.Command(
            $"{ContactRow.Select} {_where} ORDER BY {Order()} LIMIT {(_search.PageSize + 1).ToString(CultureInfo.InvariantCulture)}"));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var total = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        var found = new List<Contact>();
        while (await rows.ReadAsync(cancellation))
            found.Add(ContactRow.Read(rows, _where.WorkspaceId));
        return (found, total);
    }

    private void AddNames()
    {
        if (_search.NameIs is { } name)
            _where.And("name = $", name);
        if (_search.NameContains is { } part)
            _where.And("name ILIKE $", $"%{ContactQuery.EscapeLike(part)}%");
        if (_search.NameStartsWith is { } start)
            _where.And("name ILIKE $", $"{ContactQuery.EscapeLike(start)}%");
    }

    private void AddAddresses()
    {
        if (_search.NumberIs is { } identities)
            _where.And(ContactConditions.Owner, identities.ToArray());
        if (_search.EmailIs is { } email)
            _where.And(ContactConditions.Owner, new[] { email });
        if (_search.NumberContains is { } digits)
            _where.And(Address, new[] { $"tel:%{digits}%", $"whatsapp:%{digits}%" });
        if (_search.EmailContains is { } part)
            _where.And(Address, new[] { $"mailto:%{Lower(part)}%" });
        if (_search.Text is not { } text)
            return;
        var number = Phone.LooksLikePhone(text) ? string.Concat(text.Where(char.IsAsciiDigit)) : ContactQuery.EscapeLike(text);
        string[] patterns = [$"tel:%{number}%", $"whatsapp:%{number}%", $"mailto:%{Lower(text)}%"];
        _where.And($"(name ILIKE $ OR {Address})", $"%{ContactQuery.EscapeLike(text)}%", patterns);
    }

    private void AddAttributes()
    {
        // The condition of the index, so that it is used.
        if (_search.AllTags is { } all)
            _where.And("tags <> '{}' AND tags @> $", all.ToArray());
        if (_search.AnyTags is { } any)
            _where.And("tags <> '{}' AND tags && $", any.ToArray());
        if (_search.Source is { } source)
            _where.And("profile ->> 'source' = $", source);
        if (_search.StageId is { } stage)
            _where.And("stage_id = $", stage);
    }

    private void AddTimes()
    {
        if (_search.SeenBefore is { } seenBefore)
            _where.And("last_seen_on < $", seenBefore);
        if (_search.SeenAfter is { } seenAfter)
            _where.And("last_seen_on > $", seenAfter);
        if (_search.CreatedBefore is { } createdBefore)
            _where.And("created_on < $", createdBefore);
        if (_search.CreatedAfter is { } createdAfter)
            _where.And("created_on > $", createdAfter);
    }

    private void AddPlace()
    {
        if (_search.From is not { } from)
            return;
        var direction = _search.Ascending ? '>' : '<';
        switch (_search.Sort)
        {
            case ContactSort.Created:
                _where.And($"id {direction} $", from.Id);
                break;
            case ContactSort.Name:
                _where.And($"({Name}, id) {direction} ($, $)", from.Key, from.Id);
                break;
            default:
                var column = _search.Sort == ContactSort.Modified ? "modified_on" : LastSeen;
                var time = new DateTime(long.Parse(from.Key, CultureInfo.InvariantCulture), DateTimeKind.Utc);
                _where.And($"({column}, id) {direction} ($, $)", time, from.Id);
                break;
        }
    }

    private string Order()
    {
        var direction = _search.Ascending ? "ASC" : "DESC";
        return _search.Sort switch
        {
            ContactSort.Created => $"id {direction}",
            ContactSort.Modified => $"modified_on {direction}, id {direction}",
            ContactSort.Name => $"{Name} {direction}, id {direction}",
            ContactSort.LastSeen => $"{LastSeen} {direction}, id {direction}",
            _ => throw new InvalidOperationException($"Nobody orders by {_search.Sort}."),
        };
    }

    private static string Lower(string text) => ContactQuery.EscapeLike(text.ToLowerInvariant());
}
