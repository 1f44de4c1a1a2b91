using System.Net.Http.Headers;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>Failures of pages are pages: in the reader's language, with the headers of all pages and a way back.</summary>
public sealed class FailurePageTests(FailurePageTests.SmallServer server) : IClassFixture<FailurePageTests.SmallServer>
{
    private const int MaxBody = 100_000;

    [Theory]
    [InlineData("busy", 503, "en", "Try again in a moment.")]
    [InlineData("busy", 503, "pt", "Tente de novo em instantes.")]
    [InlineData("standby", 503, "en", "Try again in a moment.")]
    [InlineData("broken", 500, "es", "Algo salió mal")]
    public async Task A_page_whose_statement_fails_says_so(string name, int status, string language, string text)
    {
        await server.ExecuteAsync($"""
            CREATE OR REPLACE FUNCTION fail_by_name() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.name = 'busy' THEN RAISE EXCEPTION 'away' USING ERRCODE = '57P03'; END IF;
                IF NEW.name = 'standby' THEN RAISE EXCEPTION 'read-only' USING ERRCODE = '25006'; END IF;
                IF NEW.name = 'broken' THEN RAISE EXCEPTION 'secret of the inside' USING ERRCODE = 'XX000'; END IF;
                RETURN NEW;
            END $$
            """);
        await server.ExecuteAsync($"CREATE OR REPLACE TRIGGER fail_by_name BEFORE INSERT ON groups FOR EACH ROW EXECUTE FUNCTION fail_by_name()");
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace, Role.Editor, language);
        var page = await browser.SubmitAsync(await browser.GetAsync("groups"), "create", ("name", name));
        IsFailurePage(page, status, language, "/console/groups");
        page.Text.ShouldContain(text);
        page.Html.ShouldNotContain("secret");
        page.Headers.ContainsKey("Retry-After").ShouldBe(status == 503);
    }

    [Fact]
    public async Task A_form_without_its_guard_and_one_that_is_gone_lead_back_to_their_page()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace, Role.Administrator, "pt");
        var tokens = await browser.GetAsync("tokens?x=%22%3E%3Cb%3E");
        var handler = tokens.Document.QuerySelector("tbody input[name=_handler]")!.GetAttribute("value")!;
        foreach (var change in new (string, string?)[] { ("__RequestVerificationToken", null), ("__RequestVerificationToken", "old"), ("_handler", $"revoke-{Guid.NewGuid():N}") })
        {
            var page = await browser.SubmitAsync(tokens, handler, change);
            IsFailurePage(page, 400, "pt", "/console/tokens?x=%22%3E%3Cb%3E");
            page.Text.ShouldContain("O formulário era antigo demais");
            (await browser.GetAsync(page.Document.GetElementById("again")!.GetAttribute("href")!)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_told_so()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace, Role.Editor);
        var page = await browser.SubmitAsync(await browser.GetAsync("groups"), "create", ("name", new string('a', MaxBody)));
        IsFailurePage(page, 413, "en", "/console/groups");
        page.Text.ShouldContain("larger than the server takes");
    }

    [Fact]
    public async Task A_form_with_too_many_values_is_told_so()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace, Role.Editor);
        using var form = new ByteArrayContent(System.Text.Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Repeat("a=", 25_001))));
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/console/groups", UriKind.Relative)) { Content = form };
        IsFailurePage(await browser.SendAsync(request), 413, "en", "/console/groups");
    }

    private static void IsFailurePage(ConsoleReply page, int status, string language, string back)
    {
        page.Status.ShouldBe(status);
        page.Headers["Content-Type"].ShouldBe("text/html; charset=utf-8");
        page.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'");
        page.Headers["Cache-Control"].ShouldContain("no-store");
        page.Document.DocumentElement.GetAttribute("lang").ShouldBe(language);
        page.TextsOf("h1").ShouldHaveSingleItem();
        page.Document.GetElementById("again")!.GetAttribute("href").ShouldBe(back);
        page.Document.QuerySelectorAll("b, script, [style]").ShouldBeEmpty();
        page.Text.ShouldContain(page.Headers["X-Request-Id"]);
    }

    /// <summary>A server as installed, not one of developers: to those the framework says in English what it refuses. It takes small bodies.</summary>
    public sealed class SmallServer : TestServer
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["environment"] = "Production",
            ["Contacts:MaxBodyBytes"] = MaxBody.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }
}
