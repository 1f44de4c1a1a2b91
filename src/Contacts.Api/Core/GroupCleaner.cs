using Contacts.Data;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Core;

/// <summary>
/// Keeps groups cheap in the background: squashes the differences that make up their counts, and removes the members of deleted groups
/// a few thousand at a time, so that deleting a group of a million answers at once and never blocks a write for long.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class GroupCleaner(DatabaseWatch watch, TimeProvider clock, ILogger<GroupCleaner> log)
    : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    private const int Chunk = 5_000;
    private const int WorthSquashing = 32;

    private const string Deleted = "SELECT workspace_id, id FROM groups WHERE deleted_on IS NOT NULL";

    private const string Squashable = "SELECT workspace_id, group_id FROM group_counts GROUP BY workspace_id, group_id HAVING count(*) >= $1";

    private const string Squash =
        """
        WITH gone AS (DELETE FROM group_counts WHERE workspace_id = $1 AND group_id = $2 RETURNING delta)
        INSERT INTO group_counts (workspace_id, id, group_id, delta)
        SELECT $1, $3, $2, sum(delta) FROM gone HAVING count(*) > 0
        """;

    private const string RemoveMembers =
        """
        DELETE FROM group_members WHERE workspace_id = $1 AND group_id = $2 AND contact_id = ANY (
          ARRAY(SELECT contact_id FROM group_members WHERE workspace_id = $1 AND group_id = $2 LIMIT $3))
        """;

    private const string RemoveCounts = "DELETE FROM group_counts WHERE workspace_id = $1 AND group_id = $2";

    private const string RemoveGroup = "DELETE FROM groups WHERE workspace_id = $1 AND id = $2";

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Asks for a round now.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else woke it in the same moment.
            }
        }
    }

    /// <summary>One round over all workspaces. Several servers may run it at once: each row is counted and removed once.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public override async Task CleanAsync(CancellationToken cancellation)
    {
        var deleted = await watch.ListAsync(Deleted, [], Key, cancellation);
        var squashable = await watch.ListAsync(Squashable, [Integer(WorthSquashing)], Key, cancellation);
        foreach (var (workspaceId, groupId) in squashable)
            await SquashAsync(workspaceId, groupId, cancellation);
        foreach (var (workspaceId, groupId) in deleted)
            await EmptyAsync(workspaceId, groupId, cancellation);
    }

    /// <inheritdoc />
    protected override Task RestAsync(TimeSpan time, CancellationToken cancellation) => _wake.WaitAsync(time, cancellation);

    /// <inheritdoc />
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    private Task<int> SquashAsync(Guid workspaceId, Guid groupId, CancellationToken cancellation) =>
        watch.ExecuteAsync(Squash, [Uuid(workspaceId), Uuid(groupId), Uuid(RowId.At(Clock.Now()))], cancellation);

    private async Task EmptyAsync(Guid workspaceId, Guid groupId, CancellationToken cancellation)
    {
        int removed;
        do
            removed = await watch.ExecuteAsync(RemoveMembers, [Uuid(workspaceId), Uuid(groupId), Integer(Chunk)], cancellation);
        while (removed == Chunk);

        await watch.ExecuteAsync(RemoveCounts, [Uuid(workspaceId), Uuid(groupId)], cancellation);
        await watch.ExecuteAsync(RemoveGroup, [Uuid(workspaceId), Uuid(groupId)], cancellation);
    }

    private static (Guid WorkspaceId, Guid GroupId) Key(NpgsqlDataReader row) => (row.GetGuid(0), row.GetGuid(1));
}
