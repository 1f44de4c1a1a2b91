using System.Collections.Frozen;
using System.Text;
using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>The workspace's fields.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="catalogs">What is told of every change.</param>
/// <param name="clock">The clock.</param>
public sealed class FieldService(IDbContextFactory<ContactsDb> contexts, CatalogCache catalogs, TimeProvider clock)
{
    private static readonly FrozenSet<string> ReservedKeys = UrnSchemes.Names
        .Concat(["id", "name", "first_name", "language", "groups", "uuid", "created_on", "created_by", "modified_by", "is", "has"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The key that a label makes: lower case, runs of anything but letters and digits become one <c>_</c>.</summary>
    /// <param name="label">The label.</param>
    public static string KeyOf(string label)
    {
        var key = new StringBuilder(label.Length);
        foreach (var letter in label.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                key.Append(letter);
            else if (key.Length > 0 && key[^1] != '_')
                key.Append('_');
        }

        return key.ToString().TrimEnd('_');
    }

    /// <summary>Whether the key that a label makes is one that a field may have.</summary>
    /// <param name="label">The label.</param>
    public static bool MakesKey(string label) => KeyOf(label) is [var first, ..] key && char.IsAsciiLetter(first) && !ReservedKeys.Contains(key);

    /// <summary>A page of fields, newest first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="key">Only the field with this key, or null for all.</param>
    /// <param name="size">The size of a page.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<Field>> ListAsync(Workspace workspace, string? key, int size, Cursor? from, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var fields = db.Fields.AsNoTracking().Where(field => key == null || field.Key == key);
        var ordered = from switch
        {
            null => fields.OrderByDescending(field => field.Id),
            { Backwards: true, Id: var id } => fields.Where(field => field.Id > id).OrderBy(field => field.Id),
            { Id: var id } => fields.Where(field => field.Id < id).OrderByDescending(field => field.Id),
        };
        return Page<Field>.Of(await ordered.Take(size + 1).ToListAsync(cancellation), size, from, field => (null, field.Id));
    }

    /// <summary>Makes a field.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="label">The label, of a valid shape.</param>
    /// <param name="type">How values are answered.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<Field>> CreateAsync(Workspace workspace, string label, FieldType type, CancellationToken cancellation)
    {
        var key = KeyOf(label);
        if (!MakesKey(label))
            return new Refusal.KeyInvalid(key);
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var labelKey = NameKey.Of(label);
        var clashes = await db.Fields.AsNoTracking().Where(field => field.LabelKey == labelKey || field.Key == key).ToListAsync(cancellation);
        if (clashes.Exists(field => field.LabelKey == labelKey))
            return new Refusal.NotUnique(UniqueAttribute.Label);
        if (clashes.Count > 0)
            return new Refusal.KeyTaken(key);
        var count = await db.Fields.CountAsync(cancellation);
        if (count >= workspace.FieldLimit)
            return new Refusal.LimitReached(count, workspace.FieldLimit);

        var now = clock.Now();
        var field = new Field
        {
            WorkspaceId = workspace.Id,
            Id = RowId.At(now),
            Key = key,
            Label = label,
            LabelKey = labelKey,
            ValueType = type,
            CreatedOn = now,
        };
        db.Add(field);
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Created, key);
        catalogs.Forget(workspace.Id);
        return field;
    }

    /// <summary>Changes a field's label and type; its key stays.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="key">The field's key.</param>
    /// <param name="label">The new label, of a valid shape.</param>
    /// <param name="type">How values are answered from now on.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<Field>> UpdateAsync(Workspace workspace, string key, string label, FieldType type, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var field = await db.Fields.SingleOrDefaultAsync(candidate => candidate.Key == key, cancellation);
        if (field is null)
            return new Refusal.NotFound();
        var labelKey = NameKey.Of(label);
        if (await db.Fields.AnyAsync(other => other.LabelKey == labelKey && other.Key != key, cancellation))
            return new Refusal.NotUnique(UniqueAttribute.Label);
        field.Label = label;
        field.LabelKey = labelKey;
        field.ValueType = type;
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Updated, key);
        catalogs.Forget(workspace.Id);
        return field;
    }

    /// <summary>Whether there is a field with a key, in the database now.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<bool> ExistsAsync(Workspace workspace, string key, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.Fields.AnyAsync(field => field.Key == key, cancellation);
    }
}
