using System.Text.Json;
using AngleSharp.Dom;
using Contacts.Calls;
using Contacts.Console;
using Contacts.Console.Pages.Log;
using Contacts.Data;
using Contacts.Tests.Calls;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WeniDialect = Contacts.Dialects.Weni;
using WhaapyDialect = Contacts.Dialects.Whaapy;

namespace Contacts.Tests.Console;

/// <summary>The recorded calls as people see them: list, one call, why, curl, sending again.</summary>
public sealed class CallPagesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public async Task Without_calls_the_page_shows_how_to_make_one()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var page = await browser.GetAsync("calls");
        page.Status.ShouldBe(200);
        page.TextsOf("#first-call").ShouldBe([$"curl '{server.Address}/api/v2/contacts.json' \\\n  -H 'Authorization: Token YOUR_TOKEN'"]);
        page.Document.QuerySelectorAll("svg.picture[role=img] title").Length.ShouldBe(3);
    }

    [Fact]
    public async Task The_list_shows_calls_newest_first_and_filters_them()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","urns":["ext:1"]}""");
        await observer.SendAsync("POST", Contacts, """{"language":"xxx"}""");
        await observer.SendAsync("GET", "/api/v2/groups.json?name=Devs");
        var calls = await observer.WaitAsync(3, "\"dialect\":\"weni\"");
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        var page = await browser.GetAsync("calls?dialect=weni");
        page.TextsOf("#calls .tag").ShouldBe(["200", "400", "201"]);
        page.TextsOf("#calls td:nth-child(4)").ShouldBe(["GET /api/v2/groups.json?name=Devs", $"POST {Contacts}", $"POST {Contacts}"]);
        page.TextsOf("#calls td:nth-child(2)").ShouldAllBe(name => name == "tests");
        page.Document.QuerySelector("#calls")!.GetAttribute("data-live")!.ShouldStartWith("calls/live?");
        var contact = calls[0].Text("contact")!;
        foreach (var (query, expected) in new (string Query, int Expected)[]
        {
            ("status=4xx&dialect=weni", 1), ("status=201", 1), ("method=get&dialect=weni", 1), ("path=groups", 1), ("text=iso639", 1), ($"contact={contact}", 1), ("errors=1", 1), ("dialect=whaapy", 0),
        })
        {
            (await browser.GetAsync($"calls?{query}")).Document.QuerySelectorAll("#calls tr").Length.ShouldBe(expected, query);
        }

        (await browser.GetAsync("calls?dialect=whaapy")).TextsOf("#empty").ShouldNotBeEmpty();
        (await browser.GetAsync($"contacts/{contact}")).TextsOf("#history .after").ShouldContain("Ana");
    }

    [Theory]
    [InlineData("status=abc", "#i-status")]
    [InlineData("contact=1", "#i-contact")]
    public async Task A_filter_that_is_none_is_told_beside_its_input(string query, string input)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var page = await browser.GetAsync($"calls?{query}");
        page.Status.ShouldBe(400);
        page.Document.QuerySelector(input)!.GetAttribute("aria-invalid").ShouldBe("true");
    }

    [Fact]
    public async Task A_long_list_has_pages_and_only_the_first_goes_on_by_itself()
    {
        using var observer = await Observer.NewAsync(server);
        for (var number = 0; number < 55; number++)
            await observer.SendAsync("GET", $"{Contacts}?name={number}");
        await observer.WaitAsync(55, "\"dialect\":\"weni\"");
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        var first = await browser.GetAsync("calls?path=contacts");
        first.Document.QuerySelectorAll("#calls tr").Length.ShouldBe(50);
        var next = await browser.GetAsync(first.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        next.Document.QuerySelectorAll("#calls tr").Length.ShouldBe(5);
        next.Document.QuerySelector("#calls")!.HasAttribute("data-live").ShouldBeFalse();
        next.TextsOf("#calls td:nth-child(4)")[^1].ShouldBe($"GET {Contacts}?name=0");
    }

    [Theory]
    [InlineData("en", "The language is none of ISO 639-3.")]
    [InlineData("pt", "O idioma não é um de ISO 639-3.")]
    [InlineData("es", "El idioma no es uno de ISO 639-3.")]
    public async Task A_refused_call_says_why_and_where_the_contract_has_it(string language, string why)
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","language":"xxx"}""", headers: ("X-Crm", "Zoho"));
        var call = await OnlyAsync(observer);
        using var browser = await ConsoleClient.OfAsync(server, observer.Token, language);
        var page = await browser.GetAsync($"calls/{call}");
        page.TextsOf("#status").ShouldBe(["400"]);
        page.TextsOf("#why strong").ShouldBe([why]);
        page.Document.QuerySelector("#why a")!.GetAttribute("href").ShouldBe("documents/weni#contacts");
        page.TextsOf("#body").ShouldBe(["{\n  \"name\": \"Ana\",\n  \"language\": \"xxx\"\n}"]);
        page.TextsOf("#body-raw").ShouldBe(["""{"name":"Ana","language":"xxx"}"""]);
        page.TextsOf("#request td").ShouldContain("Zoho");
        page.TextsOf("#request td").ShouldContain($"Token ********{observer.Token[^4..]}");
        page.TextsOf("#example-request").Single().ShouldContain("\"language\": \"por\"");
        page.TextsOf("#example-answer").ShouldNotBeEmpty();
        page.Document.QuerySelector("#changes").ShouldBeNull();
    }

    [Fact]
    public async Task A_changed_contact_is_shown_attribute_by_attribute()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","urns":["ext:1"]}""");
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"Bia"}""");
        var call = await observer.ReadAsync("\"status\":\"200\",\"dialect\":\"weni\"");
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        var page = await browser.GetAsync($"calls/{call.Text("uuid")}");
        page.TextsOf("#changes tbody tr").Single().Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).ShouldBe(["name", "Ana", "Bia"]);
        page.TextsOf("#changes .before").ShouldBe(["Ana"]);
        page.TextsOf("#changes .after").ShouldBe(["Bia"]);
        page.Document.QuerySelector("#changes h3 a")!.GetAttribute("href").ShouldBe($"contacts/{call.Text("contact")}");
        page.TextsOf("#understood").Single().ShouldContain("\"do\": \"update or create\"");
    }

    [Fact]
    public void Every_rule_is_told_as_its_dialect_tells_it()
    {
        foreach (var rules in new[] { WeniDialect.Rules.All, WhaapyDialect.Rules.All })
        {
            foreach (var rule in rules.All)
            {
                Words.All[$"rules.{rules.Dialect}_{rule.Key}"]["en"].ShouldBe(rule.Why);
                Words.All[$"rules.{rules.Dialect}_{rule.Key}_next"]["en"].ShouldBe(rule.Next);
            }
        }

        Words.All.Keys.Count(key => key.StartsWith("rules.", StringComparison.Ordinal)).ShouldBe(2 * (WeniDialect.Rules.All.All.Count + WhaapyDialect.Rules.All.All.Count));
    }

    [Fact]
    public async Task What_strangers_sent_is_shown_and_does_nothing()
    {
        using var observer = await Observer.NewAsync(server);
        const string script = "</textarea></pre><script>alert(1)</script><img src=x onerror=alert(1)>";
        var body = $$"""{"name":"{{script}}{{'\u202E'}}gpj.exe","note":"{{new string('x', 1_000_000)}}"}""";
        await observer.SendAsync("POST", Contacts + "?name=%3Cscript%3Ealert(2)%3C/script%3E", body, headers: ("X-Note", script));
        var id = await OnlyAsync(observer);
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        foreach (var path in new[] { "calls", $"calls/{id}" })
        {
            var page = await browser.GetAsync(path);
            page.Status.ShouldBe(200, path);
            page.Document.QuerySelectorAll("script:not([src]), img[src=x], [onerror], [style]").ShouldBeEmpty(path);
            page.Html.ShouldNotContain("<script>alert");
            page.Html.Length.ShouldBeLessThan(1_000_000);
        }

        var shown = await browser.GetAsync($"calls/{id}");
        shown.TextsOf("#request td").ShouldContain(script);
        shown.TextsOf("#body").Single().ShouldContain("<script>alert(1)</script>");
        shown.Document.QuerySelectorAll("#body .mark, #curl .mark").ShouldAllBe(mark => mark.TextContent == "U+202E");
        shown.Document.QuerySelector("#again textarea[name=sent]")!.TextContent.ShouldContain("</textarea>");
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("", "''")]
    [InlineData("a b$(id)`id`\"!", "'a b$(id)`id`\"!'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a\nb", "'a\nb'")]
    [InlineData("a\rb'\\", @"$'a\x0db\'\\'")]
    [InlineData("gpj\u202Eexe", @"$'gpj\u202eexe'")]
    public void A_shell_takes_each_argument_as_it_was(string text, string quoted) => CurlText.Quoted(text).ShouldBe(quoted);

    [Fact]
    public async Task A_call_is_copied_as_curl_without_its_token()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"D'Arc"}""", headers: ("X-Api-Key", "hush-hush-hush"));
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        var curl = (await browser.GetAsync($"calls/{await OnlyAsync(observer)}")).TextsOf("#curl").Single();
        curl.ShouldStartWith($"curl -X POST '{server.Address}{Contacts}?urn=ext:1' \\\n  -H 'Authorization: Token YOUR_TOKEN'");
        curl.ShouldContain("  -H 'Content-Type: application/json'");
        curl.ShouldEndWith("""--data-raw '{"name":"D'\''Arc"}'""");
        curl.ShouldNotContain("****");
        curl.ShouldNotContain("Host:");
    }

    [Fact]
    public async Task A_call_is_sent_again_edited_with_a_token_that_is_gone_afterwards()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","language":"xxx"}""", headers: ("X-Crm", "Zoho"));
        using var browser = await ConsoleClient.OfAsync(server, observer.Api.Workspace, Role.Editor);
        var page = await browser.GetAsync($"calls/{await OnlyAsync(observer)}");
        var sent = await browser.SubmitAsync(page, "again", ("sent", "{\"name\":\"Ana\",\r\n\"language\":\"por\"}"));
        sent.Status.ShouldBe(200);
        sent.Path.ShouldContain("?sent=1");
        sent.TextsOf("#status").ShouldBe(["201"]);
        sent.TextsOf("#facts dd").ShouldContain("console (resend)");
        sent.TextsOf("#request td").ShouldContain("Zoho");
        sent.TextsOf("#body-raw").ShouldBe(["{\"name\":\"Ana\",\n\"language\":\"por\"}"]);
        sent.TextsOf("#changes .after").ShouldContain("Ana");
        var tokens = await server.Services.GetRequiredService<TokenService>().ListAsync(observer.WorkspaceId, CancellationToken.None);
        tokens.Select(token => token.Name).ShouldNotContain("console (resend)");
        (await server.CountAsync("SELECT count(*) FROM api_tokens WHERE workspace_id = $1 AND name = 'console (resend)'", observer.WorkspaceId)).ShouldBe(0);
        (await observer.ListAsync("?dialect=console")).ShouldBeEmpty("what was sent is the call");
    }

    [Theory]
    [InlineData("target", "https://example.com/api/v2/contacts.json")]
    [InlineData("target", "//example.com/api/v2/contacts.json")]
    [InlineData("target", "/console/tokens")]
    [InlineData("target", "/api/v2/../../manage/api/tokens")]
    [InlineData("target", "/api/v2/%2e%2e/%2E./manage/api/tokens")]
    [InlineData("target", "/manage/api/tokens")]
    [InlineData("target", "@example.com/api/v2/contacts.json")]
    [InlineData("method", "CONNECT")]
    [InlineData("headers", "no header")]
    public async Task A_call_is_sent_to_this_servers_apis_alone(string input, string value)
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("GET", Contacts);
        using var browser = await ConsoleClient.OfAsync(server, observer.Api.Workspace, Role.Editor);
        var page = await browser.GetAsync($"calls/{await OnlyAsync(observer)}");
        var refused = await browser.SubmitAsync(page, "again", (input, value));
        refused.Status.ShouldBe(400);
        refused.TextsOf("#again .notice.error").ShouldNotBeEmpty();
        (await observer.ListAsync("?dialect=weni")).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://[::]:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://+:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://10.1.2.3:80", "http://10.1.2.3/")]
    [InlineData("https://127.0.0.1:5081", null)]
    public void A_server_finds_itself(string listens, string? address) => CallAgain.AddressOf([listens])?.ToString().ShouldBe(address);

    [Fact]
    public async Task Viewers_read_calls_and_send_none_and_other_workspaces_see_nothing()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("GET", Contacts);
        var id = await OnlyAsync(observer);
        using var editor = await ConsoleClient.OfAsync(server, observer.Api.Workspace, Role.Editor);
        var form = await editor.GetAsync($"calls/{id}");
        using var viewer = await ConsoleClient.OfAsync(server, observer.Api.Workspace, Role.Viewer);
        var page = await viewer.GetAsync($"calls/{id}");
        page.Status.ShouldBe(200);
        page.Document.QuerySelector("#again").ShouldBeNull();
        (await viewer.SubmitAsync(form, "again")).Path.ShouldStartWith("/console/refused");

        using var stranger = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        (await stranger.GetAsync($"calls/{id}")).Status.ShouldBe(404);
        (await stranger.GetAsync("calls")).Document.QuerySelectorAll("#calls tr").ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_made_in_the_console_are_recorded_without_what_was_typed()
    {
        using var observer = await Observer.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        var page = await browser.GetAsync("contacts/new");
        var form = page.Document.QuerySelectorAll<AngleSharp.Html.Dom.IHtmlFormElement>("main form[method=post]").First();
        var guard = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        (await browser.SubmitAsync(form, page, ("name", "Ana Lima"))).Status.ShouldBe(200);
        var call = await observer.ReadAsync("\"dialect\":\"console\"");
        call.Text("method").ShouldBe("POST");
        call.Text("token", "name").ShouldBe("tests");
        call.Change(0, "name").After.ShouldBe("\"Ana Lima\"");
        var made = await browser.SubmitAsync(await browser.GetAsync("tokens/new"), "create", ("name", "n8n"), ("role", "viewer"), ("dialect", "weni"));
        var key = made.TextsOf("#secret-text").ShouldHaveSingleItem();
        (await observer.WaitAsync(2, "\"dialect\":\"console\"")).Length.ShouldBe(2);
        (await browser.SubmitAsync(await browser.GetAsync("calls"), "sign-out")).Path.ShouldStartWith("/console/sign-in");
        (await observer.ListAsync("?dialect=console")).Length.ShouldBe(2, "neither signing in nor out stands there");

        var cookies = browser.Cookies.GetAllCookies().Select(cookie => cookie.Value).Where(value => value.Length > 8);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync();
        foreach (var row in await db.Set<RecordedCall>().IgnoreQueryFilters().AsNoTracking().Where(row => row.Dialect == CallRecord.Console).ToListAsync())
        {
            var text = JsonSerializer.Serialize(row);
            foreach (var secret in cookies.Append(guard).Append(key).Append(observer.Token))
                text.ShouldNotContain(secret);
        }
    }

    private static async Task<string> OnlyAsync(Observer observer) => (await observer.WaitAsync(1, "\"dialect\":\"weni\"")).ShouldHaveSingleItem().Text("uuid")!;
}
