using Npgsql;

namespace Contacts.Data;

/// <summary>
/// The statements that empty a workspace, keep its book in a snapshot, and put it back. Rows never leave the database, and all their columns go along:
/// those that a later migration adds as well.
/// </summary>
internal static class BookRows
{
    /// <summary>The tables of the book, in the order in which their rows may be written.</summary>
    public static readonly IReadOnlyList<string> Tables =
        ["fields", "stages", "groups", "contacts", "contact_urns", "group_members", "group_counts", "automations", "automation_groups"];

    /// <summary>How long a statement may take, in seconds: a book of a million contacts takes more than what is usual.</summary>
    public const int Patience = 300;

    private const int RowsPerChunk = 1_000;

    // The engine locks groups before contacts, both in order, and so does this: whoever writes has finished, or waits until it is over.
    // Contacts that others make meanwhile are seen by none of the statements that delete, or by all: they are one.
    private static readonly string[] Empty =
    [
        "SELECT count(*) FROM (SELECT id FROM groups WHERE workspace_id = $1 ORDER BY id FOR UPDATE) AS held",
        "SELECT count(*) FROM (SELECT id FROM contacts WHERE workspace_id = $1 ORDER BY id FOR UPDATE) AS held",
        """
        WITH urns AS (DELETE FROM contact_urns WHERE workspace_id = $1), members AS (DELETE FROM group_members WHERE workspace_id = $1)
        DELETE FROM contacts WHERE workspace_id = $1
        """,
        "WITH used AS (DELETE FROM automation_groups WHERE workspace_id = $1) DELETE FROM automations WHERE workspace_id = $1",
        "DELETE FROM groups WHERE workspace_id = $1",
        "DELETE FROM fields WHERE workspace_id = $1",
        "DELETE FROM stages WHERE workspace_id = $1",

        // The first waits for whoever squashes counts right now, the second sees what that left.
        "DELETE FROM group_counts WHERE workspace_id = $1",
        "DELETE FROM group_counts WHERE workspace_id = $1",
    ];

    private const string ReadColumns =
        """
        SELECT r.part, k.name FROM snapshot_rows r, jsonb_object_keys(r.content -> 0) AS k (name)
        WHERE r.workspace_id = $1 AND r.snapshot_id = $2 AND r.chunk = 0
        """;

    private const string ReadTableColumns =
        """
        SELECT attrelid::regclass::text, attname FROM pg_attribute
        WHERE attrelid = ANY ($1::text[]::regclass[]) AND attnum > 0 AND NOT attisdropped AND attname <> 'workspace_id'
        """;

    /// <summary>Adds the statements that empty the book, in a transaction that holds the workspace's catalog.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="workspaceId">The workspace.</param>
    public static void AddEmptying(NpgsqlBatch batch, Guid workspaceId)
    {
        foreach (var statement in Empty)
            batch.BatchCommands.Add(Command(statement, workspaceId));
    }

    /// <summary>Adds the statement that removes all of a workspace's rows from a table.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="workspaceId">The workspace.</param>
    public static void AddDeletion(NpgsqlBatch batch, string table, Guid workspaceId) =>
        batch.BatchCommands.Add(Command($"DELETE FROM {table} WHERE workspace_id = $1", workspaceId));

    /// <summary>Keeps the book in a snapshot, in a transaction that sees one moment.</summary>
    /// <param name="connection">A connection with the transaction.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task KeepAsync(NpgsqlConnection connection, Guid workspaceId, Guid snapshotId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = Patience };
        foreach (var table in Tables)
        {
            batch.BatchCommands.Add(Command(
                $"""
                 INSERT INTO snapshot_rows (workspace_id, snapshot_id, part, chunk, content)
                 SELECT $1, $2, '{table}', n.chunk, jsonb_agg(to_jsonb(n.t) - 'workspace_id'::text)
                 FROM (SELECT t, (row_number() OVER () - 1) / {RowsPerChunk} AS chunk FROM {table} AS t WHERE t.workspace_id = $1) AS n
                 GROUP BY n.chunk
                 """,
                workspaceId,
                snapshotId));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Adds the statements that put a snapshot's rows into the empty book. Columns that the snapshot does not have get their defaults, those that the
    /// tables do not have any more are left out.
    /// </summary>
    /// <param name="batch">Where to; its connection reads which columns there are.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="snapshotId">The snapshot.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task AddRestoringAsync(NpgsqlBatch batch, Guid workspaceId, Guid snapshotId, CancellationToken cancellation)
    {
        var kept = await ReadAsync(batch.Connection!, Command(ReadColumns, workspaceId, snapshotId), cancellation);
        var tables = new NpgsqlBatchCommand(ReadTableColumns);
        tables.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. Tables] });
        var present = await ReadAsync(batch.Connection!, tables, cancellation);
        foreach (var table in Tables.Where(kept.Contains))
        {
            string[] columns = [.. present[table].Intersect(kept[table], StringComparer.Ordinal)];
            batch.BatchCommands.Add(Command(
                $"""
                 INSERT INTO {table} (workspace_id, {string.Join(", ", columns.Select(column => $"\"{column}\""))})
                 SELECT $1, {string.Join(", ", columns.Select(column => $"r.\"{column}\""))}
                 FROM snapshot_rows s, jsonb_populate_recordset(NULL::{table}, s.content) AS r
                 WHERE s.workspace_id = $1 AND s.snapshot_id = $2 AND s.part = '{table}'
                 """,
                workspaceId,
                snapshotId));
        }
    }

    private static async Task<ILookup<string, string>> ReadAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var columns = new List<(string Table, string Column)>();
        while (await reader.ReadAsync(cancellation))
            columns.Add((reader.GetString(0), reader.GetString(1)));
        return columns.ToLookup(column => column.Table, column => column.Column, StringComparer.Ordinal);
    }

    private static NpgsqlBatchCommand Command(string statement, params ReadOnlySpan<Guid> values)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = value });
        return command;
    }
}
