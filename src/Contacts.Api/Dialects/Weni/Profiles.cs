using Contacts.Workspaces;

namespace Contacts.Dialects.Weni;

/// <summary>The two editions of the answers: Weni's own, and the one with the additional attributes that upstream's newer clients read.</summary>
internal static class Profiles
{
    /// <summary>Upstream's name of the numeric type.</summary>
    public const string UpstreamNumber = "number";

    /// <summary>The names of types that upstream's attribute takes: its own, and this dialect's.</summary>
    public static readonly string[] UpstreamTypes = [.. FieldRead.Types, UpstreamNumber];

    private const string Upstream = "rapidpro";

    /// <summary>Whether answers carry upstream's attributes as well.</summary>
    /// <param name="workspace">The workspace.</param>
    public static bool IsUpstream(Workspace workspace) => string.Equals(workspace.Profile, Upstream, StringComparison.Ordinal);
}
