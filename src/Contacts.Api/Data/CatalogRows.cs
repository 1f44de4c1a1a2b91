using Contacts.Core;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Data;

/// <summary>A workspace's fields and living groups, read in one round trip and without EF Core. A test holds each column against its model.</summary>
internal static class CatalogRows
{
    private const string Fields = "SELECT id, key, label, label_key, value_type, created_on FROM fields WHERE workspace_id = $1 ORDER BY id";

    private const string Groups = "SELECT id, name, name_key, query, created_on FROM groups WHERE workspace_id = $1 AND deleted_on IS NULL";

    /// <summary>Reads them.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<Catalog> ReadAsync(DatabaseWatch watch, Guid workspaceId, CancellationToken cancellation)
    {
        await using var connection = await watch.OpenBookAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(Fields, Uuid(workspaceId)), Command(Groups, Uuid(workspaceId)) } };
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var fields = new List<Field>();
        while (await rows.ReadAsync(cancellation))
            fields.Add(ReadField(rows, workspaceId));
        await rows.NextResultAsync(cancellation);
        var groups = new List<Group>();
        while (await rows.ReadAsync(cancellation))
            groups.Add(ReadGroup(rows, workspaceId));
        return new Catalog(fields, groups);
    }

    private static Field ReadField(NpgsqlDataReader row, Guid workspaceId) => new()
    {
        WorkspaceId = workspaceId,
        Id = row.GetGuid(0),
        Key = row.GetString(1),
        Label = row.GetString(2),
        LabelKey = row.GetString(3),
        ValueType = Enum.Parse<FieldType>(row.GetString(4)),
        CreatedOn = row.GetDateTime(5),
    };

    private static Group ReadGroup(NpgsqlDataReader row, Guid workspaceId) => new()
    {
        WorkspaceId = workspaceId,
        Id = row.GetGuid(0),
        Name = row.GetString(1),
        NameKey = row.GetString(2),
        Query = row.TextOrNull(3),
        CreatedOn = row.GetDateTime(4),
    };
}
