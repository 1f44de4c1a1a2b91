using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Automations;

/// <summary>One flow, campaign or trigger: what it uses, and what can be done to it.</summary>
public sealed partial class AutomationOne
{
    /// <summary>Its kind.</summary>
    [Parameter]
    public string KindText { get; set; } = "";

    /// <summary>Its id.</summary>
    [Parameter]
    public Guid Id { get; set; }

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    private AutomationKind Kind { get; set; }

    private GroupedAutomation? Found { get; set; }

    private bool IsArchived => Found?.Automation.ArchivedOn is not null;

    private string Path => $"automations/{KindText}/{Id}";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (Choices<AutomationKind>.TryParse(KindText, out var kind))
        {
            Kind = kind;
            var page = await Automations.ListAsync(Workspace, new AutomationQuery(kind) { Id = Id }, Gone);
            Found = page.Items.Count > 0 ? page.Items[0] : null;
        }

        if (Found is null)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        await ReadGroupsAsync();
        if (Name is not null)
            return;
        Name = Found.Automation.Name;
        Type = Found.Automation.Type;
        Ticked = [.. Found.Groups.Select(group => group.Id)];
    }

    private async Task SaveAsync()
    {
        if (Found is null)
            return;
        Type = Found.Automation.Type;
        if (ReadDraft(Kind) is not { } draft)
            return;
        var outcome = await Automations.UpdateAsync(Workspace, Id, draft, Gone);
        if (outcome.Refusal is { } refusal)
            Tell(refusal);
        else
            Go($"{Path}?done=saved");
    }

    private async Task ArchiveAsync()
    {
        if (Found is null)
            return;
        var outcome = await Automations.ArchiveAsync(Workspace, Kind, Id, !IsArchived, Gone);
        if (outcome.Refusal is null)
        {
            Go($"{Path}?done={(IsArchived ? "restored" : "archived")}");
            return;
        }

        Answer(StatusCodes.Status409Conflict);
        Faults["all"] = outcome.Refusal switch
        {
            Refusal.NotUnique => Words["automations.taken"],
            Refusal.GroupUnknown => Words["automations.group_gone"],
            _ => Words["missing.text"],
        };
    }

    private async Task DeleteAsync()
    {
        if (Found is null)
            return;
        if (await Automations.DeleteAsync(Workspace, Kind, Id, Gone) is null)
            Go($"automations?kind={KindText}&done=deleted");
        else
            Tell(new Refusal.NotFound());
    }
}
