using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>
/// Keeps groups cheap in the background: squashes the differences that make up their counts, and removes the members of deleted groups
/// a few thousand at a time, so that deleting a group of a million answers at once and never blocks a write for long.
/// </summary>
/// <param name="contexts">Where groups are kept.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class GroupCleaner(IDbContextFactory<ContactsDb> contexts, TimeProvider clock, ILogger<GroupCleaner> log)
    : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    private const int Chunk = 5_000;
    private const int WorthSquashing = 32;

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
        List<GroupKey> deleted, squashable;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            deleted = await db.Groups.IgnoreQueryFilters().Where(group => group.DeletedOn != null)
                .Select(group => new GroupKey(group.WorkspaceId, group.Id)).ToListAsync(cancellation);
            squashable = await db.GroupCounts.IgnoreQueryFilters()
                .GroupBy(count => new { count.WorkspaceId, count.GroupId })
                .Where(deltas => deltas.Count() >= WorthSquashing)
                .Select(deltas => new GroupKey(deltas.Key.WorkspaceId, deltas.Key.GroupId)).ToListAsync(cancellation);
        }

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

    private async Task SquashAsync(Guid workspaceId, Guid groupId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        var id = RowId.At(Clock.Now());
        await db.Database.ExecuteSqlAsync(
            $"""
             WITH gone AS (
               DELETE FROM group_counts WHERE workspace_id = {workspaceId} AND group_id = {groupId} RETURNING delta
             )
             INSERT INTO group_counts (workspace_id, id, group_id, delta)
             SELECT {workspaceId}, {id}, {groupId}, sum(delta) FROM gone HAVING count(*) > 0
             """,
            cancellation);
    }

    /// <summary>In the order of the key, each piece from where the last one ended: no plan can make a statement look at more rows than it removes.</summary>
    private async Task EmptyAsync(Guid workspaceId, Guid groupId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        var members = db.GroupMembers.Where(member => member.GroupId == groupId);
        var rest = members;
        while (await rest.OrderBy(member => member.ContactId).Skip(Chunk - 1).Select(member => (Guid?)member.ContactId).FirstOrDefaultAsync(cancellation) is { } last)
        {
            await rest.Where(member => member.ContactId <= last).ExecuteDeleteAsync(cancellation);
            rest = members.Where(member => member.ContactId > last);
        }

        await members.ExecuteDeleteAsync(cancellation);
        await db.GroupCounts.Where(count => count.GroupId == groupId).ExecuteDeleteAsync(cancellation);
        await db.Groups.Where(group => group.Id == groupId).ExecuteDeleteAsync(cancellation);
    }

    private sealed record GroupKey(Guid WorkspaceId, Guid GroupId);
}
