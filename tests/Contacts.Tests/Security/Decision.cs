using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Security;

/// <summary>What a visitor meets at a route.</summary>
internal enum Welcome
{
    /// <summary>Let in, whatever the route then answers.</summary>
    Admitted,

    /// <summary>Asked who it is.</summary>
    Stranger,

    /// <summary>Known, and not allowed by its role.</summary>
    Refused,

    /// <summary>Known and allowed, but the workspace may only read.</summary>
    ReadOnly,

    /// <summary>An administrator, but not of the first workspace.</summary>
    NotFirst,

    /// <summary>The server failed.</summary>
    Failed,
}

/// <summary>Who may use a route: a line of <c>decisions.txt</c>.</summary>
/// <param name="Route">The route's name in the manifest.</param>
/// <param name="Door">What guards it: <c>open</c>, <c>weni</c>, <c>whaapy</c>, <c>management</c> or <c>console</c>.</param>
/// <param name="Roles">The letters of the roles that may.</param>
/// <param name="NeedsGoodStanding">Whether a suspended workspace may not.</param>
internal sealed record Decision(string Route, string Door, string Roles, bool NeedsGoodStanding)
{
    /// <summary>All decisions, by the route's name.</summary>
    public static IReadOnlyDictionary<string, Decision> ReadAll() =>
        File.ReadLines(Repository.PathOf("tests", "Contacts.Tests", "Security", "decisions.txt")).Where(line => line.Length > 0 && line[0] != '#')
            .Select(Read).ToDictionary(decision => decision.Route, StringComparer.Ordinal);

    /// <summary>What a visitor is to meet.</summary>
    /// <param name="visitor">The visitor.</param>
    public Welcome WelcomeOf(Visitor visitor)
    {
        if (Door == "open")
            return Welcome.Admitted;
        if (visitor.Role is not { } role || !Opens(visitor))
            return Welcome.Stranger;
        if (Roles == "F")
            return role != Role.Administrator ? Welcome.Refused : visitor.IsFirst ? Welcome.Admitted : Welcome.NotFirst;
        if (!Roles.Contains(LetterOf(role), StringComparison.Ordinal))
            return Welcome.Refused;
        return NeedsGoodStanding && visitor.IsSuspended ? Welcome.ReadOnly : Welcome.Admitted;
    }

    private bool Opens(Visitor visitor) => Door switch
    {
        "console" => visitor.IsSession,
        "management" => !visitor.IsSession,
        _ => visitor.Dialect == Door,
    };

    private static char LetterOf(Role role) => role.ToString()[0];

    private static Decision Read(string line)
    {
        var parts = line.Split(" = ");
        var words = parts[1].Split(' ');
        return new Decision(parts[0], words[0], string.Concat(words.Skip(1).Where(word => word.Length == 1)), words[^1] == "good");
    }
}
