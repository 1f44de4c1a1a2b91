using Contacts.Core;
using Contacts.Management;
using FluentValidation;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Automations;

/// <summary>What the pages share that make or change a flow, campaign or trigger: what was typed, and what is wrong with it.</summary>
public abstract class AutomationFormPage : ConsolePage
{
    /// <summary>The name.</summary>
    [SupplyParameterFromForm(FormName = "save")]
    public string? Name { get; set; }

    /// <summary>Which sort.</summary>
    [SupplyParameterFromForm(FormName = "save")]
    public string? Type { get; set; }

    [Inject]
    internal AutomationService Automations { get; set; } = null!;

    [Inject]
    internal GroupService AllGroups { get; set; } = null!;

    [Inject]
    internal IValidator<AutomationWrite> Validator { get; set; } = null!;

    /// <summary>The workspace's groups, by name.</summary>
    private protected IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>The groups that are ticked.</summary>
    private protected HashSet<Guid> Ticked { get; set; } = [];

    /// <summary>What is wrong, by attribute.</summary>
    private protected Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the groups, and which of them were ticked in a form that was sent.</summary>
    private protected async Task ReadGroupsAsync()
    {
        var page = await AllGroups.ListAsync(Workspace, null, Workspaces.WorkspaceChangesValidator.MaxLimit, null, Gone);
        Groups = [.. page.Items.Select(counted => counted.Group).OrderBy(group => group.NameKey, StringComparer.Ordinal)];
        if (HttpMethods.IsPost(Http.Request.Method))
            Ticked = [.. Http.Request.Form["groups"].Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty)];
    }

    /// <summary>What was typed, when nothing is wrong with it.</summary>
    /// <param name="kind">What it is.</param>
    private protected AutomationDraft? ReadDraft(AutomationKind kind)
    {
        var groups = Groups.Where(group => Ticked.Contains(group.Id)).ToList();
        var write = new AutomationWrite
        {
            Kind = kind,
            Name = (Name ?? string.Empty).Trim(),
            Type = kind == AutomationKind.Campaign ? null : Type ?? string.Empty,
            Groups = [.. groups.Select(group => group.Name)],
        };
        Tell(Faults, Validator.Validate(write).Errors);
        if (groups.Count < Ticked.Count)
            Faults["groups"] = Words["automations.group_gone"];
        if (Faults.Count == 0)
            return new AutomationDraft(kind, write.Type ?? string.Empty, write.Name, groups);
        Answer(StatusCodes.Status400BadRequest);
        return null;
    }

    /// <summary>Says what the book refused.</summary>
    /// <param name="refusal">Why.</param>
    private protected void Tell(Refusal refusal)
    {
        Answer(refusal is Refusal.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict);
        var (attribute, text) = refusal switch
        {
            Refusal.NotUnique => ("name", Words["automations.taken"]),
            Refusal.GroupUnknown => ("groups", Words["automations.group_gone"]),
            _ => ("all", Words["missing.text"]),
        };
        Faults[attribute] = text;
    }
}
