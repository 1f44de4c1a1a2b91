using Contacts.Core;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>The groups with their counts, and the making of one.</summary>
public sealed partial class GroupList
{
    private const int PageSize = 50;

    [Inject]
    internal GroupService Groups { get; set; } = null!;

    private Page<CountedGroup> Page { get; set; } = Page<CountedGroup>.Empty;

    private string Search => (Http.Request.Query["q"].LastOrDefault() ?? string.Empty).Trim().Replace("\0", string.Empty, StringComparison.Ordinal);

    /// <summary>What was typed for the new group's name.</summary>
    private string? Typed { get; set; }

    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var key = NameKey.Of(Search);
        Page = await Groups.ListAsync(
            Workspace, key.Length == 0 ? null : all => all.Where(group => group.NameKey.Contains(key)), PageSize, Places.Read(Http.Request.Query["at"]), Gone);
    }

    private async Task CreateAsync()
    {
        Typed = (Http.Request.Form["name"].LastOrDefault() ?? string.Empty).Trim();
        var reason = ContactShape.OfGroup(Typed);
        if (reason is null && (await Groups.CreateAsync(Workspace, Typed, Gone)).Refusal is { } refusal)
            reason = Reason.Of(refusal);
        if (reason is null)
        {
            Go("groups?done=created");
            return;
        }

        Fault = Refused(reason);
    }

    private string? PathTo(Cursor? place) => place is null ? null : ContactFilter.PathOf("groups", ("q", Search), ("at", Places.TextOf(place)));
}
