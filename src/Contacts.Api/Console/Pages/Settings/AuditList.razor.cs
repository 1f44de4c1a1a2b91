using Contacts.Audit;
using Contacts.Core;
using Contacts.Management;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Settings;

/// <summary>Who did what to the workspace, the last first.</summary>
public sealed partial class AuditList
{
    private const int PageSize = 50;
    private const int MaxText = 200;

    private static readonly string[] Channels = [AuditTrail.Management, AuditTrail.Console, AuditTrail.Command];

    /// <summary>What was done; all when it is empty.</summary>
    [SupplyParameterFromQuery(Name = "action")]
    public string? ActionName { get; set; }

    /// <summary>Where it was done; anywhere when it is empty.</summary>
    [SupplyParameterFromQuery]
    public string? Channel { get; set; }

    /// <summary>The uuid of the token that did it; anybody's when it is empty.</summary>
    [SupplyParameterFromQuery]
    public string? Token { get; set; }

    /// <summary>Where the page begins.</summary>
    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    [Inject]
    internal AuditTrail Trail { get; set; } = null!;

    private IReadOnlyList<AuditEntry> Shown { get; set; } = [];

    private Cursor? Next { get; set; }

    private Cursor? Previous { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var query = new AuditQuery
        {
            Action = string.IsNullOrWhiteSpace(ActionName) || ActionName.Length > MaxText ? null : ActionName.Trim().Replace("\0", string.Empty, StringComparison.Ordinal),
            Channel = Array.Find(Channels, channel => channel == Channel),
            Token = Guid.TryParse(Token, out var token) ? token : null,
        };
        AutomationListing.TryRead(Cursor, out var from);
        var page = await Trail.ListAsync(Workspace.Id, query, PageSize, from, Gone);
        (Shown, Next, Previous) = (page.Items, page.Next, page.Previous);
    }

    private string? PathTo(Cursor? cursor) => AutomationListing.TextOf(cursor) is { } place
        ? $"audit?action={Uri.EscapeDataString(ActionName ?? string.Empty)}&channel={Uri.EscapeDataString(Channel ?? string.Empty)}&token={Uri.EscapeDataString(Token ?? string.Empty)}&cursor={place}"
        : null;
}
