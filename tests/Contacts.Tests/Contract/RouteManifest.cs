using Contacts.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Contract;

/// <summary>All routes of the server with their methods, as a reviewed list: none appears or goes without somebody noticing.</summary>
public sealed class RouteManifest(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void The_routes_are_the_accepted_ones()
    {
        var routes = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any method"])
                .Select(method => $"/{route.RoutePattern.RawText?.TrimStart('/')} {method}"))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Snapshot.ShouldBeAccepted(string.Join('\n', routes), "routes.txt");
    }
}
