using System.Text.RegularExpressions;
using Contacts.Console.Layout;
using Contacts.Tests.Support;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console.Browser;

/// <summary>Follows the links of the pages as a curious reader would: each sort of page once, at the first address that leads to it.</summary>
internal sealed partial class Walk
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Patterns with fixed names come before those with places: contacts/new is no contact.
    private readonly (string Pattern, Regex Addresses)[] _sorts;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _ahead = new(Ways.All.Select(way => $"{Ways.Root}/{way.Path}"));

    /// <summary>A walk through all pages of a server, from the bar on.</summary>
    public Walk(TestServer server) => _sorts =
    [
        .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)

            // What catches all the others is the page of missing pages.
            .Where(pattern => !pattern.Contains('*', StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).OrderBy(pattern => pattern.Count(letter => letter == '{')).ThenByDescending(pattern => pattern.Length)
            .Select(pattern => (pattern, new Regex($"^{Place().Replace(pattern, place => place.Value.Contains(":guid", StringComparison.Ordinal) ? "[0-9a-f-]{36}" : "[^/]+")}$", RegexOptions.IgnoreCase, Patience))),
    ];

    /// <summary>The sorts of pages that no link led to.</summary>
    public IEnumerable<string> Unseen => _sorts.Select(sort => sort.Pattern).Where(pattern => !_seen.Contains(pattern));

    /// <summary>The next address of a sort that was not seen, with its pattern; null at the end.</summary>
    public (string Address, string Pattern)? Next()
    {
        while (_ahead.TryDequeue(out var address))
        {
            var pattern = _sorts.FirstOrDefault(sort => sort.Addresses.IsMatch(address.Split('?')[0])).Pattern;
            if (pattern is not null && _seen.Add(pattern))
                return (address, pattern);
        }

        return null;
    }

    /// <summary>Notes the links of a page.</summary>
    public void Add(IEnumerable<string> links)
    {
        foreach (var link in links)
            _ahead.Enqueue(link);
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Place();
}
