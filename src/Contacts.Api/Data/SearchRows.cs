using System.Globalization;
using System.Text;
using Contacts.Core;
using Contacts.Urns;
using Npgsql;

namespace Contacts.Data;

/// <summary>The statements of one search. What a caller sent only ever goes into parameters, and into patterns escaped.</summary>
internal sealed class SearchRows
{
    private const string LastSeen = "coalesce(last_seen_on, 'epoch')";
    private const string Owner = "id = ANY (ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($)))";
    private const string Name = "coalesce(name, '')";

    private readonly ContactSearch _search;
    private readonly StringBuilder _where = new("WHERE workspace_id = $1 AND deleted_on IS NULL");

    // A parameter belongs to one command, and there are two.
    private readonly List<Func<NpgsqlParameter>> _parameters;

    /// <summary>The statements.</summary>
    /// <param name="workspaceId">The workspace; every statement carries it.</param>
    /// <param name="search">What is searched.</param>
    public SearchRows(Guid workspaceId, ContactSearch search)
    {
        _search = search;
        _parameters = [() => new NpgsqlParameter<Guid> { TypedValue = workspaceId }];
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
        batch.BatchCommands.Add(Command($"SELECT count(*) FROM contact_rows {_where}"));
        AddPlace();
        batch.BatchCommands.Add(Command($"{ContactRow.Select} {_where} ORDER BY {Order()} LIMIT {(_search.PageSize + 1).ToString(CultureInfo.InvariantCulture)}"));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var total = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        var found = new List<Contact>();
        var workspaceId = (Guid)_parameters[0]().Value!;
        while (await rows.ReadAsync(cancellation))
            found.Add(ContactRow.Read(rows, workspaceId));
        return (found, total);
    }

    private void AddNames()
    {
        if (_search.NameIs is { } name)
            And("name = $", name);
        if (_search.NameContains is { } part)
            And("name ILIKE $", $"%{ContactQuery.EscapeLike(part)}%");
        if (_search.NameStartsWith is { } start)
            And("name ILIKE $", $"{ContactQuery.EscapeLike(start)}%");
    }

    private void AddAddresses()
    {
        if (_search.NumberIs is { } identities)
            And(Owner, identities.ToArray());
        if (_search.EmailIs is { } email)
            And(Owner, new[] { email });
        if (_search.NumberContains is { } digits)
            AndAddress($"tel:%{digits}%", $"whatsapp:%{digits}%");
        if (_search.EmailContains is { } part)
            AndAddress($"mailto:%{Lower(part)}%");
        if (_search.Text is not { } text)
            return;
        var number = Phone.LooksLikePhone(text) ? string.Concat(text.Where(char.IsAsciiDigit)) : ContactQuery.EscapeLike(text);
        And("(name ILIKE $ OR ", $"%{ContactQuery.EscapeLike(text)}%");
        _where.Append(Address(_parameters.Count + 1)).Append(')');
        string[] patterns = [$"tel:%{number}%", $"whatsapp:%{number}%", $"mailto:%{Lower(text)}%"];
        _parameters.Add(() => new NpgsqlParameter<string[]> { TypedValue = patterns });
    }

    private void AddAttributes()
    {
        // The condition of the index, so that it is used.
        if (_search.AllTags is { } all)
            And("tags <> '{}' AND tags @> $", all.ToArray());
        if (_search.AnyTags is { } any)
            And("tags <> '{}' AND tags && $", any.ToArray());
        if (_search.Source is { } source)
            And("profile ->> 'source' = $", source);
        if (_search.StageId is { } stage)
            And("stage_id = $", stage);
    }

    private void AddTimes()
    {
        if (_search.SeenBefore is { } seenBefore)
            And("last_seen_on < $", seenBefore);
        if (_search.SeenAfter is { } seenAfter)
            And("last_seen_on > $", seenAfter);
        if (_search.CreatedBefore is { } createdBefore)
            And("created_on < $", createdBefore);
        if (_search.CreatedAfter is { } createdAfter)
            And("created_on > $", createdAfter);
    }

    private void AddPlace()
    {
        if (_search.From is not { } from)
            return;
        var direction = _search.Ascending ? '>' : '<';
        switch (_search.Sort)
        {
            case ContactSort.Created:
                And($"id {direction} $", from.Id);
                return;
            case ContactSort.Name:
                And($"({Name}, id) {direction} ($, ", from.Key);
                break;
            default:
                var column = _search.Sort == ContactSort.Modified ? "modified_on" : LastSeen;
                And($"({column}, id) {direction} ($, ", new DateTime(long.Parse(from.Key, CultureInfo.InvariantCulture), DateTimeKind.Utc));
                break;
        }

        _parameters.Add(() => new NpgsqlParameter<Guid> { TypedValue = from.Id });
        _where.Append(CultureInfo.InvariantCulture, $"${_parameters.Count})");
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

    /// <summary>Adds a condition; its last <c>$</c> that no number follows is the value.</summary>
    private void And<T>(string condition, T value)
    {
        _parameters.Add(() => new NpgsqlParameter<T> { TypedValue = value });
        var mark = condition.LastIndexOf('$');
        _where.Append(" AND ").Append(condition, 0, mark)
            .Append(CultureInfo.InvariantCulture, $"${_parameters.Count}")
            .Append(condition, mark + 1, condition.Length - mark - 1);
    }

    private void AndAddress(params string[] patterns)
    {
        _where.Append(" AND ").Append(Address(_parameters.Count + 1));
        _parameters.Add(() => new NpgsqlParameter<string[]> { TypedValue = patterns });
    }

    private static string Address(int parameter) => string.Create(
        CultureInfo.InvariantCulture,
        $"EXISTS (SELECT FROM contact_urns u WHERE u.workspace_id = $1 AND u.contact_id = contact_rows.id AND u.identity LIKE ANY (${parameter}))");

    private static string Lower(string text) => ContactQuery.EscapeLike(text.ToLowerInvariant());

    private NpgsqlBatchCommand Command(string statement)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var parameter in _parameters)
            command.Parameters.Add(parameter());
        return command;
    }
}
