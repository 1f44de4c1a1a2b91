using System.Text.Json.Serialization;
using Contacts.Core;

namespace Contacts.Management;

/// <summary>A flow, campaign or trigger.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Id">A trigger's number within the workspace, which refusals to delete a group name it by; triggers only.</param>
/// <param name="Name">The name, unique in any case among those of its kind in use.</param>
/// <param name="Type">What sort of flow or trigger it is; campaigns have none.</param>
/// <param name="Archived">Whether it was put away. What is archived holds no group.</param>
/// <param name="Groups">The groups that it uses and that are still there, by name.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="ModifiedOn">When it last changed, UTC.</param>
public sealed record AutomationRead(
    Guid Uuid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Id,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type,
    bool Archived,
    IReadOnlyList<GroupReference> Groups,
    DateTime CreatedOn,
    DateTime ModifiedOn)
{
    /// <summary>An automation as callers see it.</summary>
    /// <param name="grouped">The automation with its groups.</param>
    public static AutomationRead Of(GroupedAutomation grouped)
    {
        var (automation, groups) = grouped;
        return new AutomationRead(
            automation.Id,
            automation.Kind == AutomationKind.Trigger ? automation.Number : null,
            automation.Name,
            automation.Kind == AutomationKind.Campaign ? null : automation.Type,
            automation.ArchivedOn is not null,
            [.. groups.OrderBy(group => group.NameKey, StringComparer.Ordinal).Select(group => new GroupReference(group.Id, group.Name))],
            automation.CreatedOn,
            automation.ModifiedOn);
    }
}

/// <summary>A group by its id and name.</summary>
/// <param name="Uuid">The group's id.</param>
/// <param name="Name">The group's name.</param>
public sealed record GroupReference(Guid Uuid, string Name);

/// <summary>A page of a list, the newest first.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Results">The objects.</param>
/// <param name="Next">The cursor of the following page, or null at the end.</param>
/// <param name="Previous">The cursor of the preceding page, or null at the start.</param>
public sealed record Listed<T>(IReadOnlyList<T> Results, string? Next, string? Previous);
