using Contacts.Core;
using Contacts.Webhooks;
using Npgsql;
using NpgsqlTypes;
using static Contacts.Data.Parameters;

namespace Contacts.Data;

/// <summary>The statements of the outbox: written with a change, read by whoever delivers, and settled with the log in one transaction.</summary>
internal static class OutboxRows
{
    // Due at once, whatever the clocks of other servers say.
    private const string InsertRows =
        """
        INSERT INTO webhook_outbox (workspace_id, webhook_id, id, subject_id, kind, event, occurred_on, due_on, attempts)
        SELECT $1, r.webhook_id, r.id, r.subject_id, r.kind, r.event, r.occurred_on, '-infinity', 0
        FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[], $7::timestamptz[])
          AS r (webhook_id, id, subject_id, kind, event, occurred_on)
        """;

    // What waits after a failure holds back the later events of its contact, and of nobody else.
    private const string ReadDue =
        """
        SELECT o.id, o.subject_id, o.kind, o.event, o.occurred_on, o.attempts FROM webhook_outbox o
        WHERE o.workspace_id = $1 AND o.webhook_id = $2 AND o.due_on <= $3 AND o.id <> ALL ($4)
          AND NOT EXISTS (
            SELECT FROM webhook_outbox f
            WHERE f.workspace_id = $1 AND f.webhook_id = $2 AND f.subject_id = o.subject_id AND f.attempts > 0 AND f.due_on > $3 AND f.id < o.id)
        ORDER BY o.id LIMIT $5
        """;

    private const string LogAttempts =
        """
        INSERT INTO webhook_deliveries (
          workspace_id, id, webhook_id, delivery_id, subject_id, kind, event, attempt, requested_on, duration_ms, status, error, answer)
        SELECT $1, r.log_id, $2, o.id, o.subject_id, o.kind, o.event, r.attempt, r.requested_on, r.duration_ms, r.status, r.error, r.answer
        FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::timestamptz[], $7::integer[], $8::integer[], $9::text[], $10::text[])
            AS r (log_id, id, attempt, requested_on, duration_ms, status, error, answer)
          JOIN webhook_outbox o ON o.workspace_id = $1 AND o.webhook_id = $2 AND o.id = r.id
        """;

    private const string DeleteSettled = "DELETE FROM webhook_outbox WHERE workspace_id = $1 AND webhook_id = $2 AND id = ANY ($3)";

    private const string Postpone =
        """
        UPDATE webhook_outbox o SET attempts = r.attempt, due_on = r.due_on, last_error = r.error
        FROM unnest($3::uuid[], $4::integer[], $5::timestamptz[], $6::text[]) AS r (id, attempt, due_on, error)
        WHERE o.workspace_id = $1 AND o.webhook_id = $2 AND o.id = r.id
        """;

    private const string CountFailures = "UPDATE webhooks SET failures = $3 WHERE workspace_id = $1 AND id = $2";

    private const string SwitchOff =
        "UPDATE webhooks SET failures = $3, is_active = false, off_reason = $4, leased_by = NULL, leased_until = NULL WHERE workspace_id = $1 AND id = $2";

    /// <summary>Writes rows.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="rows">The rows, all of them new.</param>
    public static NpgsqlBatchCommand Insert(Guid workspaceId, IReadOnlyList<OutboxRow> rows) => Command(
        InsertRows,
        Uuid(workspaceId),
        Uuids([.. rows.Select(row => row.WebhookId)]),
        Uuids([.. rows.Select(row => row.Id)]),
        Uuids([.. rows.Select(row => row.SubjectId)]),
        Texts([.. rows.Select(row => row.Kind)]),
        new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Event)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
        Times([.. rows.Select(row => row.OccurredOn)]));

    /// <summary>Gives the stages of moves the names that they have now.</summary>
    /// <param name="connection">A connection with the transaction of the change.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="events">The events; moves are replaced.</param>
    public static async Task NameStagesAsync(NpgsqlConnection connection, Guid workspaceId, List<ContactEvent> events)
    {
        await using var command = new NpgsqlCommand("SELECT id, name FROM stages WHERE workspace_id = $1", connection);
        command.Parameters.Add(Uuid(workspaceId));
        var names = new Dictionary<Guid, string>();
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
                names.Add(row.GetGuid(0), row.GetString(1));
        }

        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Kind == EventKind.ContactStageMoved)
                events[i] = events[i] with { PreviousStage = Named(events[i].PreviousStage), Stage = Named(events[i].Stage) };
        }

        NamedStage? Named(NamedStage? stage) => stage is null ? null : stage with { Name = names.GetValueOrDefault(stage.Id) };
    }

    /// <summary>Reads what is to be sent now, in the order of ids.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="webhook">Whose rows.</param>
    /// <param name="held">Rows that are not wanted.</param>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many at most.</param>
    public static async Task<List<OutboxRow>> ReadDueAsync(DatabaseWatch watch, Webhook webhook, IReadOnlyCollection<Guid> held, DateTime now, int limit)
    {
        await using var connection = await watch.OpenBookAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(ReadDue, connection);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            Uuid(webhook.WorkspaceId), Uuid(webhook.Id), new NpgsqlParameter<DateTime> { TypedValue = now }, Uuids([.. held]),
            new NpgsqlParameter<int> { TypedValue = limit },
        });
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<OutboxRow>();
        while (await row.ReadAsync())
        {
            rows.Add(new OutboxRow
            {
                WorkspaceId = webhook.WorkspaceId,
                WebhookId = webhook.Id,
                Id = row.GetGuid(0),
                SubjectId = row.GetGuid(1),
                Kind = row.GetString(2),
                Event = row.GetString(3),
                OccurredOn = row.GetDateTime(4),
                Attempts = row.GetInt32(5),
            });
        }

        return rows;
    }

    /// <summary>Writes what attempts came to: the log, what is left of the outbox, and what the webhook has to know; all of it or nothing.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="attempts">The attempts.</param>
    /// <param name="failures">How many failed in a row by now; null when that did not change.</param>
    /// <param name="offReason">Why the webhook is to be switched off, or null.</param>
    public static async Task SettleAsync(DatabaseWatch watch, Webhook webhook, IReadOnlyList<Attempt> attempts, int? failures, string? offReason)
    {
        await using var connection = await watch.OpenBookAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, webhook, LogAttempts, LogColumns(attempts));
        Guid[] settled = [.. attempts.Where(attempt => attempt.RetryOn is null).Select(attempt => attempt.Row.Id)];
        if (settled.Length > 0)
            Add(batch, webhook, DeleteSettled, Uuids(settled));
        Attempt[] postponed = [.. attempts.Where(attempt => attempt.RetryOn is not null)];
        if (postponed.Length > 0)
        {
            Add(batch, webhook, Postpone,
                Uuids([.. postponed.Select(attempt => attempt.Row.Id)]), Integers([.. postponed.Select(attempt => attempt.Number)]),
                Times([.. postponed.Select(attempt => attempt.RetryOn!.Value)]), Texts([.. postponed.Select(attempt => attempt.Error)]));
        }

        if (offReason is not null)
            Add(batch, webhook, SwitchOff, new NpgsqlParameter<int> { TypedValue = failures ?? 0 }, new NpgsqlParameter<string> { TypedValue = offReason });
        else if (failures is { } count)
            Add(batch, webhook, CountFailures, new NpgsqlParameter<int> { TypedValue = count });
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter[] LogColumns(IReadOnlyList<Attempt> attempts) =>
    [
        Uuids([.. attempts.Select(attempt => attempt.Id)]),
        Uuids([.. attempts.Select(attempt => attempt.Row.Id)]),
        Integers([.. attempts.Select(attempt => attempt.Number)]),
        Times([.. attempts.Select(attempt => attempt.RequestedOn)]),
        Integers([.. attempts.Select(attempt => attempt.DurationMs)]),
        new NpgsqlParameter<int?[]> { TypedValue = [.. attempts.Select(attempt => attempt.Status)] },
        Texts([.. attempts.Select(attempt => attempt.Error)]),
        Texts([.. attempts.Select(attempt => attempt.Answer)]),
    ];

    private static void Add(NpgsqlBatch batch, Webhook webhook, string statement, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        batch.BatchCommands.Add(Command(statement, [Uuid(webhook.WorkspaceId), Uuid(webhook.Id), .. parameters]));
}
