using System.Diagnostics;
using Contacts.Core;
using Npgsql;

namespace Contacts.Data;

/// <summary>What became of a batch is not known: its connection was lost while it committed, and the book does not tell it from what others wrote since.</summary>
/// <param name="lost">How the connection was lost.</param>
public sealed class CommitUnknownException(Exception lost) : Exception("The connection was lost while the batch committed; it may have been written.", lost);

/// <summary>
/// Looks up what became of a batch whose connection was lost while it committed. A transaction is all or nothing, so one row tells: a contact that it
/// made is there or not; one that it changed has the time of that change, which never runs backwards, or an earlier one. That holds behind Citus and
/// after a failover too, where the number of a transaction says nothing.
/// </summary>
internal static class LostCommit
{
    // Seconds, for rows that another session holds: one whose server is gone, perhaps.
    private const int LockPatience = 2;

    // Counted from the database's last sign of life: whoever waits for the batch is answered within two seconds, whether it came back by then or not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Waits for a transaction that is still about to make the contact. Nothing of this is ever committed.
    private const string Make =
        """
        INSERT INTO contacts (workspace_id, id, status, fields, created_on, modified_on) VALUES ($1, $2, 0, '{}', $3, $3)
        ON CONFLICT (workspace_id, id) DO NOTHING
        """;

    // Waits for a transaction that still holds them.
    private const string Lock = "SELECT id, modified_on FROM contacts WHERE workspace_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE";

    /// <summary>Whether a failure of a commit leaves open what came of it: the connection went, and not the statement.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsOne(Exception error) =>
        error is not PostgresException { InvariantSeverity: not ("FATAL" or "PANIC"), SqlState: not PostgresErrorCodes.StatementCompletionUnknown }
        && (error is NpgsqlException || error.IsLostConnection());

    /// <summary>Whether the batch was written.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="writes">What the batch wrote.</param>
    /// <param name="lost">How the connection was lost.</param>
    /// <exception cref="CommitUnknownException">When the database stays away, or others have changed every contact of the batch since.</exception>
    public static async Task<bool> WasWrittenAsync(DatabaseWatch watch, Guid workspaceId, ContactWrites writes, Exception lost)
    {
        if (writes.IsEmpty)
            return true;
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await watch.OpenEngineAsync(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync();
                var written = writes.Inserted.Count > 0
                    ? !await CanMakeAsync(connection, workspaceId, writes.Inserted[0])
                    : await HaveChangedAsync(connection, workspaceId, writes.Updated);
                return written ?? throw new CommitUnknownException(lost);
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(watch.AwaySince ?? since) < Patience)
            {
                await Task.Delay(Pause);
            }
            catch (NpgsqlException)
            {
                throw new CommitUnknownException(lost);
            }
        }
    }

    private static async Task<bool> CanMakeAsync(NpgsqlConnection connection, Guid workspaceId, Contact contact)
    {
        await using var command = new NpgsqlCommand(Make, connection) { CommandTimeout = LockPatience };
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspaceId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = contact.Id });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = contact.CreatedOn });
        return await command.ExecuteNonQueryAsync() == 1;
    }

    private static async Task<bool?> HaveChangedAsync(NpgsqlConnection connection, Guid workspaceId, List<Contact> contacts)
    {
        var wanted = contacts.ToDictionary(contact => contact.Id, contact => contact.ModifiedOn);
        await using var command = new NpgsqlCommand(Lock, connection) { CommandTimeout = LockPatience };
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspaceId });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. wanted.Keys] });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            // A later time is another's change, which may have come after this one or instead of it.
            var compared = rows.GetDateTime(1).CompareTo(wanted[rows.GetGuid(0)]);
            if (compared <= 0)
                return compared == 0;
        }

        return null;
    }
}
