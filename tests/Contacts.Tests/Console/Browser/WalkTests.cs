using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>Every page there is, found by its links: a new page is looked at without being named here.</summary>
public sealed class WalkTests(Chromium chromium, SampleBook book) : BrowserTest(chromium)
{
    // Pages that answer with another status, and are looked at in the tests of the frame.
    private static readonly string[] Elsewhere = ["/console/refused", "/console/sign-in", "/console/sign-out"];

    /// <summary>The pictures of the documents.</summary>
    private static readonly Dictionary<string, string> Pictures = new(StringComparer.Ordinal)
    {
        ["/console/calls"] = "calls",
        ["/console/calls/{Id:guid}"] = "call",
        ["/console/contacts"] = "contacts",
        ["/console/contacts/{Id:guid}"] = "contact",
        ["/console/automations"] = "automations",
        ["/console/webhooks/{Id:guid}"] = "webhook",
        ["/console/webhooks/workbench"] = "workbench",
        ["/console/testing"] = "testing",
        ["/console/tokens"] = "tokens",
        ["/console/workspace"] = "workspace",
    };

    private const string Links =
        "() => [...document.querySelectorAll('main a[href], nav a[href]')].filter(link => link.origin === location.origin && !link.hasAttribute('download')).map(link => link.pathname + link.search)";

    [Fact]
    public async Task Every_page_is_accessible_in_light_and_dark_and_is_in_the_documents_as_it_looks()
    {
        var tab = await OpenAsync(book, book.Usual);
        var walk = new Walk(book);
        var faults = await GoAsync(walk, tab, async (page, pattern) =>
        {
            var isBench = pattern == "/console/testing";
            if (isBench)
                await ReadyAsync(page);
            (await page.Locator("h1").CountAsync()).ShouldBe(1, "one heading of the first rank");
            await Look.IsInertAsync(page);
            await Look.IsAccessibleAsync(page);
            await Look.FitsPhoneAsync(page);
            await Screenshot.TakeAsync(page, Pictures.GetValueOrDefault(pattern));
            if (isBench)
                await book.MendAsync(book.Usual);
        });
        faults.AddRange(walk.Unseen.Except(Elsewhere, StringComparer.Ordinal).Select(pattern => $"{pattern}: no link leads there"));
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("pt")]
    [InlineData("es")]
    public async Task Every_page_fits_a_phone_and_shows_what_is_out_for_harm_as_text(string language)
    {
        var tab = await OpenAsync(book, book.Hostile, new Reader(language, Width: Look.Phone));
        var faults = await GoAsync(new Walk(book), tab, async (page, _) =>
        {
            (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe(language);
            await Look.FitsPhoneAsync(page);
            await Look.IsInertAsync(page);
        });
        faults.ShouldBeEmpty();
    }

    /// <summary>The bench with something on it; other pages are seen without the warning that a fault is active.</summary>
    private async Task ReadyAsync(IPage page)
    {
        await book.BreakAsync(book.Usual);
        await page.ReloadAsync();
    }

    /// <summary>Goes through all pages and tells of every fault, not of the first.</summary>
    private static async Task<List<string>> GoAsync(Walk walk, Tab tab, Func<IPage, string, Task> look)
    {
        var faults = new List<string>();
        while (walk.Next() is { } next)
        {
            if (Elsewhere.Contains(next.Pattern, StringComparer.Ordinal))
                continue;
            var fault = await Record.ExceptionAsync(async () =>
            {
                await tab.GoAsync(next.Address);
                await look(tab.Page, next.Pattern);
            });
            if (fault is not null)
                faults.Add($"{next.Address}: {fault.Message}");
            walk.Add(await tab.Page.EvaluateAsync<string[]>(Links));
        }

        return faults;
    }
}
