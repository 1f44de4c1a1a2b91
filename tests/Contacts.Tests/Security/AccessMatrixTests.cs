using System.Net;
using System.Text;
using Contacts.Tests.Contract;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Xunit.Abstractions;

namespace Contacts.Tests.Security;

/// <summary>Every route of the manifest, asked by everybody who matters: each meets what <c>decisions.txt</c> says, and nothing else.</summary>
public sealed class AccessMatrixTests(TestServer server, ITestOutputHelper output) : IClassFixture<TestServer>
{
    private const int AtOnce = 8;

    // Answered before routing, and so not in the manifest.
    private static readonly ServedRoute[] Beside =
        [new("/api/v2/contacts", "GET"), new("/swagger/index.html", "GET"), new("/swagger/weni-v2/swagger.json", "GET"), new("/swagger/management/swagger.json", "GET")];

    private IEnumerable<ServedRoute> Routes => ServedRoute.Of(server.Services).Concat(Beside);

    [Fact]
    public void Every_route_has_a_decision_and_every_decision_a_route() =>
        Decision.ReadAll().Keys.Order(StringComparer.Ordinal).ShouldBe(Routes.Select(route => route.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Everybody_meets_what_was_decided()
    {
        var decisions = Decision.ReadAll();
        var visitors = await Visitor.AllAsync(server);
        var visits = Routes.SelectMany(route => visitors.Where(visitor => Matters(visitor, decisions[route.Name])).Select(visitor => (Route: route, Visitor: visitor))).ToList();
        using var turns = new SemaphoreSlim(AtOnce);
        var faults = await Task.WhenAll(visits.Select(async visit =>
        {
            await turns.WaitAsync();
            try
            {
                return await FaultOfAsync(visit.Route, decisions[visit.Route.Name], visit.Visitor);
            }
            finally
            {
                turns.Release();
            }
        }));
        output.WriteLine($"{decisions.Count} routes, {visitors.Count} visitors, {visits.Count} visits");
        faults.OfType<string>().ShouldBeEmpty();
        visits.Count.ShouldBeGreaterThan(2500);
    }

    /// <summary>At a door that a credential is not made for, one of its kind stands for all: the strongest.</summary>
    private static bool Matters(Visitor visitor, Decision decision) => decision.Door switch
    {
        "open" => visitor.Role is null,
        "console" => visitor.IsSession || visitor.Role is null || IsStrongest(visitor),
        "management" => !visitor.IsSession || IsStrongest(visitor),
        _ => visitor.Dialect == decision.Door || visitor.Role is null || IsStrongest(visitor),
    };

    private static bool IsStrongest(Visitor visitor) => visitor is { Role: Role.Administrator, IsSuspended: false };

    private async Task<string?> FaultOfAsync(ServedRoute route, Decision decision, Visitor visitor)
    {
        using var request = visitor.Request(route.Method, route.PathOf(ValueOf), decision.Door);
        if (route.Method is "POST" or "PUT" or "PATCH")
            request.Content = decision.Door is "console" or "open" ? new FormUrlEncodedContent([]) : new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var expected = decision.WelcomeOf(visitor);
        var actual = await WelcomeOfAsync(answer, decision, expected);
        return actual == expected ? null : $"{route.Name}: {visitor.Name}{(visitor.IsSuspended ? " (suspended)" : "")} is {actual} and not {expected}: {(int)answer.StatusCode} {answer.Headers.Location}";
    }

    private static string ValueOf(string place) => place switch
    {
        "list" => "flows",
        "KindText" => "flow",
        "Name" => "weni",
        "name" or "Key" => "none",
        "Path" => "nothing/here",
        _ => Guid.CreateVersion7().ToString(),
    };

    private static async Task<Welcome> WelcomeOfAsync(HttpResponseMessage answer, Decision decision, Welcome expected)
    {
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            return Welcome.Failed;
        if (decision.Door is "console" or "open")
            return OfPage(answer, decision);

        // An answer to HEAD has no text that would tell why.
        if (answer is { StatusCode: HttpStatusCode.Forbidden, RequestMessage.Method.Method: "HEAD" })
            return expected is Welcome.Admitted or Welcome.ReadOnly ? Welcome.Refused : expected;
        var text = (int)answer.StatusCode >= 400 ? await answer.Content.ReadAsStringAsync() : "";
        return ((int)answer.StatusCode, decision.Door) switch
        {
            (401, _) => Welcome.Stranger,
            (403, "weni") => text.Contains("You do not have permission", StringComparison.Ordinal) ? Welcome.Refused : Welcome.Stranger,
            (400, "weni") => text.Contains("your workspace is currently suspended", StringComparison.Ordinal) ? Welcome.ReadOnly : Welcome.Admitted,
            (403, "whaapy") => text.Contains("Missing required scopes", StringComparison.Ordinal) ? Welcome.Refused : Welcome.ReadOnly,
            (403, _) => text.Contains("first workspace", StringComparison.Ordinal) ? Welcome.NotFirst : Welcome.Refused,
            (429, _) => Welcome.Failed,
            _ => Welcome.Admitted,
        };
    }

    private static Welcome OfPage(HttpResponseMessage answer, Decision decision)
    {
        var to = answer.Headers.Location?.OriginalString ?? "";
        if (to.StartsWith("/console/sign-in", StringComparison.Ordinal))
            return Welcome.Stranger;
        if (to.StartsWith("/console/refused", StringComparison.Ordinal))
            return to.EndsWith("standing=1", StringComparison.Ordinal) ? Welcome.ReadOnly : Welcome.Refused;

        // The page that says that somebody is refused is itself one that everybody may see.
        return answer.StatusCode == HttpStatusCode.Forbidden && decision.Roles == "F" ? Welcome.NotFirst : Welcome.Admitted;
    }
}
