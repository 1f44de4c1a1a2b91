using Contacts.Core;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>One group: renamed, or deleted unless something uses it, which is told then.</summary>
public sealed partial class GroupView
{
    /// <summary>The group's id.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal GroupService Groups { get; set; } = null!;

    private CountedGroup? Group { get; set; }

    /// <summary>What keeps the group from being deleted, or null.</summary>
    private Refusal.GroupInUse? InUse { get; set; }

    private string? Typed { get; set; }

    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Group = await Groups.FindAsync(Workspace, Id, Gone);
        if (Group is null)
            Answer(StatusCodes.Status404NotFound);
    }

    private async Task RenameAsync()
    {
        Typed = (Http.Request.Form["name"].LastOrDefault() ?? string.Empty).Trim();
        var reason = ContactShape.OfGroup(Typed);
        if (reason is null && (await Groups.RenameAsync(Workspace, Id, Typed, Gone)).Refusal is { } refusal)
            reason = Reason.Of(refusal);
        if (reason is null)
        {
            Go("groups?done=renamed");
            return;
        }

        Fault = Refused(reason);
    }

    private async Task DeleteAsync()
    {
        var refusal = await Groups.DeleteAsync(Workspace, Id, Gone);
        if (refusal is null or Refusal.NotFound)
        {
            Go("groups?done=deleted");
            return;
        }

        Answer(StatusCodes.Status409Conflict);
        InUse = refusal as Refusal.GroupInUse;
    }
}
