using Contacts.Data;
using Contacts.Urns;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>By what a list of contacts is ordered.</summary>
public enum ContactOrder
{
    /// <summary>By the time of the last change.</summary>
    Modified,

    /// <summary>By the time of creation.</summary>
    Created,
}

/// <summary>Which contacts, in which order, from where. All filters given must match.</summary>
public sealed record ContactQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxPageSize = 250;

    /// <summary>The contact with this id.</summary>
    public Guid? Id { get; init; }

    /// <summary>The contact with this URN.</summary>
    public Urn? Urn { get; init; }

    /// <summary>Contacts whose name contains this, in any case.</summary>
    public string? NameContains { get; init; }

    /// <summary>Contacts named exactly so, or with this text as a URN.</summary>
    public string? Search { get; init; }

    /// <summary>The text of <see cref="Search"/> read as a URN, when it is one.</summary>
    public Urn? SearchUrn { get; init; }

    /// <summary>Members of this group.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>Contacts that have one of these, exactly: identities of URNs.</summary>
    public IReadOnlyList<string>? Identities { get; init; }

    /// <summary>Contacts of this status.</summary>
    public ContactStatus? Status { get; init; }

    /// <summary>Contacts with a value of this field.</summary>
    public Guid? FieldId { get; init; }

    /// <summary>What the value of <see cref="FieldId"/> reads, in any case, <c>*</c> standing for anything; null for any value.</summary>
    public string? FieldText { get; init; }

    /// <summary>Last changed at this time or earlier.</summary>
    public DateTime? ModifiedUntil { get; init; }

    /// <summary>Last changed at this time or later.</summary>
    public DateTime? ModifiedSince { get; init; }

    /// <summary>The deleted contacts in place of the living ones.</summary>
    public bool Deleted { get; init; }

    /// <summary>By what the list is ordered.</summary>
    public ContactOrder Order { get; init; }

    /// <summary>Oldest first in place of newest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>How many contacts a page has.</summary>
    public int PageSize { get; init; } = MaxPageSize;

    /// <summary>How long the search may take before it is given up with a <see cref="TimeoutException"/> within what is thrown; null for the connection's own limit.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Where the page begins or ends; null for the first.</summary>
    public Cursor? From { get; init; }

    /// <summary>Reads the page: one statement, whatever its depth.</summary>
    /// <param name="db">An open context of the workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Page<Contact>> ReadAsync(ContactsDb db, CancellationToken cancellation)
    {
        if (Patience is { } patience)
            db.Database.SetCommandTimeout(patience);
        var contacts = Filter(db, Source(db).AsNoTracking());
        var ascending = OldestFirst != (From is { Backwards: true });
        var ordered = Order == ContactOrder.Created ? ByCreation(contacts, ascending) : ByChange(contacts, ascending);
        var read = await ordered.Take(PageSize + 1).ToListAsync(cancellation);
        return Page<Contact>.Of(read, PageSize, From, contact => (Order == ContactOrder.Created ? null : contact.ModifiedOn, contact.Id));
    }

    /// <summary>What a value reads stands within JSON, which EF Core's own language has no word for.</summary>
    private IQueryable<Contact> Source(ContactsDb db)
    {
        if (FieldId?.ToString() is not { } field)
            return db.Contacts;
        var pattern = FieldText is null ? "%" : EscapeLike(FieldText).Replace('*', '%');
        return db.Contacts.FromSql(
            $"SELECT * FROM contact_rows WHERE workspace_id = {db.WorkspaceId} AND fields -> {field} ->> 'text' ILIKE {pattern}");
    }

    private IQueryable<Contact> Filter(ContactsDb db, IQueryable<Contact> contacts)
    {
        contacts = Deleted ? contacts.Where(contact => contact.DeletedOn != null) : contacts.Where(contact => contact.DeletedOn == null);
        if (Id is { } id)
            contacts = contacts.Where(contact => contact.Id == id);
        if (Urn is { } urn)
            contacts = contacts.Where(contact => db.ContactUrns.Any(row => row.ContactId == contact.Id && row.Identity == urn.Identity));
        if (Identities is { } identities)
            contacts = contacts.Where(contact => db.ContactUrns.Any(row => row.ContactId == contact.Id && identities.Contains(row.Identity)));
        if (Status is { } status)
            contacts = contacts.Where(contact => contact.Status == status);
        if (NameContains is not null)
            contacts = contacts.Where(contact => EF.Functions.ILike(contact.Name!, $"%{EscapeLike(NameContains)}%", "\\"));
        if (SearchUrn is { } searched)
        {
            contacts = contacts.Where(contact => contact.Name == Search
                || db.ContactUrns.Any(row => row.ContactId == contact.Id && row.Identity == searched.Identity));
        }
        else if (Search is not null)
        {
            contacts = contacts.Where(contact => contact.Name == Search);
        }

        if (GroupId is { } groupId)
            contacts = contacts.Where(contact => db.GroupMembers.Any(member => member.ContactId == contact.Id && member.GroupId == groupId));
        if (ModifiedUntil is { } until)
            contacts = contacts.Where(contact => contact.ModifiedOn <= until);
        if (ModifiedSince is { } since)
            contacts = contacts.Where(contact => contact.ModifiedOn >= since);
        return contacts;
    }

    private IQueryable<Contact> ByChange(IQueryable<Contact> contacts, bool ascending)
    {
        if (From is { Time: { } time, Id: var id })
        {
            contacts = ascending
                ? contacts.Where(contact => EF.Functions.GreaterThan(ValueTuple.Create(contact.ModifiedOn, contact.Id), ValueTuple.Create(time, id)))
                : contacts.Where(contact => EF.Functions.LessThan(ValueTuple.Create(contact.ModifiedOn, contact.Id), ValueTuple.Create(time, id)));
        }

        return ascending
            ? contacts.OrderBy(contact => contact.ModifiedOn).ThenBy(contact => contact.Id)
            : contacts.OrderByDescending(contact => contact.ModifiedOn).ThenByDescending(contact => contact.Id);
    }

    private IQueryable<Contact> ByCreation(IQueryable<Contact> contacts, bool ascending)
    {
        if (From is { Id: var id })
            contacts = ascending ? contacts.Where(contact => contact.Id > id) : contacts.Where(contact => contact.Id < id);
        return ascending ? contacts.OrderBy(contact => contact.Id) : contacts.OrderByDescending(contact => contact.Id);
    }

    /// <summary>A text as a part of a LIKE pattern that means the text itself.</summary>
    /// <param name="text">Any text.</param>
    internal static string EscapeLike(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
