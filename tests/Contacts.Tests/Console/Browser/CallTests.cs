using System.Text;
using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>The calls: as they arrive, why they were refused, and once more with a change.</summary>
public sealed class CallTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_call_comes_up_by_itself_and_tells_what_it_changed(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("calls");
        await Expect(page.Locator("#empty")).ToContainTextAsync(Text(language, "calls.empty"));
        await weni.MakeAsync("contacts.json", new { name = "Ana Souza", urns = new[] { "tel:+5511980000001" } });
        await Expect(page.Locator("#calls tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("#calls tr .tag")).ToHaveTextAsync("201");

        await page.Locator("#calls a").First.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("POST /api/v2/contacts.json");
        await Expect(page.Locator("#request h2")).ToHaveTextAsync(Text(language, "call.request"));
        await Expect(page.Locator("td.after", new PageLocatorOptions { HasText = "Ana Souza" })).ToBeVisibleAsync();
        await Expect(page.Locator("#body")).ToContainTextAsync("Ana Souza");
        (await page.Locator("main").InnerTextAsync()).ShouldNotContain(workspace.Token, customMessage: "secrets are masked");
        await page.Locator("#facts a[href^='contacts/']").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ana Souza");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_refused_call_says_why_and_leads_to_the_contracts_paragraph(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        (await weni.PostAsync("contacts.json?urn=tel%3A%2B5511980000001", new { name = "Ana", fields = new { unknown = 1 } })).Status.ShouldBe(400);
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("calls");
        await page.Locator("#i-status").FillAsync("4xx");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#calls a").First.ClickAsync();
        await Expect(page.Locator("#why h2")).ToHaveTextAsync(Text(language, "call.why"));
        await page.GetByRole(AriaRole.Link, new() { Name = Text(language, "call.contract") }).First.ClickAsync();
        await page.WaitForURLAsync("**/console/documents/weni#*", Arrived);
        (await page.EvaluateAsync<bool>("document.querySelector(':target') !== null")).ShouldBeTrue($"there is a paragraph at {page.Url}");
    }

    [Fact]
    public async Task A_call_is_copied_changed_and_sent_again()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("contacts.json?urn=ext:1", new { name = "Ana" });
        var tab = await OpenAsync(server, workspace);
        var page = tab.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await tab.GoAsync("calls");
        await page.Locator("#calls a").First.ClickAsync();
        await page.Locator("[data-copy='curl']").ClickAsync();
        await Expect(page.Locator("[data-copy='curl']")).ToHaveTextAsync(Text("en", "parts.copied"));
        (await page.EvaluateAsync<string>("navigator.clipboard.readText()")).ShouldStartWith("curl");

        await page.Locator("#i-sent").FillAsync("""{"name": "Ana Lima"}""");
        await page.Locator("#send").ClickAsync();
        await tab.IsToldAsync(Text("en", "call.sent"));
        await Expect(page.Locator("td.before", new PageLocatorOptions { HasText = "Ana" })).ToBeVisibleAsync();
        (await weni.GetAsync("contacts.json?urn=ext:1")).Results.Single()!["name"]!.ToString().ShouldBe("Ana Lima");
    }

    [Fact]
    public async Task A_body_of_a_megabyte_that_is_out_for_harm_is_shown_as_text()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        var harm = string.Concat(Enumerable.Repeat("</pre><script>hacked=1</script>" + SampleBook.Harm, 1_048_576 / 60));
        (await weni.PostBytesAsync("contacts.json?urn=ext:1", Encoding.UTF8.GetBytes($$"""{"name": "{{harm.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}"""))).Status.ShouldBe(400);
        (await weni.PostBytesAsync("contacts.json?urn=ext:1", Encoding.UTF8.GetBytes(harm))).Status.ShouldBe(400);
        var tab = await OpenAsync(server, workspace);
        await tab.GoAsync("calls");
        await Expect(tab.Page.Locator("#calls tr")).ToHaveCountAsync(2);
        foreach (var call in await tab.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#calls a[href^=\"calls/\"]')].map(link => link.pathname)"))
        {
            await tab.GoAsync(call);
            await Expect(tab.Page.Locator("#body")).ToContainTextAsync("script>hacked=1");
            await Look.IsInertAsync(tab.Page);
            await Look.FitsPhoneAsync(tab.Page);
        }
    }
}
