using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Automations;

/// <summary>Makes a flow, campaign or trigger.</summary>
public sealed partial class AutomationNew
{
    /// <summary>Which kind; a flow unless it says otherwise.</summary>
    [SupplyParameterFromQuery(Name = "kind")]
    public string? KindText { get; set; }

    private AutomationKind Kind => Choices<AutomationKind>.TryParse(KindText, out var kind) ? kind : AutomationKind.Flow;

    private string KindName => AutomationList.NameOf(Kind);

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => ReadGroupsAsync();

    private async Task SaveAsync()
    {
        if (ReadDraft(Kind) is not { } draft)
            return;
        var outcome = await Automations.CreateAsync(Workspace, draft, Gone);
        if (outcome.Refusal is { } refusal)
            Tell(refusal);
        else
            Go($"{AutomationList.PathOf(outcome.Value!.Automation)}?done=created");
    }
}
