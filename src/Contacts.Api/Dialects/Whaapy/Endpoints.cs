namespace Contacts.Dialects.Whaapy;

/// <summary>One endpoint of the API.</summary>
/// <param name="Path">Its path; <c>{id}</c> stands for any one segment.</param>
/// <param name="Scope">What a key must be good for to use it, without <c>:read</c> or <c>:write</c>; null when every key is.</param>
/// <param name="Methods">The methods that do something.</param>
internal sealed record Endpoint(string Path, string? Scope, params string[] Methods)
{
    private readonly string[] _segments = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether its POST only reads.</summary>
    public bool IsReading { get; init; }

    /// <summary>The Allow header of a refused method.</summary>
    public string Allow { get; } = string.Join(", ", Methods);

    /// <summary>Whether a path is this endpoint's.</summary>
    /// <param name="segments">The path's segments.</param>
    public bool Matches(string[] segments)
    {
        if (segments.Length != _segments.Length)
            return false;
        for (var i = 0; i < segments.Length; i++)
        {
            if (_segments[i] != segments[i] && _segments[i] != "{id}")
                return false;
        }

        return true;
    }

    /// <summary>What a key needs for a call: <c>contacts:write</c>.</summary>
    /// <param name="method">The call's method.</param>
    public string Needs(string method) => $"{Scope}:{(IsReading || HttpMethods.IsGet(method) ? "read" : "write")}";
}

/// <summary>The URL map of the dialect.</summary>
internal static class Endpoints
{
    private const string Contacts = "contacts";
    private const string Funnels = "funnels";
    private const string Webhooks = "webhooks";

    /// <summary>All endpoints; of those that match a path, the first counts.</summary>
    public static readonly Endpoint[] All =
    [
        new("/contacts/v1", Contacts, "GET", "POST"),
        new("/contacts/v1/search", Contacts, "POST") { IsReading = true },
        new("/contacts/v1/bulk", Contacts, "POST"),
        new("/contacts/v1/tags", Contacts, "GET"),
        new("/contacts/v1/fields", Contacts, "GET"),
        new("/contacts/v1/{id}", Contacts, "GET", "PATCH", "DELETE"),
        new("/contacts/v1/{id}/merge", Contacts, "POST"),
        new("/contacts/check-phone", Contacts, "GET"),
        new("/funnel/v1/stages", Funnels, "GET", "POST"),
        new("/funnel/v1/stages/reorder", Funnels, "PATCH"),
        new("/funnel/v1/stages/{id}", Funnels, "GET", "PATCH", "DELETE"),
        new("/funnel/v1/contacts/{id}/move", Funnels, "POST"),
        new("/user-webhooks", Webhooks, "GET", "POST"),
        new("/user-webhooks/{id}", Webhooks, "PATCH", "DELETE"),
        new("/user-webhooks/{id}/test", Webhooks, "POST"),
        new("/user-webhooks/{id}/logs", Webhooks, "GET"),
        new("/templates/v1", null, "GET"),
        new("/auth/me", null, "GET"),
    ];

    /// <summary>Every scope that a key may have.</summary>
    public static readonly string[] Scopes =
    [
        .. All.Select(endpoint => endpoint.Scope).OfType<string>().Distinct(StringComparer.Ordinal).SelectMany(scope => new[] { $"{scope}:read", $"{scope}:write" }),
    ];

    private static readonly PathString[] Roots =
    [
        .. All.Select(endpoint => "/" + endpoint.Path.Split('/')[1]).Distinct(StringComparer.Ordinal).Select(root => new PathString(root)),
    ];

    /// <summary>Whether a path is under one of the dialect's roots, in any letter case, as routes are.</summary>
    /// <param name="path">The request's path.</param>
    public static bool IsUnderRoot(PathString path) => Array.Exists(Roots, root => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether bodies under a path may hold secrets.</summary>
    /// <param name="path">The request's path.</param>
    public static bool HasSecrets(PathString path) => path.StartsWithSegments("/user-webhooks", StringComparison.OrdinalIgnoreCase);

    /// <summary>The endpoint that a path names, with or without a trailing slash, or null.</summary>
    /// <param name="path">The request's path.</param>
    public static Endpoint? Find(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(All, endpoint => endpoint.Matches(segments));
    }
}
