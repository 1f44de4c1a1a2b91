using Contacts.Console;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console;

/// <summary>Who gets in, and when it is over.</summary>
public sealed class SignInTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    [Fact]
    public async Task A_token_signs_in_and_leads_back_to_the_page_that_was_asked_for()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = ConsoleClient.OfNobody(server);
        var asked = await browser.GetAsync("documents/weni?x=1");
        asked.Path.ShouldStartWith("/console/sign-in?next=");
        var page = await browser.SubmitAsync(asked, "sign-in", ("token", workspace.Token));
        page.Path.ShouldBe("/console/documents/weni?x=1");
        page.Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("0123456789012345678901234567890123456789", "unknown or revoked")]
    [InlineData("", "unknown or revoked")]
    public async Task A_wrong_token_is_refused(string token, string text)
    {
        using var browser = ConsoleClient.OfNobody(server);
        var page = await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", token));
        page.Status.ShouldBe(403);
        page.Text.ShouldContain(text);
        (await browser.GetAsync("calls")).Path.ShouldStartWith("/console/sign-in");
    }

    [Fact]
    public async Task Whoever_guesses_has_to_wait()
    {
        await using var guessed = new GuardedServer();
        await guessed.InitializeAsync();
        var workspace = await guessed.NewWorkspaceAsync();
        using var browser = ConsoleClient.OfNobody(guessed);
        var page = await browser.GetAsync("sign-in");
        for (var i = 0; i < GuardedServer.WrongPerMinute; i++)
            (await browser.SubmitAsync(page, "sign-in", ("token", ApiToken.NewKey()))).Status.ShouldBe(403);
        var refused = await browser.SubmitAsync(page, "sign-in", ("token", workspace.Token));
        refused.Status.ShouldBe(429);
        refused.Text.ShouldContain("Try again in a minute");
    }

    [Fact]
    public async Task A_form_without_its_guard_is_refused()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = ConsoleClient.OfNobody(server);
        var page = await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", workspace.Token), ("__RequestVerificationToken", null));
        page.Status.ShouldBe(400);
        (await browser.GetAsync("calls")).Path.ShouldStartWith("/console/sign-in");
    }

    [Fact]
    public async Task A_link_signs_in_once()
    {
        var workspace = await server.NewWorkspaceAsync();
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None);
        var link = await server.Services.GetRequiredService<Sessions>().OfferAsync(caller!, CancellationToken.None);
        using var first = ConsoleClient.OfNobody(server);
        (await first.GetAsync($"sign-in?link={link}")).Path.ShouldBe("/console/calls");
        using var second = ConsoleClient.OfNobody(server);
        var refused = await second.GetAsync($"sign-in?link={link}");
        refused.Status.ShouldBe(403);
        refused.Text.ShouldContain("has been used");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var session = browser.Cookies.GetAllCookies().Single(cookie => cookie.Name == Gate.Cookie);
        session.HttpOnly.ShouldBeTrue();
        (await browser.SubmitAsync(await browser.GetAsync("documents/weni"), "sign-out")).Path.ShouldBe("/console/sign-in");
        using var thief = ConsoleClient.OfNobody(server);
        thief.Cookies.Add(new Uri(server.Address), new System.Net.Cookie(session.Name, session.Value));
        (await thief.GetAsync("documents/weni")).Path.ShouldStartWith("/console/sign-in");
    }

    [Fact]
    public async Task A_session_ends_with_its_token()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        await server.Services.GetRequiredService<TokenService>().RevokeAsync(workspace.Token, CancellationToken.None);
        (await browser.GetAsync("documents/weni")).Path.ShouldStartWith("/console/sign-in");
    }

    [Fact]
    public async Task A_session_ends_when_nobody_uses_it_and_after_its_longest_time()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        for (var used = TimeSpan.Zero; used + Sessions.Idle < Sessions.Longest; used += Sessions.Idle * 0.9)
        {
            (await browser.GetAsync("documents/weni")).Path.ShouldBe("/console/documents/weni");
            server.Hands.Advance(Sessions.Idle * 0.9);
        }

        server.Hands.Advance(Sessions.Idle * 0.9);
        (await browser.GetAsync("documents/weni")).Path.ShouldStartWith("/console/sign-in");

        using var other = await ConsoleClient.OfAsync(server, workspace.Token);
        server.Hands.Advance(Sessions.Idle);
        (await other.GetAsync("documents/weni")).Path.ShouldStartWith("/console/sign-in");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/console/\\\\evil.example")]
    [InlineData("/swagger")]
    public async Task Nobody_is_sent_elsewhere(string next)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = ConsoleClient.OfNobody(server);
        var page = await browser.SubmitAsync(await browser.GetAsync($"sign-in?next={Uri.EscapeDataString(next)}"), "sign-in", ("token", workspace.Token));
        page.Path.ShouldBe("/console/calls");
        (await browser.GetAsync($"preferences?language=pt&back={Uri.EscapeDataString(next)}")).Path.ShouldBe("/console/calls");
    }

    [Fact]
    public async Task A_surveyor_does_not_get_in()
    {
        var surveyor = await server.NewWorkspaceAsync(role: Role.Surveyor);
        using var browser = ConsoleClient.OfNobody(server);
        (await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", surveyor.Token))).Status.ShouldBe(403);
    }
}
