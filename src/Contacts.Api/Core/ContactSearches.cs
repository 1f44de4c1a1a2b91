using System.Globalization;
using Contacts.Data;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Core;

/// <summary>A word that contacts use, and how many do.</summary>
/// <param name="Word">The word.</param>
/// <param name="Count">How many living contacts have it.</param>
public readonly record struct UsedWord(string Word, long Count);

/// <summary>Searches contacts by any of their attributes, and tells which words they use. For people and programs that look around: no hot path.</summary>
/// <param name="watch">Opens connections.</param>
/// <param name="replicas">Where searches are made.</param>
public sealed class ContactSearches(DatabaseWatch watch, ReadReplicas replicas)
{
    /// <summary>How many words are told at most, the most used first.</summary>
    public const int MaxWords = 1000;

    // All fields that a workspace may have, and some that are gone.
    private const int MaxFields = 2 * WorkspaceChangesValidator.MaxLimit;

    private const string Tags =
        """
        SELECT word, count(*) FROM contacts c CROSS JOIN LATERAL unnest(c.tags) AS word
        WHERE c.workspace_id = $1 AND c.deleted_on IS NULL AND c.tags <> '{}'
        GROUP BY word ORDER BY 2 DESC, 1 LIMIT $2
        """;

    private const string CustomKeys =
        """
        SELECT word, count(*) FROM contacts c CROSS JOIN LATERAL jsonb_object_keys(c.profile -> 'custom') AS word
        WHERE c.workspace_id = $1 AND c.deleted_on IS NULL AND c.profile <> '{}'
        GROUP BY word ORDER BY 2 DESC, 1 LIMIT $2
        """;

    private const string Fields =
        """
        SELECT word, count(*) FROM contacts c CROSS JOIN LATERAL jsonb_object_keys(c.fields) AS word
        WHERE c.workspace_id = $1 AND c.deleted_on IS NULL AND c.fields <> '{}'
        GROUP BY word ORDER BY 2 DESC, 1 LIMIT $2
        """;

    private const string Schemes =
        """
        SELECT word, count(*) FROM (SELECT split_part(identity, ':', 1) AS word FROM contact_urns WHERE workspace_id = $1) AS u
        GROUP BY word ORDER BY 2 DESC, 1 LIMIT $2
        """;

    /// <summary>A page of contacts, and how many there are: two statements, one round trip.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="search">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<SearchPage> FindAsync(Workspace workspace, ContactSearch search, CancellationToken cancellation)
    {
        var (found, total) = await replicas.ReadAsync(
            workspace.Id, connection => new SearchRows(workspace.Id, search).ReadAsync(connection, cancellation), cancellation);
        if (found.Count <= search.PageSize)
            return new SearchPage(found, total, null);
        found.RemoveRange(search.PageSize, found.Count - search.PageSize);
        return new SearchPage(found, total, PlaceOf(found[^1], search.Sort));
    }

    /// <summary>The tags in use.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public Task<IReadOnlyList<UsedWord>> TagsAsync(Workspace workspace, CancellationToken cancellation) => WordsAsync(Tags, MaxWords, workspace, cancellation);

    /// <summary>The keys of further values in use.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public Task<IReadOnlyList<UsedWord>> CustomKeysAsync(Workspace workspace, CancellationToken cancellation) =>
        WordsAsync(CustomKeys, MaxWords, workspace, cancellation);

    /// <summary>The ids of fields that contacts have values of, fields that are gone included.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public Task<IReadOnlyList<UsedWord>> FieldsAsync(Workspace workspace, CancellationToken cancellation) => WordsAsync(Fields, MaxFields, workspace, cancellation);

    /// <summary>The schemes of URNs in use, by how many URNs they have.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public Task<IReadOnlyList<UsedWord>> SchemesAsync(Workspace workspace, CancellationToken cancellation) => WordsAsync(Schemes, MaxWords, workspace, cancellation);

    private async Task<IReadOnlyList<UsedWord>> WordsAsync(string statement, int most, Workspace workspace, CancellationToken cancellation)
    {
        await using var connection = await watch.OpenBookAsync(cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var words = new List<UsedWord>();
        while (await rows.ReadAsync(cancellation))
            words.Add(new UsedWord(rows.GetString(0), rows.GetInt64(1)));
        return words;
    }

    private static SearchCursor PlaceOf(Contact contact, ContactSort sort) => new(
        sort,
        sort switch
        {
            ContactSort.Modified => Ticks(contact.ModifiedOn),
            ContactSort.LastSeen => Ticks(contact.LastSeenOn ?? DateTime.UnixEpoch),
            ContactSort.Name => contact.Name ?? string.Empty,
            _ => string.Empty,
        },
        contact.Id);

    private static string Ticks(DateTime time) => time.Ticks.ToString(CultureInfo.InvariantCulture);
}
