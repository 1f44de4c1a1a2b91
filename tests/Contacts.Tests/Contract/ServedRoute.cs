using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Contract;

/// <summary>A route of the server, as it stands in reviewed lists.</summary>
/// <param name="Pattern">The pattern of its paths: <c>/manage/api/tokens/{uuid:guid}</c>.</param>
/// <param name="Method">Its method.</param>
internal sealed partial record ServedRoute(string Pattern, string Method)
{
    /// <summary>The pattern and the method; the hashes in the names of files left out.</summary>
    public string Name => $"{OwnHash().Replace(Pattern, "-HASH.")} {Method}";

    /// <summary>Whether its path names an object.</summary>
    public bool HasPlaces => Place().IsMatch(Pattern);

    /// <summary>All routes of a server.</summary>
    /// <param name="services">The server's services.</param>
    public static IReadOnlyList<ServedRoute> Of(IServiceProvider services) =>
    [
        .. services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any method"])
                .Select(method => new ServedRoute($"/{route.RoutePattern.RawText?.TrimStart('/')}", method)))
            .DistinctBy(route => route.Name, StringComparer.Ordinal).OrderBy(route => route.Name, StringComparer.Ordinal),
    ];

    /// <summary>A path of the route.</summary>
    /// <param name="value">What stands in the place of a name: <c>uuid</c>, <c>list</c>.</param>
    public string PathOf(Func<string, string> value) => Place().Replace(Pattern, place => value(place.Groups["name"].Value));

    [GeneratedRegex("-[0-9a-f]{12}[.]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OwnHash();

    // A constraint may hold braces of its own: {list:regex(^(flows|campaigns|triggers)$)}.
    [GeneratedRegex(@"\{[*]*(?<name>[A-Za-z]+)(:regex\([^}]*\)|:[a-z]+)?\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
