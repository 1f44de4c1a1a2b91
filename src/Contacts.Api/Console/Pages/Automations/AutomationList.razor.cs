using Contacts.Core;
using Contacts.Management;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Extensions;

namespace Contacts.Console.Pages.Automations;

/// <summary>Flows, campaigns and triggers by kind; or, with a group, everything that uses it, so that it can't be deleted.</summary>
public sealed partial class AutomationList
{
    private const int PageSize = 50;
    private static readonly string[] Kinds = [NameOf(AutomationKind.Flow), NameOf(AutomationKind.Campaign), NameOf(AutomationKind.Trigger)];

    /// <summary>Which kind; flows unless it says otherwise.</summary>
    [SupplyParameterFromQuery(Name = "kind")]
    public string? KindText { get; set; }

    /// <summary>The group whose users are wanted, a uuid.</summary>
    [SupplyParameterFromQuery(Name = "group")]
    public string? GroupText { get; set; }

    /// <summary>A part of the name.</summary>
    [SupplyParameterFromQuery]
    public string? Name { get; set; }

    /// <summary><c>no</c>, <c>yes</c> or <c>all</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Archived { get; set; }

    /// <summary>Where the page begins.</summary>
    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    [Inject]
    internal AutomationService Automations { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    private string KindName => NameOf(Kind);

    private AutomationKind Kind => Choices<AutomationKind>.TryParse(KindText, out var kind) ? kind : AutomationKind.Flow;

    private bool IsFiltered => Archived is "yes" or "all" || !string.IsNullOrWhiteSpace(Name);

    private Group? Group { get; set; }

    private IReadOnlyList<GroupedAutomation> Found { get; set; } = [];

    private Cursor? Next { get; set; }

    private Cursor? Previous { get; set; }

    /// <summary>A kind's name in URLs.</summary>
    /// <param name="kind">The kind.</param>
    internal static string NameOf(AutomationKind kind) => Choices<AutomationKind>.NameOf(kind);

    /// <summary>Where an automation's own page is.</summary>
    /// <param name="automation">The automation.</param>
    internal static string PathOf(Automation automation) => $"automations/{NameOf(automation.Kind)}/{automation.Id}";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (GroupText is not null)
        {
            await FindUsersAsync();
            return;
        }

        AutomationListing.TryRead(Cursor, out var from);
        var page = await Automations.ListAsync(Workspace, QueryOf(Kind) with { From = from }, Gone);
        (Found, Next, Previous) = (page.Items, page.Next, page.Previous);
    }

    private async Task FindUsersAsync()
    {
        if (!Guid.TryParse(GroupText, out var id) || (Group = (await Catalogs.RefreshAsync(Workspace.Id, Gone)).GroupById(id)) is null)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        var found = new List<GroupedAutomation>();
        foreach (var kind in Enum.GetValues<AutomationKind>())
            found.AddRange((await Automations.ListAsync(Workspace, QueryOf(kind) with { GroupId = id, PageSize = ContactQuery.MaxPageSize }, Gone)).Items);
        Found = found;
    }

    private AutomationQuery QueryOf(AutomationKind kind) => new(kind)
    {
        IsArchived = Archived switch { "yes" => true, "all" => null, _ => false },
        NamePart = string.IsNullOrWhiteSpace(Name) ? null : Name.Trim().Replace("\0", string.Empty, StringComparison.Ordinal),
        PageSize = PageSize,
    };

    private string? PathTo(Cursor? cursor)
    {
        if (AutomationListing.TextOf(cursor) is not { } place)
            return null;
        var query = new QueryBuilder { { "kind", KindName }, { "cursor", place } };
        if (Name is not null)
            query.Add("name", Name);
        if (Archived is not null)
            query.Add("archived", Archived);
        return $"automations{query.ToQueryString()}";
    }
}
