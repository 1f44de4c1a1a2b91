using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.TestBench;

/// <summary>The workspaces' faults: asked for, listed and taken back. None is ever there unless somebody asked for it.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="active">Is told of every change.</param>
/// <param name="clock">The clock.</param>
public sealed class FaultService(IDbContextFactory<ContactsDb> contexts, ActiveFaults active, TimeProvider clock)
{
    /// <summary>Those that are active, the oldest first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<Fault>> ListAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        return await Active(db).AsNoTracking().OrderBy(fault => fault.Id).ToListAsync(cancellation);
    }

    /// <summary>Adds one, active at once. Those that have ended go.</summary>
    /// <param name="fault">The fault, of a valid shape.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    /// <returns>The fault; refused when there are <see cref="Fault.MaxCount"/>.</returns>
    public async Task<Outcome<Fault>> AddAsync(Fault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fault);
        await using var db = contexts.Open(fault.WorkspaceId);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var now = clock.Now();
        await db.Faults.Where(row => row.EndsOn <= now || row.Used >= row.Times).ExecuteDeleteAsync(cancellation);
        var count = await db.Faults.CountAsync(cancellation);
        if (count >= Fault.MaxCount)
            return new Refusal.LimitReached(count, Fault.MaxCount);
        db.Add(fault);
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Created, fault.Id.ToString());
        active.Forget(fault.WorkspaceId);
        return fault;
    }

    /// <summary>Ends one.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    /// <returns>Whether it was there, ended or not.</returns>
    public async Task<bool> DeleteAsync(Guid workspaceId, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        var deleted = await db.Faults.Where(fault => fault.Id == id).ExecuteDeleteAsync(cancellation);
        active.Forget(workspaceId);
        return deleted > 0;
    }

    /// <summary>Ends all.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    public async Task DeleteAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        await db.Faults.ExecuteDeleteAsync(cancellation);
        active.Forget(workspaceId);
    }

    private IQueryable<Fault> Active(ContactsDb db)
    {
        var now = clock.Now();
        return db.Faults.Where(fault => fault.EndsOn > now && (fault.Times == null || fault.Used < fault.Times));
    }
}
