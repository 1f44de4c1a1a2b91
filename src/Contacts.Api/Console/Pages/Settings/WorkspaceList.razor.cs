using Contacts.Core;
using Contacts.Management;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Settings;

/// <summary>The installation's workspaces, for the administrators of its first one: their names, and one more.</summary>
public sealed partial class WorkspaceList
{
    private const int PageSize = 50;

    /// <summary>Where the page begins.</summary>
    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    /// <summary>The workspace that was made a moment ago, a uuid.</summary>
    [SupplyParameterFromQuery]
    public string? Made { get; set; }

    /// <summary>The name of a new one.</summary>
    [SupplyParameterFromForm(FormName = "create")]
    public string? Name { get; set; }

    /// <summary>Its country.</summary>
    [SupplyParameterFromForm(FormName = "create")]
    public string? Country { get; set; }

    /// <summary>Its time zone.</summary>
    [SupplyParameterFromForm(FormName = "create")]
    public string? Timezone { get; set; }

    [Inject]
    internal WorkspaceService Workspaces { get; set; } = null!;

    [Inject]
    internal OnceShown OnceShown { get; set; } = null!;

    [Inject]
    internal IValidator<WorkspaceChanges> Validator { get; set; } = null!;

    private bool IsFirst { get; set; }

    private IReadOnlyList<Workspace> Shown { get; set; } = [];

    private Cursor? Next { get; set; }

    private Cursor? Previous { get; set; }

    private string? Key { get; set; }

    private Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        IsFirst = await Workspaces.IsFirstAsync(Workspace.Id, Gone);
        if (!IsFirst)
        {
            Answer(StatusCodes.Status403Forbidden);
            return;
        }

        if (Guid.TryParse(Made, out var made))
            Key = OnceShown.Take(Http, made);
        AutomationListing.TryRead(Cursor, out var from);
        var page = await Workspaces.ListAsync(PageSize, from, Gone);
        (Shown, Next, Previous) = (page.Items, page.Next, page.Previous);
    }

    private static string? PathTo(Cursor? cursor) => AutomationListing.TextOf(cursor) is { } place ? $"workspaces?cursor={place}" : null;

    private async Task CreateAsync()
    {
        if (!IsFirst)
            return;
        var changes = new WorkspaceChanges
        {
            Name = (Name ?? string.Empty).Trim(),
            Country = string.IsNullOrWhiteSpace(Country) ? default : new Optional<string?>(Country.Trim()),
            Timezone = string.IsNullOrWhiteSpace(Timezone) ? default : new Optional<string>(Timezone.Trim()),
        };
        Tell(Faults, Validator.Validate(changes).Errors);
        if (Faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
            return;
        }

        var key = ApiToken.NewKey();
        var outcome = await Workspaces.OpenAsync(changes, key, Gone);
        if (outcome.Value is not { } opened)
        {
            Answer(StatusCodes.Status409Conflict);
            Faults["name"] = Words["workspaces.taken"];
            return;
        }

        OnceShown.Keep(Http, opened.Id, key);
        Go($"workspaces?made={opened.Id}");
    }
}
