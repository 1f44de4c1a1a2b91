using System.Collections.Frozen;

namespace Contacts.Dialects.Weni;

/// <summary>One endpoint of the API: what it is called, what may be done with it, and how its URL names an object.</summary>
/// <param name="Name">The name in the URL, without <c>.json</c>; empty for the root.</param>
/// <param name="Methods">The methods that do something, in the order of the Allow header.</param>
/// <param name="LookUps">The query parameters that name one object on POST and DELETE, sorted.</param>
internal sealed record Endpoint(string Name, string[] Methods, params string[] LookUps)
{
    /// <summary>The name of its chapter in the documentation.</summary>
    public string Title { get; } = string.Concat(Name.Split('_').Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The Allow header, which every answer of the endpoint carries. HEAD goes with GET.</summary>
    public string Allow { get; } = string.Join(", ", Array.IndexOf(Methods, "GET") < 0 ? [.. Methods, "OPTIONS"] : [.. Methods, "HEAD", "OPTIONS"]);

    /// <summary>What its calls are counted under when they are limited.</summary>
    public string Scope { get; } = Name.StartsWith("contact", StringComparison.Ordinal) ? "v2.contacts" : "v2";

    /// <summary>Whether a surveyor may use it.</summary>
    public bool IsForSurveyors { get; init; } = true;
}

/// <summary>The URL map of the dialect.</summary>
internal static class Endpoints
{
    /// <summary>Where the API lives.</summary>
    public const string Root = "/api/v2/";

    private const string Suffix = ".json";

    /// <summary>The list of the endpoints.</summary>
    public static readonly Endpoint Index = new(string.Empty, ["GET"]);

    /// <summary>Contacts.</summary>
    public static readonly Endpoint Contacts = new("contacts", ["GET", "POST", "DELETE"], "name", "urn", "uuid");

    /// <summary>Contacts without URNs, groups and fields.</summary>
    public static readonly Endpoint ContactsLean = new("contacts_lean", ["GET"]);

    /// <summary>Many contacts in one call: ours, the original has no such thing.</summary>
    public static readonly Endpoint ContactsBulk = new("contacts_bulk", ["POST"]);

    /// <summary>One action on many contacts.</summary>
    public static readonly Endpoint ContactActions = new("contact_actions", ["POST"]) { IsForSurveyors = false };

    /// <summary>Fields.</summary>
    public static readonly Endpoint Fields = new("fields", ["GET", "POST"], "key");

    /// <summary>Groups.</summary>
    public static readonly Endpoint Groups = new("groups", ["GET", "POST", "DELETE"], "uuid");

    /// <summary>Campaigns.</summary>
    public static readonly Endpoint Campaigns = new("campaigns", ["GET", "POST"], "uuid") { IsForSurveyors = false };

    /// <summary>Flows.</summary>
    public static readonly Endpoint Flows = new("flows", ["GET"]);

    /// <summary>The workspace.</summary>
    public static readonly Endpoint Workspace = new("workspace", ["GET"]);

    /// <summary>All endpoints but the root, by name.</summary>
    public static readonly Endpoint[] All = [Campaigns, ContactActions, Contacts, ContactsBulk, ContactsLean, Fields, Flows, Groups, Workspace];

    private static readonly FrozenDictionary<string, Endpoint> ByName = All.ToFrozenDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);

    /// <summary>The endpoint that a path names, with or without <c>.json</c> and a trailing slash.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="isPage">Whether <c>.json</c> is left off, so that the page of documentation is meant.</param>
    /// <returns>The endpoint, or null.</returns>
    public static Endpoint? Find(string path, out bool isPage)
    {
        var name = path.AsSpan(Root.Length).TrimEnd('/');
        if (name.IsEmpty)
        {
            isPage = false;
            return Index;
        }

        isPage = !name.EndsWith(Suffix, StringComparison.Ordinal);
        if (!isPage)
            name = name[..^Suffix.Length];
        return ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var endpoint) ? endpoint : null;
    }
}
