using Contacts.Workspaces;

namespace Contacts.Console.Layout;

/// <summary>A way to a page, in the bar of all pages.</summary>
/// <param name="Path">The page's path below the console's root; its name is the text <c>ways.PATH</c>.</param>
/// <param name="IsForAdministrators">Whether others don't see it.</param>
internal sealed record Way(string Path, bool IsForAdministrators = false);

/// <summary>The pages in the bar.</summary>
internal static class Ways
{
    /// <summary>Where all pages live; <c>/</c> leads there.</summary>
    public const string Root = "/console";

    /// <summary>All of them, in order.</summary>
    public static readonly IReadOnlyList<Way> All =
    [
        new("calls"),
        new("contacts"),
        new("groups"),
        new("fields"),
        new("automations"),
        new("webhooks", IsForAdministrators: true),
        new("testing", IsForAdministrators: true),
        new("tokens", IsForAdministrators: true),
        new("workspace", IsForAdministrators: true),
    ];

    /// <summary>The pages that a role sees.</summary>
    /// <param name="role">The role.</param>
    public static IEnumerable<Way> For(Role role) => All.Where(way => !way.IsForAdministrators || role == Role.Administrator);
}
