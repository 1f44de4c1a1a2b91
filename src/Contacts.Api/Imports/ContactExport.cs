using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Imports;

/// <summary>
/// Contacts as a file that may be imported again: a header, a column for each scheme in use and for each field. Where addresses are hidden they are
/// left out. The file comes piece by piece, however many there are.
/// </summary>
/// <param name="contacts">Reads contacts.</param>
/// <param name="catalogs">The workspaces' fields and groups.</param>
/// <param name="searches">Tells which schemes are in use.</param>
public sealed class ContactExport(ContactService contacts, CatalogCache catalogs, ContactSearches searches)
{
    private const int PieceLength = 32 * 1024;

    /// <summary>The file of the contacts of a query, piece by piece; each is used before the next one is asked for.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellation">Stops the export.</param>
    public async IAsyncEnumerable<StringBuilder> PiecesAsync(Workspace workspace, ContactQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var catalog = await catalogs.GetAsync(workspace.Id, cancellation);
        var used = workspace.IsAnonymous ? [] : await searches.SchemesAsync(workspace, cancellation);
        string[] schemes = [.. UrnSchemes.Names.Where(scheme => used.Any(word => word.Word == scheme))];
        var piece = new StringBuilder();
        AddLine(piece, ["uuid", "name", "language", "status", .. schemes, "groups", .. catalog.Fields.Select(field => $"field:{field.Key}"), "created_on", "modified_on", "last_seen_on"]);
        await foreach (var contact in contacts.WalkAsync(workspace, query, cancellation))
        {
            AddLine(piece, CellsOf(contact, schemes, catalog));
            if (piece.Length < PieceLength)
                continue;
            yield return piece;
            piece.Clear();
        }

        yield return piece;
    }

    /// <summary>Adds a line to a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cells">The cells' texts.</param>
    internal static void AddLine(StringBuilder file, IEnumerable<string?> cells) =>
        file.AppendJoin(',', cells.Select(cell => CsvCell.Write(cell))).Append("\r\n");

    private static IEnumerable<string?> CellsOf(Contact contact, string[] schemes, Catalog catalog)
    {
        yield return contact.Id.ToString();
        yield return contact.Name;
        yield return contact.Language;
        yield return Choices<ContactStatus>.NameOf(contact.Status);
        foreach (var scheme in schemes)
            yield return CellList.Join(contact.Urns.Where(urn => urn.Scheme == scheme).Select(AddressCell.Write));
        yield return CellList.Join(contact.GroupIds.Select(catalog.GroupById).OfType<Group>().Where(group => !group.IsDynamic).Select(group => group.Name));
        foreach (var field in catalog.Fields)
            yield return TextOf(contact.Fields[field.Id], field.ValueType);
        yield return TextOf(contact.CreatedOn);
        yield return TextOf(contact.ModifiedOn);
        yield return contact.LastSeenOn is { } seen ? TextOf(seen) : null;
    }

    /// <summary>A date in ISO 8601 when it is one; any other value as it was given, so that nothing is lost.</summary>
    private static string? TextOf(FieldValue? value, FieldType type) => type == FieldType.Datetime ? value?.Show(type) ?? value?.Text : value?.Text;

    private static string TextOf(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
