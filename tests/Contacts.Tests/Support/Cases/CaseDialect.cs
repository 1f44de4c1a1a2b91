namespace Contacts.Tests.Support.Cases;

/// <summary>How a path is called: each dialect has keys of its own, so that one case may speak several.</summary>
/// <param name="Name">The dialect that its keys are made for.</param>
/// <param name="Scheme">The word before the key.</param>
internal sealed record CaseDialect(string Name, string Scheme)
{
    public static readonly CaseDialect Weni = new("weni", "Token");
    public static readonly CaseDialect Whaapy = new("whaapy", "Bearer");

    private static readonly string[] WhaapyRoots = ["/contacts/", "/funnel/", "/templates/", "/auth/", "/user-webhooks"];

    /// <summary>The dialect of a path; Weni's for those that are nobody's.</summary>
    public static CaseDialect Of(string path) =>
        Array.Exists(WhaapyRoots, root => path.StartsWith(root, StringComparison.OrdinalIgnoreCase)) ? Whaapy : Weni;
}
