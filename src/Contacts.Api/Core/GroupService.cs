using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>A group with the number of its members.</summary>
/// <param name="Group">The group.</param>
/// <param name="Count">Its members, right after every change.</param>
public sealed record CountedGroup(Group Group, long Count);

/// <summary>The workspace's groups, and the rule that a group in use can't be deleted.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="catalogs">What is told of every change.</param>
/// <param name="cleaner">Removes the members of deleted groups.</param>
/// <param name="clock">The clock.</param>
public sealed class GroupService(IDbContextFactory<ContactsDb> contexts, CatalogCache catalogs, GroupCleaner cleaner, TimeProvider clock)
{
    /// <summary>A page of groups with their counts, newest first: two statements, whatever the counts.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="filter">Narrows the groups down, or null for all.</param>
    /// <param name="size">The size of a page.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<CountedGroup>> ListAsync(
        Workspace workspace, Func<IQueryable<Group>, IQueryable<Group>>? filter, int size, Cursor? from, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var groups = db.Groups.AsNoTracking().Where(group => group.DeletedOn == null);
        groups = filter?.Invoke(groups) ?? groups;
        var ordered = from switch
        {
            null => groups.OrderByDescending(group => group.Id),
            { Backwards: true, Id: var id } => groups.Where(group => group.Id > id).OrderBy(group => group.Id),
            { Id: var id } => groups.Where(group => group.Id < id).OrderByDescending(group => group.Id),
        };
        var page = Page<Group>.Of(await ordered.Take(size + 1).ToListAsync(cancellation), size, from, group => (null, group.Id));
        var ids = page.Items.Select(group => group.Id).ToList();
        var counts = await db.GroupCounts.Where(count => ids.Contains(count.GroupId))
            .GroupBy(count => count.GroupId)
            .Select(deltas => new { deltas.Key, Count = deltas.Sum(count => count.Delta) })
            .ToDictionaryAsync(row => row.Key, row => row.Count, cancellation);
        return new Page<CountedGroup>(
            [.. page.Items.Select(group => new CountedGroup(group, counts.GetValueOrDefault(group.Id)))], page.Next, page.Previous);
    }

    /// <summary>The living group with an id and its count, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<CountedGroup?> FindAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        var page = await ListAsync(workspace, groups => groups.Where(group => group.Id == id), 1, null, cancellation);
        return page.Items.Count > 0 ? page.Items[0] : null;
    }

    /// <summary>Makes a static group.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The name, of a valid shape.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<CountedGroup>> CreateAsync(Workspace workspace, string name, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var key = NameKey.Of(name);
        if (await RefuseNameAsync(db, workspace, key, null, cancellation) is { } refusal)
            return refusal;
        var now = clock.Now();
        var group = new Group { WorkspaceId = workspace.Id, Id = RowId.At(now), Name = name, NameKey = key, CreatedOn = now };
        db.Add(group);
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Created, group.Id.ToString());
        catalogs.Forget(workspace.Id);
        return new CountedGroup(group, 0);
    }

    /// <summary>Renames a group. At the limit this is refused as well, as the reference does.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The group.</param>
    /// <param name="name">The new name, of a valid shape.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<CountedGroup>> RenameAsync(Workspace workspace, Guid id, string name, CancellationToken cancellation)
    {
        await using (var db = contexts.Open(workspace.Id))
        await using (var transaction = await db.BeginCatalogChangeAsync(cancellation))
        {
            var group = await db.Groups.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.DeletedOn == null, cancellation);
            if (group is null)
                return new Refusal.NotFound();
            var key = NameKey.Of(name);
            if (await RefuseNameAsync(db, workspace, key, id, cancellation) is { } refusal)
                return refusal;
            group.Name = name;
            group.NameKey = key;
            await db.SaveChangesAsync(cancellation);
            await db.CommitAsync(transaction, CallEffect.Updated, id.ToString());
        }

        catalogs.Forget(workspace.Id);
        return await FindAsync(workspace, id, cancellation) is { } renamed ? renamed : new Refusal.NotFound();
    }

    /// <summary>Deletes a group that nothing uses. Its members leave it at once; their rows go in the background.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The group.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>Why it was not deleted, or null.</returns>
    public async Task<Refusal?> DeleteAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);

        // FOR UPDATE waits for the batches that are putting contacts into the group, and makes later ones see that it is gone.
        var group = await db.Groups
            .FromSql($"SELECT * FROM groups WHERE workspace_id = {workspace.Id} AND id = {id} AND deleted_on IS NULL FOR UPDATE")
            .SingleOrDefaultAsync(cancellation);
        if (group is null)
            return new Refusal.NotFound();
        if (await UseAsync(db, id, cancellation) is { } use)
            return use;
        group.DeletedOn = clock.Now();
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Deleted, id.ToString());
        catalogs.Forget(workspace.Id);
        cleaner.Wake();
        return null;
    }

    /// <summary>What uses a group: the first kind that does, with all of it.</summary>
    private static async Task<Refusal?> UseAsync(ContactsDb db, Guid id, CancellationToken cancellation)
    {
        var users = await db.AutomationGroups.Where(used => used.GroupId == id)
            .Join(db.Automations.Where(row => row.ArchivedOn == null), used => used.AutomationId, row => row.Id, (used, row) => row)
            .ToListAsync(cancellation);
        return users.GroupBy(row => row.Kind).MinBy(kind => kind.Key) is { } first
            ? new Refusal.GroupInUse(first.Key, [.. first.OrderBy(row => row.Number)])
            : null;
    }

    private static async Task<Refusal?> RefuseNameAsync(ContactsDb db, Workspace workspace, string key, Guid? own, CancellationToken cancellation)
    {
        if (await db.Groups.AnyAsync(group => group.NameKey == key && group.DeletedOn == null && group.Id != own, cancellation))
            return new Refusal.NotUnique(UniqueAttribute.Name);
        var count = await db.Groups.CountAsync(group => group.DeletedOn == null, cancellation);
        return count >= workspace.GroupLimit ? new Refusal.LimitReached(count, workspace.GroupLimit) : null;
    }
}
