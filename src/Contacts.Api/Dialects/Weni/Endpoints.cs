using System.Collections.Frozen;

namespace Contacts.Dialects.Weni;

/// <summary>One endpoint of the API: what it is called, what may be done with it, and how its URL names an object.</summary>
/// <param name="Name">The name in the URL, without <c>.json</c>.</param>
/// <param name="Methods">The methods that do something, in the order of the Allow header.</param>
/// <param name="LookUps">The query parameters that name one object on POST and DELETE, sorted.</param>
internal sealed record Endpoint(string Name, string[] Methods, string[] LookUps)
{
    /// <summary>The name of its chapter in the documentation.</summary>
    public string Title { get; } = char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>The Allow header, which every answer of the endpoint carries.</summary>
    public string Allow { get; } = string.Join(", ", [.. Methods, "HEAD", "OPTIONS"]);
}

/// <summary>The URL map of the dialect.</summary>
internal static class Endpoints
{
    /// <summary>Where the API lives.</summary>
    public const string Root = "/api/v2/";

    private const string Suffix = ".json";

    /// <summary>Contacts.</summary>
    public static readonly Endpoint Contacts = new("contacts", ["GET", "POST", "DELETE"], ["name", "urn", "uuid"]);

    /// <summary>Fields.</summary>
    public static readonly Endpoint Fields = new("fields", ["GET", "POST"], ["key"]);

    /// <summary>Groups.</summary>
    public static readonly Endpoint Groups = new("groups", ["GET", "POST", "DELETE"], ["uuid"]);

    /// <summary>Campaigns.</summary>
    public static readonly Endpoint Campaigns = new("campaigns", ["GET", "POST"], ["uuid"]);

    private static readonly FrozenDictionary<string, Endpoint> ByName =
        new[] { Contacts, Fields, Groups, Campaigns }.ToFrozenDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);

    /// <summary>The endpoint that a path names, with or without <c>.json</c> and a trailing slash.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="isPage">Whether <c>.json</c> is left off, so that the page of documentation is meant.</param>
    /// <returns>The endpoint, or null.</returns>
    public static Endpoint? Find(string path, out bool isPage)
    {
        var name = path.AsSpan(Root.Length).TrimEnd('/');
        isPage = !name.EndsWith(Suffix, StringComparison.Ordinal);
        if (!isPage)
            name = name[..^Suffix.Length];
        return ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var endpoint) ? endpoint : null;
    }
}
