using System.Text.RegularExpressions;
using Contacts.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Contract;

/// <summary>All routes of the server with their methods, as a reviewed list: none appears or goes without somebody noticing.</summary>
public sealed partial class RouteManifest(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void The_routes_are_the_accepted_ones()
    {
        var routes = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any method"])
                .Select(method => $"/{OwnHash().Replace(route.RoutePattern.RawText?.TrimStart('/') ?? "", "-HASH.")} {method}"))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Snapshot.ShouldBeAccepted(string.Join('\n', routes), "routes.txt");
    }

    [GeneratedRegex("-[0-9a-f]{12}[.]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OwnHash();
}
