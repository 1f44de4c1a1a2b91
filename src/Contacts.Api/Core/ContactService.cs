using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>Reads contacts. Writing is <see cref="ContactUpsert"/>'s alone.</summary>
/// <param name="contexts">Where they are kept.</param>
public sealed class ContactService(IDbContextFactory<ContactsDb> contexts)
{
    /// <summary>A page of contacts.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<Contact>> ListAsync(Workspace workspace, ContactQuery query, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var page = await query.ReadAsync(db, cancellation);
        if (page.Items.Count > 0 || query.Urn is not { } urn || OtherForm(workspace, urn) is not { } other)
            return page;
        return await (query with { Urn = Urn.FromStored(other) }).ReadAsync(db, cancellation);
    }

    /// <summary>The contact with an id, deleted or not, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Contact?> FindAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.Contacts.AsNoTracking().SingleOrDefaultAsync(contact => contact.Id == id, cancellation);
    }

    /// <summary>Living contacts by their ids or URNs, in no order; those that are not there are left out.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="ids">Ids.</param>
    /// <param name="identities">Identities of URNs, exactly.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<Contact>> FindAsync(
        Workspace workspace, IReadOnlyList<Guid> ids, IReadOnlyList<string> identities, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var owners = db.ContactUrns.Where(urn => identities.Contains(urn.Identity)).Select(urn => urn.ContactId);
        return await db.Contacts.AsNoTracking()
            .Where(contact => contact.DeletedOn == null && (ids.Contains(contact.Id) || owners.Contains(contact.Id)))
            .ToListAsync(cancellation);
    }

    /// <summary>The living contact with a URN, or null; the other form of a number counts when the workspace says so.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">The URN.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Contact?> FindAsync(Workspace workspace, Urn urn, CancellationToken cancellation)
    {
        var page = await ListAsync(workspace, new ContactQuery { Urn = urn, PageSize = 1 }, cancellation);
        return page.Items.Count > 0 ? page.Items[0] : null;
    }

    /// <summary>The living contact with exactly this name, the last changed one when there are several, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Contact?> FindByNameAsync(Workspace workspace, string name, CancellationToken cancellation)
    {
        var page = await ListAsync(workspace, new ContactQuery { Search = name, PageSize = 1 }, cancellation);
        return page.Items.Count > 0 ? page.Items[0] : null;
    }

    private static string? OtherForm(Workspace workspace, Urn urn) => workspace.VerifyNinthDigit ? urn.OtherForm() : null;
}
