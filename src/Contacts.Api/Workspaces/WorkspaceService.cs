using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Workspaces;

/// <summary>Makes and lists workspaces and their tokens: for the command line and the management API.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="watch">Opens connections.</param>
/// <param name="callers">What is told of every change.</param>
/// <param name="clock">The clock.</param>
public sealed class WorkspaceService(IDbContextFactory<ContactsDb> contexts, DatabaseWatch watch, Callers callers, TimeProvider clock)
{
    private const string FirstToken = "first";

    /// <summary>All workspaces, oldest first.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<IReadOnlyList<Workspace>> ListAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Workspaces.AsNoTracking().OrderBy(workspace => workspace.Id).ToListAsync(cancellation);
    }

    /// <summary>The workspace with a name in any case, or null.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<Workspace?> FindAsync(string name, CancellationToken cancellation) =>
        WorkspaceRows.FindByNameAsync(watch, NameKey.Of(name.Trim()), cancellation);

    /// <summary>A page of workspaces, newest first.</summary>
    /// <param name="size">How many.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Page<Workspace>> ListAsync(int size, Cursor? from, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var workspaces = db.Workspaces.AsNoTracking();
        var ordered = from switch
        {
            null => workspaces.OrderByDescending(row => row.Id),
            { Backwards: true, Id: var id } => workspaces.Where(row => row.Id > id).OrderBy(row => row.Id),
            { Id: var id } => workspaces.Where(row => row.Id < id).OrderByDescending(row => row.Id),
        };
        return Page<Workspace>.Of(await ordered.Take(size + 1).ToListAsync(cancellation), size, from, row => (null, row.Id));
    }

    /// <summary>Whether a workspace is the installation's first: its administrators may list the others and make more.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<bool> IsFirstAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Workspaces.OrderBy(row => row.Id).Select(row => row.Id).FirstOrDefaultAsync(cancellation) == workspaceId;
    }

    /// <summary>Makes a workspace.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">Sets what differs from the defaults.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The workspace; refused when the name is another's.</returns>
    public Task<Outcome<Workspace>> CreateAsync(string name, Action<Workspace>? settings, CancellationToken cancellation) =>
        AddAsync(name, settings, null, cancellation);

    /// <summary>Makes a workspace with the token of its first administrator: both or neither.</summary>
    /// <param name="changes">Its name, and what differs from the defaults; of a valid shape.</param>
    /// <param name="key">The token's key.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The workspace; refused when the name is another's.</returns>
    public Task<Outcome<Workspace>> OpenAsync(WorkspaceChanges changes, string key, CancellationToken cancellation) => AddAsync(
        changes.Name.Value,
        workspace =>
        {
            workspace.MexicanPrefix = string.Equals(changes.Country.Value, "MX", StringComparison.OrdinalIgnoreCase);
            changes.Apply(workspace);
        },
        key,
        cancellation);

    private async Task<Outcome<Workspace>> AddAsync(string name, Action<Workspace>? settings, string? key, CancellationToken cancellation)
    {
        var now = clock.Now();
        var workspace = new Workspace { Id = RowId.At(now), Name = name.Trim(), NameKey = NameKey.Of(name.Trim()), CreatedOn = now };
        settings?.Invoke(workspace);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        db.Add(workspace);
        try
        {
            await db.SaveChangesAsync(cancellation);
            if (key is not null)
            {
                // After its workspace, which it refers to.
                db.Add(ApiToken.Of(workspace.Id, key, Role.Administrator, FirstToken, now));
                await db.SaveChangesAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
            db.NoteCommitted();
            return workspace;
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new Refusal.NotUnique(UniqueAttribute.Name);
        }
    }

    /// <summary>Changes a workspace's settings, attribute by attribute: changes of other attributes at the same time stay.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="changes">What is to change, of a valid shape.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>The workspace; refused when it is not there, or the name is another's.</returns>
    public async Task<Outcome<Workspace>> UpdateAsync(Guid workspaceId, WorkspaceChanges changes, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Workspaces.SingleOrDefaultAsync(row => row.Id == workspaceId, cancellation) is not { } workspace)
            return new Refusal.NotFound();
        changes.Apply(workspace);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new Refusal.NotUnique(UniqueAttribute.Name);
        }
        finally
        {
            callers.Forget(workspaceId);
        }

        return workspace;
    }
}
