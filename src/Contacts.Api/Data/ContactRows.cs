using Contacts.Core;
using Contacts.Workspaces;
using Npgsql;
using NpgsqlTypes;

namespace Contacts.Data;

/// <summary>What a batch read and holds until it commits.</summary>
/// <param name="Contacts">The contacts, with their URNs and groups.</param>
/// <param name="GroupIds">Those of the groups asked for that exist.</param>
/// <param name="DynamicGroupIds">The groups whose members are their search's, when lists of groups are to be written.</param>
internal sealed record HeldRows(IReadOnlyList<Contact> Contacts, IReadOnlySet<Guid> GroupIds, IReadOnlySet<Guid> DynamicGroupIds);

/// <summary>
/// The statements of the write engine: two round trips, however many contacts. The first begins, locks, and only then reads, since one statement
/// that locks and reads its sub-selects would answer, after waiting, with the new row but the old groups. The second writes and commits.
/// </summary>
/// <param name="workspaceId">The workspace; every statement carries it.</param>
/// <param name="names">What to hold until the end that is no row.</param>
internal sealed class ContactRows(Guid workspaceId, IReadOnlySet<string> names)
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    // For what no index can tell: two forms of one number are two rows. One statement each, in order, so that nobody waits in a circle.
    private const string LockName = "SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))";

    // Keeps the group from being deleted until this batch commits. Always before the contacts, and in order: no deadlock among batches.
    private const string LockGroups =
        "SELECT id FROM groups WHERE workspace_id = $1 AND id = ANY ($2) AND deleted_on IS NULL ORDER BY id FOR KEY SHARE";

    private const string LockContacts =
        """
        SELECT id FROM contacts
        WHERE workspace_id = $1
          AND id = ANY ($2 || ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($3)))
        ORDER BY id FOR UPDATE
        """;

    private const string ReadContacts =
        $"""
        {ContactRow.Select}
        WHERE workspace_id = $1
          AND id = ANY ($2 || ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($3)))
        """;

    // Asked of the database and not of this server's picture, which may lack a group that was made through another server a moment ago.
    private const string ReadDynamicGroups = "SELECT id FROM groups WHERE workspace_id = $1 AND query IS NOT NULL AND deleted_on IS NULL";

    private const string InsertContacts =
        """
        INSERT INTO contacts (workspace_id, id, name, language, status, fields, created_on, modified_on, last_seen_on, deleted_on)
        SELECT $1, r.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::jsonb[],
          $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[]) AS r
        """;

    private const string UpdateContacts =
        """
        UPDATE contacts c
        SET name = r.name, language = r.language, status = r.status, fields = r.fields,
          modified_on = r.modified_on, last_seen_on = r.last_seen_on, deleted_on = r.deleted_on
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::jsonb[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
          AS r (id, name, language, status, fields, modified_on, last_seen_on, deleted_on)
        WHERE c.workspace_id = $1 AND c.id = r.id
        """;

    private const string FreeUrns = "DELETE FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($2)";

    private const string MoveUrns =
        """
        UPDATE contact_urns u SET contact_id = r.contact_id, position = r.position, display = r.display
        FROM unnest($2::text[], $3::uuid[], $4::integer[], $5::text[]) AS r (identity, contact_id, position, display)
        WHERE u.workspace_id = $1 AND u.identity = r.identity
        """;

    // Sorted, so that two batches that make the same URNs wait for each other in one order. A duplicate is a 23505: the batch starts over.
    private const string InsertUrns =
        """
        INSERT INTO contact_urns (workspace_id, identity, contact_id, position, display)
        SELECT $1, r.* FROM unnest($2::text[], $3::uuid[], $4::integer[], $5::text[]) AS r
        """;

    private const string LeaveGroups =
        """
        DELETE FROM group_members m USING unnest($2::uuid[], $3::uuid[]) AS r (group_id, contact_id)
        WHERE m.workspace_id = $1 AND m.group_id = r.group_id AND m.contact_id = r.contact_id
        """;

    private const string JoinGroups =
        "INSERT INTO group_members (workspace_id, group_id, contact_id) SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[]) AS r";

    // Nobody counts a deleted group any more: rows that came after its removal would stay for ever.
    private const string CountGroups =
        """
        INSERT INTO group_counts (workspace_id, id, group_id, delta)
        SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[], $4::bigint[]) AS r (id, group_id, delta)
        WHERE EXISTS (SELECT FROM groups g WHERE g.workspace_id = $1 AND g.id = r.group_id AND g.deleted_on IS NULL)
        """;

    /// <summary>Claims that changes are made under: they must still be good.</summary>
    public HashSet<Guid> ClaimIds { get; } = [];

    /// <summary>Contacts to lock and read by id.</summary>
    public HashSet<Guid> Ids { get; } = [];

    /// <summary>URNs whose contacts to lock and read.</summary>
    public HashSet<string> Identities { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups to hold so that contacts can be put into them.</summary>
    public HashSet<Guid> GroupIds { get; } = [];

    /// <summary>Whether lists of groups are to be written, which leave dynamic groups alone.</summary>
    public bool ReplacesGroups { get; set; }

    /// <summary>Begins the transaction, locks what was named, and reads it.</summary>
    /// <param name="connection">An open connection; disposing of it rolls back what was not committed.</param>
    /// <returns>What is held; null when a URN changed hands between its look-up and the lock.</returns>
    /// <exception cref="SupersededException">When a claim is another's by now.</exception>
    public async Task<HeldRows?> BeginAsync(NpgsqlConnection connection)
    {
        Guid[] ids = [.. Ids];
        string[] identities = [.. Identities];
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Begin));
        if (ClaimIds.Count > 0)
            batch.BatchCommands.Add(ClaimRows.Lock(workspaceId, ClaimIds));
        foreach (var name in names.Order(StringComparer.Ordinal))
            Add(batch, LockName, new NpgsqlParameter<string> { TypedValue = name });
        if (GroupIds.Count > 0)
            Add(batch, LockGroups, Uuids([.. GroupIds]));
        var touchesContacts = ids.Length > 0 || identities.Length > 0;
        if (touchesContacts)
        {
            Add(batch, LockContacts, Uuids(ids), Texts(identities));
            Add(batch, ReadContacts, Uuids(ids), Texts(identities));
            if (ReplacesGroups)
                Add(batch, ReadDynamicGroups);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        if (ClaimIds.Count > 0 && (await ReadIdsAsync(reader)).Count < ClaimIds.Count)
            throw new SupersededException();
        if (ClaimIds.Count > 0)
            await reader.NextResultAsync();
        for (var i = 0; i < names.Count; i++)
            await reader.NextResultAsync();
        var groups = GroupIds.Count > 0 ? await ReadIdsAsync(reader) : [];
        if (!touchesContacts)
            return new HeldRows([], groups, new HashSet<Guid>());
        if (GroupIds.Count > 0)
            await reader.NextResultAsync();
        var locked = await ReadIdsAsync(reader);
        await reader.NextResultAsync();
        var contacts = new List<Contact>(locked.Count);
        while (await reader.ReadAsync())
            contacts.Add(ContactRow.Read(reader, workspaceId));
        if (!contacts.TrueForAll(contact => locked.Contains(contact.Id)))
            return null;
        return new HeldRows(contacts, groups, ReplacesGroups && await reader.NextResultAsync() ? await ReadIdsAsync(reader) : []);
    }

    /// <summary>Writes the differences and commits; without any, just ends the transaction.</summary>
    /// <param name="connection">The connection that <see cref="BeginAsync"/> used.</param>
    /// <param name="writes">The differences.</param>
    /// <param name="now">The time that new rows of counts are ordered by.</param>
    public async Task CommitAsync(NpgsqlConnection connection, ContactWrites writes, DateTime now)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddContacts(batch, writes);
        AddUrns(batch, writes);
        AddGroups(batch, writes, now);
        if (writes.UsedClaims.Count > 0)
            batch.BatchCommands.Add(ClaimRows.Use(workspaceId, writes.UsedClaims));
        if (writes.Outgoing.Count > 0)
            batch.BatchCommands.Add(OutboxRows.Insert(workspaceId, writes.Outgoing));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync();
    }

    private void AddContacts(NpgsqlBatch batch, ContactWrites writes)
    {
        if (writes.Inserted is { Count: > 0 } made)
        {
            Add(batch, writes.ChangesAttributes ? AttributeRows.Insert : InsertContacts,
            [
                Uuids(Column(made, c => c.Id)), Texts(Column(made, c => c.Name)), Texts(Column(made, c => c.Language)),
                Statuses(made), Values(made), Times(Column(made, c => (DateTime?)c.CreatedOn)), Times(Column(made, c => (DateTime?)c.ModifiedOn)),
                Times(Column(made, c => c.LastSeenOn)), Times(Column(made, c => c.DeletedOn)),
                .. writes.ChangesAttributes ? AttributeRows.Columns(made) : [],
            ]);
        }

        if (writes.Updated is { Count: > 0 } changed)
        {
            Add(batch, writes.ChangesAttributes ? AttributeRows.Update : UpdateContacts,
            [
                Uuids(Column(changed, c => c.Id)), Texts(Column(changed, c => c.Name)), Texts(Column(changed, c => c.Language)),
                Statuses(changed), Values(changed), Times(Column(changed, c => (DateTime?)c.ModifiedOn)),
                Times(Column(changed, c => c.LastSeenOn)), Times(Column(changed, c => c.DeletedOn)),
                .. writes.ChangesAttributes ? AttributeRows.Columns(changed) : [],
            ]);
        }
    }

    private void AddUrns(NpgsqlBatch batch, ContactWrites writes)
    {
        if (writes.FreedIdentities.Count > 0)
            Add(batch, FreeUrns, Texts([.. writes.FreedIdentities]));
        if (writes.MovedUrns.Count > 0)
            Add(batch, MoveUrns, UrnColumns(writes.MovedUrns));
        if (writes.NewUrns.Count > 0)
            Add(batch, InsertUrns, UrnColumns([.. writes.NewUrns.OrderBy(row => row.Urn.Identity, StringComparer.Ordinal)]));
    }

    private void AddGroups(NpgsqlBatch batch, ContactWrites writes, DateTime now)
    {
        if (writes.Left.Count > 0)
            Add(batch, LeaveGroups, Uuids(Column(writes.Left, m => m.GroupId)), Uuids(Column(writes.Left, m => m.ContactId)));
        if (writes.Joined.Count > 0)
            Add(batch, JoinGroups, Uuids(Column(writes.Joined, m => m.GroupId)), Uuids(Column(writes.Joined, m => m.ContactId)));
        (Guid GroupId, long Delta)[] counts = [.. writes.CountChanges()];
        if (counts.Length > 0)
        {
            Add(batch, CountGroups, Uuids(Column(counts, _ => RowId.At(now))), Uuids(Column(counts, c => c.GroupId)),
                new NpgsqlParameter<long[]> { TypedValue = Column(counts, c => c.Delta) });
        }
    }

    private void Add(NpgsqlBatch batch, string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(statement);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspaceId });
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static async Task<HashSet<Guid>> ReadIdsAsync(NpgsqlDataReader reader)
    {
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static NpgsqlParameter[] UrnColumns(List<ContactUrnRow> rows) =>
    [
        Texts(Column(rows, row => row.Urn.Identity)), Uuids(Column(rows, row => row.ContactId)),
        new NpgsqlParameter<int[]> { TypedValue = Column(rows, row => row.Position) }, Texts(Column(rows, row => row.Urn.Display)),
    ];

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }

    private static NpgsqlParameter<Guid[]> Uuids(Guid[] values) => new() { TypedValue = values };

    private static NpgsqlParameter<string?[]> Texts(string?[] values) => new() { TypedValue = values };

    private static NpgsqlParameter<DateTime?[]> Times(DateTime?[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter<short[]> Statuses(List<Contact> contacts) => new() { TypedValue = Column(contacts, c => (short)c.Status) };

    private static NpgsqlParameter<string[]> Values(List<Contact> contacts) =>
        new() { TypedValue = Column(contacts, c => c.Fields.ToJson()), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
}
