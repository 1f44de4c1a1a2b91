using Contacts.Workspaces;

namespace Contacts.Console;

/// <summary>
/// What a page needs of whoever opens it. Without this: a viewer sees it, an editor changes the book with it, unless the workspace is suspended.
/// </summary>
/// <param name="role">The least role: <see cref="Role.Viewer"/>, <see cref="Role.Editor"/> or <see cref="Role.Administrator"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Role role) : Attribute
{
    /// <summary>What a page needs that says nothing.</summary>
    public static readonly NeedsAttribute Nothing = new(Role.Viewer);

    /// <summary>The least role that sees the page.</summary>
    public Role Role { get; } = role;

    /// <summary>Whether a role sees the page.</summary>
    /// <param name="role">The role.</param>
    public bool AllowsReading(Role role) => Rank(role) >= Rank(Role);

    /// <summary>Whether a role may send the page's forms.</summary>
    /// <param name="role">The role.</param>
    public bool AllowsWriting(Role role) => AllowsReading(role) && Rank(role) >= Rank(Role.Editor);

    private static int Rank(Role role) => role switch
    {
        Role.Administrator => 3,
        Role.Editor => 2,
        Role.Viewer => 1,
        _ => 0,
    };
}

/// <summary>A page that needs nobody to be signed in.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToAllAttribute : Attribute;
