using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>A campaign with its group.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Group">The group that it addresses.</param>
public sealed record GroupedCampaign(Campaign Campaign, Group Group);

/// <summary>The workspace's campaigns: records that hold the groups they use.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="clock">The clock.</param>
public sealed class CampaignService(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>A page of campaigns in use, newest first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">Only the campaign with this id, or null for all.</param>
    /// <param name="size">The size of a page.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<GroupedCampaign>> ListAsync(Workspace workspace, Guid? id, int size, Cursor? from, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var campaigns = db.Campaigns.AsNoTracking().Where(campaign => campaign.ArchivedOn == null && (id == null || campaign.Id == id));
        var ordered = from switch
        {
            null => campaigns.OrderByDescending(campaign => campaign.Id),
            { Backwards: true, Id: var place } => campaigns.Where(campaign => campaign.Id > place).OrderBy(campaign => campaign.Id),
            { Id: var place } => campaigns.Where(campaign => campaign.Id < place).OrderByDescending(campaign => campaign.Id),
        };
        var rows = await ordered.Take(size + 1)
            .Join(db.Groups, campaign => campaign.GroupId, group => group.Id, (campaign, group) => new GroupedCampaign(campaign, group))
            .ToListAsync(cancellation);
        var sorted = from is { Backwards: true } ? rows.OrderBy(row => row.Campaign.CreatedOn) : rows.OrderByDescending(row => row.Campaign.CreatedOn);
        return Page<GroupedCampaign>.Of([.. sorted], size, from, row => (null, row.Campaign.Id));
    }

    /// <summary>Makes a campaign for a group.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The name, of a valid shape.</param>
    /// <param name="group">The group.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public Task<Outcome<GroupedCampaign>> CreateAsync(Workspace workspace, string name, Group group, CancellationToken cancellation) =>
        SaveAsync(workspace, null, name, group, cancellation);

    /// <summary>Changes a campaign's name and group.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The campaign.</param>
    /// <param name="name">The name, of a valid shape.</param>
    /// <param name="group">The group.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public Task<Outcome<GroupedCampaign>> UpdateAsync(Workspace workspace, Guid id, string name, Group group, CancellationToken cancellation) =>
        SaveAsync(workspace, id, name, group, cancellation);

    private async Task<Outcome<GroupedCampaign>> SaveAsync(
        Workspace workspace, Guid? id, string name, Group group, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);

        // The catalog lock keeps the group from being deleted until the campaign that holds it is there.
        var key = NameKey.Of(name);
        var campaign = id is null ? null : await db.Campaigns.SingleOrDefaultAsync(row => row.Id == id && row.ArchivedOn == null, cancellation);
        if (id is not null && campaign is null)
            return new Refusal.NotFound();
        if (await db.Campaigns.AnyAsync(other => other.NameKey == key && other.ArchivedOn == null && other.Id != id, cancellation))
            return new Refusal.NotUnique(UniqueAttribute.Name);
        if (!await db.Groups.AnyAsync(row => row.Id == group.Id && row.DeletedOn == null, cancellation))
            return new Refusal.GroupUnknown(group.Id);
        if (campaign is null)
        {
            var now = clock.Now();
            campaign = new Campaign
            {
                WorkspaceId = workspace.Id,
                Id = RowId.At(now),
                Name = name,
                NameKey = key,
                GroupId = group.Id,
                CreatedOn = now,
            };
            db.Add(campaign);
        }

        campaign.Name = name;
        campaign.NameKey = key;
        campaign.GroupId = group.Id;
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return new GroupedCampaign(campaign, group);
    }
}
