using System.Runtime.CompilerServices;
using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Core;

/// <summary>Reads contacts. Writing is <see cref="ContactWriter"/>'s alone.</summary>
/// <param name="watch">Opens connections.</param>
/// <param name="replicas">Where lists are read.</param>
/// <param name="lookUps">Finds them by URN.</param>
public sealed class ContactService(DatabaseWatch watch, ReadReplicas replicas, ContactLookUps lookUps)
{
    private const int WalkSize = 500;

    private const string FindOne = $"{ContactRow.Select} WHERE workspace_id = $1 AND id = $2";

    private const string FindSome =
        $"""
        {ContactRow.Select}
        WHERE workspace_id = $1 AND deleted_on IS NULL
          AND id = ANY ($2 || ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($3)))
        """;

    /// <summary>A page of contacts.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<Contact>> ListAsync(Workspace workspace, ContactQuery query, CancellationToken cancellation)
    {
        if (query is { Urn: { } sought, From: null } && query == new ContactQuery { Urn = sought, PageSize = query.PageSize })
            return await lookUps.FindAsync(workspace, sought, cancellation) is { } only ? new Page<Contact>([only], null, null) : Page<Contact>.Empty;
        return await replicas.ReadAsync(workspace.Id, ReadAsync, cancellation);

        async Task<Page<Contact>> ReadAsync(NpgsqlConnection connection)
        {
            var page = await query.ReadAsync(connection, workspace.Id, cancellation);
            if (page.Items.Count > 0 || query.Urn is not { } urn || ContactUpsert.OtherForm(workspace, urn) is not { } other)
                return page;
            return await (query with { Urn = Urn.FromStored(other) }).ReadAsync(connection, workspace.Id, cancellation);
        }
    }

    /// <summary>All contacts of a query, the oldest first, piece by piece: however many there are, one piece is held in memory.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones; its order and page are not looked at.</param>
    /// <param name="cancellation">Stops the walk.</param>
    public async IAsyncEnumerable<Contact> WalkAsync(
        Workspace workspace, ContactQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Cursor? from = null;
        do
        {
            var page = await ListAsync(
                workspace, query with { Order = ContactOrder.Created, OldestFirst = true, PageSize = WalkSize, From = from }, cancellation);
            foreach (var contact in page.Items)
                yield return contact;
            from = page.Next;
        }
        while (from is not null);
    }

    /// <summary>The contact with an id, deleted or not, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Contact?> FindAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        var found = await watch.ListAsync(
            FindOne, [Parameters.Uuid(workspace.Id), Parameters.Uuid(id)], row => ContactRow.Read(row, workspace.Id), cancellation);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Living contacts by their ids or URNs, in no order; those that are not there are left out.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="ids">Ids.</param>
    /// <param name="identities">Identities of URNs, exactly.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<Contact>> FindAsync(
        Workspace workspace, IReadOnlyList<Guid> ids, IReadOnlyList<string> identities, CancellationToken cancellation)
    {
        NpgsqlParameter[] sought = [Parameters.Uuid(workspace.Id), Parameters.Uuids([.. ids]), Parameters.Texts([.. identities])];
        return await watch.ListAsync(FindSome, sought, row => ContactRow.Read(row, workspace.Id), cancellation);
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
}
