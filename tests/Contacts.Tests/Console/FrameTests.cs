using Contacts.Tests.Support;

namespace Contacts.Tests.Console;

/// <summary>What all pages have in common: languages, themes, headers, files.</summary>
public sealed class FrameTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("pt-BR,pt;q=0.9,en;q=0.8", "pt", "Entrar")]
    [InlineData("es-MX", "es", "Entrar")]
    [InlineData("fr-FR,es;q=0.5", "es", "Entrar")]
    [InlineData("de", "en", "Sign in")]
    public async Task Pages_speak_the_browsers_language(string accepted, string language, string title)
    {
        using var browser = ConsoleClient.OfNobody(server, accepted);
        var page = await browser.GetAsync("sign-in");
        page.Document.DocumentElement.GetAttribute("lang").ShouldBe(language);
        page.TextsOf("h1").ShouldBe([title]);
    }

    [Fact]
    public async Task A_language_and_a_theme_that_were_chosen_stay()
    {
        using var browser = ConsoleClient.OfNobody(server);
        (await browser.GetAsync("preferences?language=es&back=/console/sign-in")).Document.DocumentElement.GetAttribute("lang").ShouldBe("es");
        var page = await browser.GetAsync("preferences?theme=dark&back=/console/sign-in");
        page.Document.DocumentElement.GetAttribute("data-theme").ShouldBe("dark");
        page.Document.DocumentElement.GetAttribute("lang").ShouldBe("es");
    }

    [Fact]
    public async Task Pages_let_nothing_in_but_their_own_files()
    {
        using var browser = ConsoleClient.OfNobody(server);
        var page = await browser.GetAsync("sign-in");
        page.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self';");
        page.Headers["Content-Security-Policy"].ShouldNotContain("unsafe");
        page.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
        page.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        page.Headers["Cache-Control"].ShouldContain("no-store");
        page.Document.QuerySelectorAll("script:not([src]), [style], [onclick]").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_pages_files_are_kept_by_browsers_for_good()
    {
        using var browser = ConsoleClient.OfNobody(server);
        var page = await browser.GetAsync("sign-in");
        var files = page.Document.QuerySelectorAll("link[href], script[src]").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!).ToList();
        files.Count.ShouldBe(3);
        foreach (var file in files)
        {
            var answer = await browser.GetAsync(file);
            answer.Status.ShouldBe(200);
            answer.Headers["Cache-Control"].ShouldContain("immutable");
        }
    }

    [Fact]
    public async Task The_root_leads_to_the_first_page()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        (await browser.GetAsync("/")).Path.ShouldBe("/console/calls");
        (await browser.GetAsync("/console")).Path.ShouldBe("/console/calls");
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var page = await browser.GetAsync("nothing/here");
        page.Status.ShouldBe(404);
        page.Text.ShouldContain("There is no such page");
    }

    [Theory]
    [InlineData("weni")]
    [InlineData("whaapy")]
    [InlineData("webhooks")]
    [InlineData("operations")]
    [InlineData("scaling")]
    public async Task The_documents_are_inside(string name)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var page = await browser.GetAsync($"documents/{name}");
        page.Status.ShouldBe(200);
        page.Document.QuerySelectorAll("article h2[id]").Length.ShouldBeGreaterThan(1);
    }
}
