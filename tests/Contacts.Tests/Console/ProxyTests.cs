using Contacts.Console;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console;

/// <summary>A server that believes the proxy on its own machine.</summary>
public sealed class ProxiedServer : TestServer
{
    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Proxies"] = "127.0.0.1" };
}

/// <summary>The pages behind a proxy that speaks https and keeps them below a path, such as <c>https://crm.example/book/</c>.</summary>
public sealed class ProxyTests(ProxiedServer server) : IClassFixture<ProxiedServer>
{
    [Theory]
    [InlineData("/", "/book/console/calls")]
    [InlineData("/console/", "/book/console/sign-in?next=%2Fconsole%2F")]
    [InlineData("/console/groups?page=2", "/book/console/sign-in?next=%2Fconsole%2Fgroups%3Fpage%3D2")]
    [InlineData("/console/preferences?language=pt&back=%2Fconsole%2Fgroups", "/book/console/groups")]
    public async Task Whoever_is_sent_on_stays_below_the_path(string path, string next)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        answer.Headers.Location.ShouldNotBeNull().OriginalString.ShouldBe(next);
    }

    [Fact]
    public async Task A_link_of_the_first_page_begins_a_session_below_the_path()
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/console/sign-in?link={await LinkAsync()}");
        answer.Headers.Location.ShouldNotBeNull().OriginalString.ShouldEndWith("/book/console/calls");
        var session = CookieOf(answer);
        session.ShouldContain("; secure", Case.Insensitive);
        session.ShouldContain("; httponly", Case.Insensitive);
        session.ShouldContain("; samesite=lax", Case.Insensitive);
    }

    [Fact]
    public async Task A_page_names_its_files_below_the_path()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/console/sign-in");
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("<base href=\"/book/console/\"");
        page.ShouldNotContain("=\"/console/assets");
        answer.Headers.GetValues("Set-Cookie").ShouldContain(cookie => cookie.StartsWith("contacts_form=", StringComparison.Ordinal)
            && cookie.Contains("secure", StringComparison.OrdinalIgnoreCase) && cookie.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Without_a_proxy_the_cookie_of_a_session_works_on_plain_http()
    {
        using var answer = await server.Client.GetAsync(new Uri($"/console/sign-in?link={await LinkAsync()}", UriKind.Relative));
        CookieOf(answer).ShouldNotContain("secure", Case.Insensitive);
    }

    private static string CookieOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith($"{Gate.Cookie}=", StringComparison.Ordinal));

    private async Task<string> LinkAsync()
    {
        var workspace = await server.NewWorkspaceAsync();
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None);
        return await server.Services.GetRequiredService<Sessions>().OfferAsync(caller.ShouldNotBeNull(), CancellationToken.None);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "crm.example");
        request.Headers.Add("X-Forwarded-Prefix", "/book");
        return await server.Client.SendAsync(request);
    }
}
