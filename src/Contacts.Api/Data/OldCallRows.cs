using Contacts.Core;
using static Contacts.Data.Parameters;

namespace Contacts.Data;

/// <summary>How many calls of a minute are kept, and what they weigh.</summary>
/// <param name="Began">When the minute began.</param>
/// <param name="Calls">How many.</param>
/// <param name="Bytes">What they weigh.</param>
internal sealed record KeptMinute(DateTime Began, long Calls, long Bytes);

/// <summary>The statements that take old calls out of the log.</summary>
internal static class OldCallRows
{
    private const string ReadKept = "SELECT minute, sum(kept), sum(kept_bytes)::bigint FROM call_minutes WHERE workspace_id = $1 AND kept > 0 GROUP BY minute";

    private const string ReadNth = "SELECT id FROM request_log WHERE workspace_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC OFFSET $4 LIMIT 1";

    private const string RemoveMinutes = "DELETE FROM call_minutes WHERE workspace_id = $1 AND minute < $2";

    private const string RemoveCalls =
        """
        DELETE FROM request_log WHERE workspace_id = $1 AND id = ANY (
          ARRAY(SELECT id FROM request_log WHERE workspace_id = $1 AND id < $2 ORDER BY id LIMIT $3))
        """;

    // A call may have touched a hundred contacts: each statement takes all of some calls.
    private const string RemoveContacts =
        """
        DELETE FROM request_log_contacts WHERE workspace_id = $1 AND call_id = ANY (
          ARRAY(SELECT call_id FROM request_log_contacts WHERE workspace_id = $1 AND call_id < $2 ORDER BY call_id LIMIT $3))
        """;

    /// <summary>What is kept of each minute, in no order.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static Task<List<KeptMinute>> KeptAsync(DatabaseWatch watch, Guid workspaceId, CancellationToken cancellation) =>
        watch.ListAsync(ReadKept, [Uuid(workspaceId)], row => new KeptMinute(row.GetDateTime(0), row.GetInt64(1), row.GetInt64(2)), cancellation);

    /// <summary>The id of a minute's last call but some; null when there are not so many.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="minute">When the minute began.</param>
    /// <param name="but">How many come after it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<Guid?> LastButAsync(DatabaseWatch watch, Guid workspaceId, DateTime minute, int but, CancellationToken cancellation)
    {
        var found = await watch.ListAsync(
            ReadNth,
            [Uuid(workspaceId), Uuid(RowId.First(minute)), Uuid(RowId.First(minute.AddMinutes(1))), Integer(but)],
            row => row.GetGuid(0),
            cancellation);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Removes the counts of the minutes before a time.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="end">The time.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static Task RemoveMinutesAsync(DatabaseWatch watch, Guid workspaceId, DateTime end, CancellationToken cancellation) =>
        watch.ExecuteAsync(RemoveMinutes, [Uuid(workspaceId), Time(end)], cancellation);

    /// <summary>Removes the calls before an id, in pieces, so that no statement holds many rows for long.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="end">The id.</param>
    /// <param name="chunk">The most calls of one statement.</param>
    /// <param name="cancellation">Stops between statements.</param>
    /// <returns>How many there were.</returns>
    public static async Task<int> RemoveAsync(DatabaseWatch watch, Guid workspaceId, Guid end, int chunk, CancellationToken cancellation)
    {
        var all = 0;
        int removed;
        do
        {
            removed = await watch.ExecuteAsync(RemoveCalls, [Uuid(workspaceId), Uuid(end), Integer(chunk)], cancellation);
            all += removed;
        }
        while (removed == chunk);

        do
            removed = await watch.ExecuteAsync(RemoveContacts, [Uuid(workspaceId), Uuid(end), Integer(chunk)], cancellation);
        while (removed >= chunk);
        return all;
    }
}
