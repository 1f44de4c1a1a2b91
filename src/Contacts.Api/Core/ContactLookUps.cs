using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Core;

/// <summary>Finds living contacts by their URNs. Look-ups that arrive at once share a statement.</summary>
public sealed class ContactLookUps
{
    private const string Find =
        $"""
        {ContactRow.Select}
        WHERE workspace_id = $1 AND deleted_on IS NULL
          AND id = ANY (ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($2)))
        """;

    private readonly DatabaseWatch _watch;
    private readonly Coalescer<Urn, Contact?> _shared;

    /// <summary>Look-ups.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="sharing">How look-ups share statements.</param>
    public ContactLookUps(DatabaseWatch watch, Sharing sharing)
    {
        _watch = watch;
        _shared = new Coalescer<Urn, Contact?>(sharing, ReadAsync);
    }

    /// <summary>The contact with a URN, or null; the other form of a number counts when the workspace says so.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">The URN.</param>
    /// <param name="cancellation">Gives up while it waits.</param>
    /// <exception cref="BookBusyException">When too many look-ups wait already.</exception>
    public Task<Contact?> FindAsync(Workspace workspace, Urn urn, CancellationToken cancellation) => _shared.AskAsync(workspace, urn, cancellation);

    private async Task<IReadOnlyList<Contact?>> ReadAsync(Workspace workspace, IReadOnlyList<Urn> urns)
    {
        var identities = new HashSet<string>(urns.Count, StringComparer.Ordinal);
        foreach (var urn in urns)
        {
            identities.Add(urn.Identity);
            if (ContactUpsert.OtherForm(workspace, urn) is { } other)
                identities.Add(other);
        }

        var owners = new Dictionary<string, Contact>(urns.Count, StringComparer.Ordinal);
        await using (var connection = await _watch.OpenEngineAsync(CancellationToken.None))
        {
            await using var command = new NpgsqlCommand(Find, connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. identities] });
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                var contact = ContactRow.Read(rows, workspace.Id);
                foreach (var urn in contact.Urns)
                    owners[urn.Identity] = contact;
            }
        }

        return [.. urns.Select(urn => owners.GetValueOrDefault(urn.Identity)
            ?? (ContactUpsert.OtherForm(workspace, urn) is { } other ? owners.GetValueOrDefault(other) : null))];
    }
}
