using Contacts.Calls;
using Npgsql;
using NpgsqlTypes;
using static Contacts.Data.Parameters;

namespace Contacts.Data;

/// <summary>
/// The statements that write what was recorded of calls. Nobody waits for them: their commit does not wait for the disk, and a crash of
/// PostgreSQL may take the last of them along.
/// </summary>
internal static class CallRows
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
    private const string DoNotWait = "SET LOCAL synchronous_commit TO off";

    private const string InsertCalls =
        """
        INSERT INTO request_log (
          workspace_id, id, token_id, token_name, dialect, method, path, query, status, duration_us, contact_id, address, request_id, flags, size,
          body_size, answer_size, request_headers, body, answer_headers, answer_body, understood, changes)
        SELECT $1, r.* FROM unnest(
          $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::bigint[], $11::uuid[], $12::text[], $13::text[],
          $14::integer[], $15::integer[], $16::bigint[], $17::bigint[], $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[]) AS r
        """;

    private const string InsertContacts =
        """
        INSERT INTO request_log_contacts (workspace_id, contact_id, call_id)
        SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[]) AS r
        """;

    private const string UpsertMinutes =
        """
        INSERT INTO call_minutes (
          workspace_id, minute, server_id, status_class, count, left_out, kept, kept_bytes, contacts_created, contacts_deleted, histogram)
        SELECT $1, r.minute, $2, r.status_class, r.count, r.left_out, r.kept, r.kept_bytes, r.contacts_created, r.contacts_deleted, r.histogram::integer[]
        FROM unnest($3::timestamptz[], $4::smallint[], $5::integer[], $6::integer[], $7::integer[], $8::bigint[], $9::integer[], $10::integer[], $11::text[])
          AS r (minute, status_class, count, left_out, kept, kept_bytes, contacts_created, contacts_deleted, histogram)
        ON CONFLICT (workspace_id, minute, server_id, status_class) DO UPDATE
        SET count = excluded.count, left_out = excluded.left_out, kept = excluded.kept, kept_bytes = excluded.kept_bytes,
          contacts_created = excluded.contacts_created, contacts_deleted = excluded.contacts_deleted, histogram = excluded.histogram
        """;

    /// <summary>Writes calls of one workspace, in one transaction.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="answers">Their answers, each in UTF-8, or null.</param>
    /// <param name="contacts">The contacts of those that touched several.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task InsertAsync(
        DatabaseWatch watch,
        Guid workspaceId,
        IReadOnlyList<RecordedCall> calls,
        List<ReadOnlyMemory<byte>?> answers,
        List<RecordedContact> contacts,
        CancellationToken cancellation)
    {
        List<NpgsqlBatchCommand> commands = [Command(InsertCalls, [Uuid(workspaceId), .. Columns(calls, answers)])];
        if (contacts.Count > 0)
        {
            commands.Add(Command(
                InsertContacts, Uuid(workspaceId), Uuids([.. contacts.Select(contact => contact.ContactId)]), Uuids([.. contacts.Select(contact => contact.CallId)])));
        }

        await ExecuteAsync(watch, commands, cancellation);
    }

    /// <summary>Writes the counts of one workspace and server.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="rows">The rows, at least one; all of one workspace and server.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static Task UpsertAsync(DatabaseWatch watch, IReadOnlyList<CallMinute> rows, CancellationToken cancellation)
    {
        return ExecuteAsync(
            watch,
            [
                Command(
                    UpsertMinutes,
                    Uuid(rows[0].WorkspaceId),
                    Uuid(rows[0].ServerId),
                    Times([.. rows.Select(row => row.Minute)]),
                    new NpgsqlParameter<short[]> { TypedValue = [.. rows.Select(row => row.StatusClass)] },
                    Integers([.. rows.Select(row => row.Count)]),
                    Integers([.. rows.Select(row => row.LeftOut)]),
                    Integers([.. rows.Select(row => row.Kept)]),
                    Longs([.. rows.Select(row => row.KeptBytes)]),
                    Integers([.. rows.Select(row => row.ContactsCreated)]),
                    Integers([.. rows.Select(row => row.ContactsDeleted)]),
                    Texts([.. rows.Select(row => $"{{{string.Join(',', row.Histogram)}}}")])),
            ],
            cancellation);
    }

    private static async Task ExecuteAsync(DatabaseWatch watch, List<NpgsqlBatchCommand> commands, CancellationToken cancellation)
    {
        await using var connection = await watch.OpenBookAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Begin));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(DoNotWait));
        foreach (var command in commands)
            batch.BatchCommands.Add(command);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter[] Columns(IReadOnlyList<RecordedCall> calls, List<ReadOnlyMemory<byte>?> answers) =>
    [
        Uuids([.. calls.Select(call => call.Id)]),
        new NpgsqlParameter<Guid?[]> { TypedValue = [.. calls.Select(call => call.TokenId)] },
        Texts([.. calls.Select(call => call.TokenName)]),
        Texts([.. calls.Select(call => call.Dialect)]),
        Texts([.. calls.Select(call => call.Method)]),
        Texts([.. calls.Select(call => call.Path)]),
        Texts([.. calls.Select(call => call.Query)]),
        Integers([.. calls.Select(call => call.Status)]),
        Longs([.. calls.Select(call => call.DurationUs)]),
        new NpgsqlParameter<Guid?[]> { TypedValue = [.. calls.Select(call => call.ContactId)] },
        Texts([.. calls.Select(call => call.Address)]),
        Texts([.. calls.Select(call => call.RequestId)]),
        Integers([.. calls.Select(call => (int)call.Flags)]),
        Integers([.. calls.Select(call => call.Size)]),
        Longs([.. calls.Select(call => call.BodySize)]),
        Longs([.. calls.Select(call => call.AnswerSize)]),
        Texts([.. calls.Select(call => call.RequestHeaders)]),
        Texts([.. calls.Select(call => call.Body)]),
        Texts([.. calls.Select(call => call.AnswerHeaders)]),
        new NpgsqlParameter<ReadOnlyMemory<byte>?[]> { TypedValue = [.. answers], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        Texts([.. calls.Select(call => call.Understood)]),
        Texts([.. calls.Select(call => call.Changes)]),
    ];
}
