namespace Contacts.Dialects.Whaapy;

/// <summary>Reads the Authorization header: <c>Bearer KEY</c>.</summary>
internal static class Credentials
{
    private const string Scheme = "Bearer ";

    /// <summary>The key that a header holds, or null.</summary>
    /// <param name="header">The header; empty when there is none.</param>
    public static string? Read(string header) =>
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header[Scheme.Length..].Trim() is { Length: > 0 } key ? key : null;
}
