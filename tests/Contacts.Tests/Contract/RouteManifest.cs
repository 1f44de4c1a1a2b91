using Contacts.Tests.Support;

namespace Contacts.Tests.Contract;

/// <summary>All routes of the server with their methods, as a reviewed list: none appears or goes without somebody noticing.</summary>
public sealed class RouteManifest(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void The_routes_are_the_accepted_ones() =>
        Snapshot.ShouldBeAccepted(string.Join('\n', ServedRoute.Of(server.Services).Select(route => route.Name)), "routes.txt");
}
