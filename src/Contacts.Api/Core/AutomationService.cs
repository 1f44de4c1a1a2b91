using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>What an automation is to be.</summary>
/// <param name="Kind">Trigger, flow or campaign.</param>
/// <param name="Type">What sort; empty for campaigns.</param>
/// <param name="Name">The name, of a valid shape.</param>
/// <param name="Groups">The groups that it uses.</param>
public sealed record AutomationDraft(AutomationKind Kind, string Type, string Name, IReadOnlyList<Group> Groups);

/// <summary>The workspace's triggers, flows and campaigns. While one is in use, the groups that it uses can't be deleted.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="clock">The clock.</param>
public sealed class AutomationService(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>A page of automations.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<GroupedAutomation>> ListAsync(Workspace workspace, AutomationQuery query, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await query.ReadAsync(db, cancellation);
    }

    /// <summary>Makes an automation, in use at once.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<GroupedAutomation>> CreateAsync(Workspace workspace, AutomationDraft draft, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var key = NameKey.Of(draft.Name);
        if (await RefuseAsync(db, draft.Kind, key, null, draft.Groups, cancellation) is { } refusal)
            return refusal;
        var last = await db.Automations.Where(row => row.Kind == draft.Kind).MaxAsync(row => (int?)row.Number, cancellation) ?? 0;
        var now = clock.Now();
        var made = new Automation
        {
            WorkspaceId = workspace.Id,
            Id = RowId.At(now),
            Kind = draft.Kind,
            Number = last + 1,
            Name = draft.Name,
            NameKey = key,
            Type = draft.Type,
            CreatedOn = now,
            ModifiedOn = now,
        };
        db.Add(made);
        Use(db, made, draft.Groups);
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Created, made.Id.ToString());
        return new GroupedAutomation(made, draft.Groups);
    }

    /// <summary>Changes the name and groups of an automation in use.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The automation.</param>
    /// <param name="draft">What it is to be; its type stays.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<GroupedAutomation>> UpdateAsync(Workspace workspace, Guid id, AutomationDraft draft, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        if (await FindAsync(db, draft.Kind, id, cancellation) is not { ArchivedOn: null } row)
            return new Refusal.NotFound();
        var key = NameKey.Of(draft.Name);
        if (await RefuseAsync(db, draft.Kind, key, id, draft.Groups, cancellation) is { } refusal)
            return refusal;
        row.Name = draft.Name;
        row.NameKey = key;
        row.ModifiedOn = clock.Now();
        await db.AutomationGroups.Where(used => used.AutomationId == id).ExecuteDeleteAsync(cancellation);
        Use(db, row, draft.Groups);
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Updated, id.ToString());
        return new GroupedAutomation(row, draft.Groups);
    }

    /// <summary>Puts an automation away, or takes it back into use, which is refused when its name or one of its groups is gone meanwhile.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">The automation.</param>
    /// <param name="isArchived">Whether it is to be put away.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<GroupedAutomation>> ArchiveAsync(
        Workspace workspace, AutomationKind kind, Guid id, bool isArchived, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        if (await FindAsync(db, kind, id, cancellation) is not { } row)
            return new Refusal.NotFound();
        if (!isArchived && row.ArchivedOn is not null && await RefuseToRestoreAsync(db, row, cancellation) is { } refusal)
            return refusal;
        if (isArchived != row.ArchivedOn is not null)
        {
            row.ModifiedOn = clock.Now();
            row.ArchivedOn = isArchived ? row.ModifiedOn : null;
        }

        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Updated, id.ToString());
        var page = await new AutomationQuery(kind) { Id = id }.ReadAsync(db, cancellation);
        return page.Items.Count > 0 ? page.Items[0] : new Refusal.NotFound();
    }

    /// <summary>Deletes an automation for good.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">The automation.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>Why it was not deleted, or null.</returns>
    public async Task<Refusal?> DeleteAsync(Workspace workspace, AutomationKind kind, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        await db.AutomationGroups.Where(used => used.AutomationId == id).ExecuteDeleteAsync(cancellation);
        var deleted = await db.Automations.Where(row => row.Kind == kind && row.Id == id).ExecuteDeleteAsync(cancellation);
        if (deleted == 0)
            return new Refusal.NotFound();
        await db.CommitAsync(transaction, CallEffect.Deleted, id.ToString());
        return null;
    }

    private static async Task<Automation?> FindAsync(ContactsDb db, AutomationKind kind, Guid id, CancellationToken cancellation) =>
        await db.Automations.SingleOrDefaultAsync(row => row.Kind == kind && row.Id == id, cancellation);

    private static void Use(ContactsDb db, Automation automation, IReadOnlyList<Group> groups) =>
        db.AddRange(groups.DistinctBy(group => group.Id).Select(group => new AutomationGroup
        {
            WorkspaceId = automation.WorkspaceId,
            AutomationId = automation.Id,
            GroupId = group.Id,
        }));

    /// <summary>The catalog lock is held: neither the name nor the groups can go while this is asked and written.</summary>
    private static async Task<Refusal?> RefuseAsync(
        ContactsDb db, AutomationKind kind, string nameKey, Guid? own, IReadOnlyList<Group> groups, CancellationToken cancellation)
    {
        if (await db.Automations.AnyAsync(
            row => row.Kind == kind && row.NameKey == nameKey && row.ArchivedOn == null && row.Id != own, cancellation))
            return new Refusal.NotUnique(UniqueAttribute.Name);
        var ids = groups.Select(group => group.Id).ToList();
        var living = await db.Groups.Where(group => ids.Contains(group.Id) && group.DeletedOn == null).Select(group => group.Id).ToListAsync(cancellation);
        return groups.FirstOrDefault(group => !living.Contains(group.Id)) is { } gone ? new Refusal.GroupUnknown(gone.Name) : null;
    }

    private static async Task<Refusal?> RefuseToRestoreAsync(ContactsDb db, Automation row, CancellationToken cancellation)
    {
        var used = await db.AutomationGroups.Where(used => used.AutomationId == row.Id).Select(used => used.GroupId).ToListAsync(cancellation);
        var living = await db.Groups.Where(group => used.Contains(group.Id) && group.DeletedOn == null).ToListAsync(cancellation);
        if (used.Find(id => !living.Exists(group => group.Id == id)) is var gone && gone != Guid.Empty)
            return new Refusal.GroupUnknown(gone.ToString());
        return await RefuseAsync(db, row.Kind, row.NameKey, row.Id, living, cancellation);
    }
}
