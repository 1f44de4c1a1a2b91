using System.Net;
using Contacts.Console;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console;

/// <summary>What guards the pages, wherever they are asked for: headers on every answer, cookies, and sessions that several servers share.</summary>
public sealed class GuardTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    [Theory]
    [InlineData("/console/sign-in", HttpStatusCode.OK)]
    [InlineData("/console/groups", HttpStatusCode.Redirect)]
    [InlineData("/console/nowhere", HttpStatusCode.Redirect)]
    [InlineData("/console/preferences?theme=dark", HttpStatusCode.Redirect)]
    [InlineData("/console/assets/none-000000000000.css", HttpStatusCode.Redirect)]
    [InlineData("/CONSOLE/sign-in", HttpStatusCode.OK)]
    public async Task Every_answer_has_the_strict_headers(string path, HttpStatusCode status)
    {
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        answer.StatusCode.ShouldBe(status);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("form-action 'self'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["same-origin"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_and_a_form_of_one_server_are_good_on_another()
    {
        var workspace = await server.NewWorkspaceAsync();
        await using var other = await NextServer.StartAsync(server, server.Hands);
        using var here = ConsoleClient.OfNobody(server);
        using var there = ConsoleClient.OfNobody(other);
        var form = await here.GetAsync("sign-in?next=%2Fconsole%2Fdocuments%2Fweni");
        Take(here, there);
        (await there.SubmitAsync(form, "sign-in", ("token", workspace.Token))).Path.ShouldBe("/console/documents/weni");
        Take(there, here);
        (await here.GetAsync("documents/weni")).Path.ShouldBe("/console/documents/weni");
    }

    [Fact]
    public async Task A_link_that_is_too_old_and_a_link_of_a_revoked_token_open_nothing()
    {
        var workspace = await server.NewWorkspaceAsync();
        var old = await LinkAsync(workspace);
        server.Hands.Advance(Sessions.LinkLife);
        await IsRefusedAsync(old);

        var revoked = await LinkAsync(workspace);
        await server.Services.GetRequiredService<TokenService>().RevokeAsync(workspace.Token, CancellationToken.None);
        await IsRefusedAsync(revoked);
    }

    [Fact]
    public async Task A_link_is_no_session_and_a_session_is_no_link()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = ConsoleClient.OfNobody(server);
        browser.Cookies.Add(new Uri(server.Address), new Cookie(Gate.Cookie, await LinkAsync(workspace)));
        (await browser.GetAsync("documents/weni")).Path.ShouldStartWith("/console/sign-in");

        using var signedIn = await ConsoleClient.OfAsync(server, workspace.Token);
        await IsRefusedAsync(signedIn.Cookies.GetAllCookies().Single(cookie => cookie.Name == Gate.Cookie).Value);
    }

    [Fact]
    public async Task Two_who_use_a_link_at_once_do_not_both_get_in()
    {
        var link = await LinkAsync(await server.NewWorkspaceAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Client.GetAsync(new Uri($"/console/sign-in?link={link}", UriKind.Relative))));
        answers.Count(answer => answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(cookie => cookie.StartsWith(Gate.Cookie, StringComparison.Ordinal)))
            .ShouldBe(1);
    }

    private static void Take(ConsoleClient from, ConsoleClient to)
    {
        foreach (var cookie in from.Cookies.GetAllCookies().Where(cookie => to.Cookies.GetAllCookies().All(known => known.Name != cookie.Name || known.Value != cookie.Value)))
            to.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1"));
    }

    private async Task IsRefusedAsync(string link)
    {
        using var browser = ConsoleClient.OfNobody(server);
        (await browser.GetAsync($"sign-in?link={link}")).Status.ShouldBe(403);
        (await browser.GetAsync("documents/weni")).Path.ShouldStartWith("/console/sign-in");
    }

    private async Task<string> LinkAsync(TestWorkspace workspace)
    {
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None);
        return await server.Services.GetRequiredService<Sessions>().OfferAsync(caller.ShouldNotBeNull(), CancellationToken.None);
    }
}
