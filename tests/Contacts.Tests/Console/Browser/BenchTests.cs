using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>The bench for tests: faults on request, snapshots and resets, seeds, the clock.</summary>
public sealed class BenchTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_fault_is_started_told_on_every_page_and_ended(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("testing");
        await Expect(page.GetByText(Text(language, "testing.none"))).ToBeVisibleAsync();
        await page.Locator("#i-status").FillAsync("503");
        await page.Locator("#i-path").FillAsync("/api/v2/contacts");
        await tab.SubmitAsync("add");
        await tab.IsToldAsync(Text(language, "testing.added"));
        (await weni.GetAsync("contacts.json")).Status.ShouldBe(503);
        (await weni.GetAsync("groups.json")).Status.ShouldBe(200);
        await tab.GoAsync("testing");
        await Expect(page.Locator("#active .hits")).ToHaveTextAsync(Text(language, "testing.hits_here", 1));

        await tab.GoAsync("tokens");
        await page.Locator("#faults-notice a").ClickAsync();
        await page.Locator("#end-all").ClickAsync();
        await tab.IsToldAsync(Text(language, "testing.ended"));
        await Expect(page.Locator("#faults-notice")).ToHaveCountAsync(0);
        (await weni.GetAsync("contacts.json")).Status.ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_book_is_seeded_kept_emptied_and_put_back(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("testing/book");
        await page.Locator("#i-text").FillAsync("""{"contacts": [{"name": "Ana", "urns": ["ext:1"]}, {"name": "Bia", "urns": ["ext:2"]}]}""");
        await tab.SubmitAsync("seed");
        await tab.IsToldAsync(Text(language, "testing.done_seeded", 2));
        await page.Locator("#i-name").FillAsync("two");
        await tab.SubmitAsync("take");
        await tab.IsToldAsync(Text(language, "testing.done_taken"));
        await tab.ConfirmAsync("reset");
        await tab.IsToldAsync(Text(language, "testing.done_reset"));
        (await weni.GetAsync("contacts.json")).Results.Count.ShouldBe(0);

        var row = page.Locator("tbody tr", new PageLocatorOptions { HasText = "two" });
        await row.Locator("summary").First.ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = Text(language, "testing.restore"), Exact = true }).ClickAsync();
        await tab.IsToldAsync(Text(language, "testing.done_restored"));
        (await weni.GetAsync("contacts.json")).Results.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_seed_with_faults_tells_all_of_them_and_the_clock_goes_forward()
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, workspace);
        var page = tab.Page;
        await tab.GoAsync("testing/book");
        await page.Locator("#i-text").FillAsync($$"""{"groups": [{"title": "x"}], "contacts": [{"name": 7, "urns": ["none"]}], "{{SampleBook.Harm.Replace("\"", "", StringComparison.Ordinal)}}": 1}""");
        tab.Expect(400);
        await tab.SubmitAsync("seed");
        await Expect(page.Locator("#seed-faults tbody tr")).Not.ToHaveCountAsync(1);
        await Look.IsInertAsync(page);
        await Look.IsAccessibleAsync(page);

        await tab.GoAsync("testing/clock");
        await page.Locator("#by-day").ClickAsync();
        await tab.IsToldAsync(Text("en", "testing.advanced"));
        await Expect(page.Locator("#ahead")).ToContainTextAsync("1");
    }
}
