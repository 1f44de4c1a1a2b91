using System.Text.Json.Serialization;
using Contacts.Workspaces;

namespace Contacts.Management;

/// <summary>A workspace as the installation's administrators see it: nothing of what is in it.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Standing">Whether it may write.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="Key">The key of its first administrator: shown when it was made, and never again.</param>
public sealed record WorkspaceLine(
    Guid Uuid,
    string Name,
    Standing Standing,
    DateTime CreatedOn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key)
{
    /// <summary>A workspace as callers see it, without a key.</summary>
    /// <param name="workspace">The workspace.</param>
    public static WorkspaceLine Of(Workspace workspace) => new(workspace.Id, workspace.Name, workspace.Standing, workspace.CreatedOn, null);
}
