using System.Text;
using Contacts.Tests.Contract;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Security;

/// <summary>Every kind of answer tells browsers to do nothing with it: lists, refusals, faults, redirects, pages, files, documents.</summary>
public sealed class HeaderTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Kept = ["/console/assets/", "/swagger/"];

    [Theory]
    [InlineData("GET", "/api/v2/contacts.json", 200)]
    [InlineData("GET", "/api/v2/contacts.json?limit=x", 200)]
    [InlineData("POST", "/api/v2/contacts.json", 400)]
    [InlineData("PUT", "/api/v2/contacts.json", 405)]
    [InlineData("GET", "/api/v2/nothing.json", 404)]
    [InlineData("GET", "/contacts/v1", 401)]
    [InlineData("GET", "/manage/api/workspace", 200)]
    [InlineData("GET", "/manage/api/nothing", 404)]
    [InlineData("DELETE", "/manage/api/calls", 204)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/", 302)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/console/sign-in", 200)]
    [InlineData("GET", "/console/calls", 302)]
    [InlineData("POST", "/console/sign-in", 400)]
    [InlineData("GET", "/swagger/index.html", 200)]
    [InlineData("GET", "/swagger/weni-v2/swagger.json", 200)]
    public async Task An_answer_of_any_kind_is_guarded(string method, string path, int status)
    {
        using var client = server.NewClient((await server.NewWorkspaceAsync()).Token);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method is "POST" or "PUT")
            request.Content = path.StartsWith("/console", StringComparison.Ordinal) ? new FormUrlEncodedContent([]) : new StringContent("{", Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        ShouldBeGuarded(answer, path);
    }

    [Fact]
    public async Task Every_route_that_can_be_read_is_guarded()
    {
        var key = (await server.NewWorkspaceAsync()).Token;
        using var client = server.NewClient(key);
        foreach (var route in ServedRoute.Of(server.Services).Where(route => route.Method == "GET" && !route.Pattern.Contains("live", StringComparison.Ordinal)))
        {
            using var answer = await client.GetAsync(new Uri(route.PathOf(_ => Guid.Empty.ToString()), UriKind.Relative));
            ShouldBeGuarded(answer, route.Pattern);
        }
    }

    [Fact]
    public async Task A_fault_and_a_file_are_guarded()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = server.NewClient(workspace.Token);
        using var fault = new StringContent("""{"effect":"status","status":500}""", Encoding.UTF8, "application/json");
        (await client.PostAsync(new Uri("/manage/api/faults", UriKind.Relative), fault)).EnsureSuccessStatusCode();
        using var broken = await client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative));
        ((int)broken.StatusCode).ShouldBe(500);
        ShouldBeGuarded(broken, "fault");
        using var browser = await ConsoleClient.OfAsync(server, workspace, Role.Viewer);
        var file = await browser.GetAsync("contacts/export");
        file.Headers["Content-Type"].ShouldStartWith("text/csv");
        file.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        file.Headers["Cache-Control"].ShouldContain("no-store");
    }

    /// <summary>Swagger UI brings its scripts as files of its own, which is what its policy allows. That it works so, a browser shows: SwaggerTests.</summary>
    [Fact]
    public async Task Swagger_UI_needs_no_more_than_its_policy_allows()
    {
        using var browser = ConsoleClient.OfNobody(server);
        var page = await browser.GetAsync("/swagger/index.html");
        page.Document.QuerySelectorAll("script:not([src]), [onclick], [onload]").ShouldBeEmpty();
        page.Document.QuerySelectorAll("script[src], link[href]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!)
            .ShouldAllBe(address => !address.Contains("//", StringComparison.Ordinal));
    }

    private static void ShouldBeGuarded(HttpResponseMessage answer, string what)
    {
        answer.Headers.TryGetValues("X-Content-Type-Options", out var sniffing).ShouldBeTrue(what);
        sniffing!.ShouldBe(["nosniff"], what);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"], what);
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem(what);
        policy.ShouldContain("default-src 'none'", customMessage: what);
        policy.ShouldContain("frame-ancestors 'none'", customMessage: what);
        if (!what.StartsWith("/swagger", StringComparison.Ordinal))
            policy.ShouldNotContain("unsafe", customMessage: what);
        answer.Headers.Contains("Server").ShouldBeFalse(what);
        if (!Array.Exists(Kept, prefix => what.StartsWith(prefix, StringComparison.Ordinal)))
            answer.Headers.CacheControl.ShouldNotBeNull(what).NoStore.ShouldBeTrue(what);
    }
}
