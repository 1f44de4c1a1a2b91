using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>An automation with the living groups that it uses.</summary>
/// <param name="Automation">The automation.</param>
/// <param name="Groups">Its groups by name.</param>
public sealed record GroupedAutomation(Automation Automation, IReadOnlyList<Group> Groups);

/// <summary>Which automations of one kind, newest first. All filters given must match.</summary>
/// <param name="Kind">Triggers, flows or campaigns.</param>
public sealed record AutomationQuery(AutomationKind Kind)
{
    /// <summary>The one with this id.</summary>
    public Guid? Id { get; init; }

    /// <summary>Those of this type.</summary>
    public string? Type { get; init; }

    /// <summary>Those put away, or those in use; null for both.</summary>
    public bool? IsArchived { get; init; }

    /// <summary>Those whose name has this in it, in any case.</summary>
    public string? NamePart { get; init; }

    /// <summary>Those that use this group.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>Last changed at this time or earlier.</summary>
    public DateTime? ModifiedUntil { get; init; }

    /// <summary>Last changed at this time or later.</summary>
    public DateTime? ModifiedSince { get; init; }

    /// <summary>How many a page has.</summary>
    public int PageSize { get; init; } = ContactQuery.MaxPageSize;

    /// <summary>Where the page begins or ends; null for the first.</summary>
    public Cursor? From { get; init; }

    /// <summary>Reads the page: two statements.</summary>
    /// <param name="db">An open context of the workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<GroupedAutomation>> ReadAsync(ContactsDb db, CancellationToken cancellation)
    {
        var filtered = Filter(db);
        var ordered = From switch
        {
            null => filtered.OrderByDescending(row => row.Id),
            { Backwards: true, Id: var id } => filtered.Where(row => row.Id > id).OrderBy(row => row.Id),
            { Id: var id } => filtered.Where(row => row.Id < id).OrderByDescending(row => row.Id),
        };
        var read = await ordered.Take(PageSize + 1).ToListAsync(cancellation);
        var page = Page<Automation>.Of(read, PageSize, From, row => (null, row.Id));
        var ids = page.Items.Select(row => row.Id).ToList();
        var used = await db.AutomationGroups.Where(row => ids.Contains(row.AutomationId))
            .Join(db.Groups.Where(group => group.DeletedOn == null), row => row.GroupId, group => group.Id, (row, group) => new { row.AutomationId, group })
            .ToListAsync(cancellation);
        var groups = used.ToLookup(row => row.AutomationId, row => row.group);
        return new Page<GroupedAutomation>(
            [.. page.Items.Select(row => new GroupedAutomation(row, [.. groups[row.Id].OrderBy(group => group.NameKey, StringComparer.Ordinal)]))],
            page.Next,
            page.Previous);
    }

    private IQueryable<Automation> Filter(ContactsDb db)
    {
        var automations = db.Automations.AsNoTracking().Where(row => row.Kind == Kind);
        if (Id is { } id)
            automations = automations.Where(row => row.Id == id);
        if (Type is not null)
            automations = automations.Where(row => row.Type == Type);
        if (IsArchived is { } isArchived)
            automations = automations.Where(row => (row.ArchivedOn != null) == isArchived);
        if (NamePart is not null)
        {
            var part = NameKey.Of(NamePart);
            automations = automations.Where(row => row.NameKey.Contains(part));
        }

        if (GroupId is { } groupId)
            automations = automations.Where(row => db.AutomationGroups.Any(used => used.AutomationId == row.Id && used.GroupId == groupId));
        if (ModifiedUntil is { } until)
            automations = automations.Where(row => row.ModifiedOn <= until);
        if (ModifiedSince is { } since)
            automations = automations.Where(row => row.ModifiedOn >= since);
        return automations;
    }
}
