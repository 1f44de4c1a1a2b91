using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>Contacts, groups and fields, as somebody works with them.</summary>
public sealed class ContactTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_contact_is_made_found_changed_blocked_and_deleted(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("fields.json", new { label = "City", value_type = "text" });
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("contacts");
        await Expect(page.Locator("#empty")).ToHaveTextAsync(Text(language, "contacts.empty"));
        await page.Locator("#new-contact").ClickAsync();
        await page.Locator("#i-name").FillAsync("Ana Souza");
        await page.Locator("#i-urns").FillAsync("tel:+5511980000001");
        await page.GetByLabel("City").FillAsync("Recife");
        await page.Locator("#save").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ana Souza");

        await tab.GoAsync("contacts");
        await page.Locator("#i-q").FillAsync("ana");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ana Souza" }).ClickAsync();
        await page.Locator("#edit").ClickAsync();
        await page.Locator("#i-name").FillAsync("Ana Lima");
        await page.Locator("#save").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Ana Lima");
        await page.GetByRole(AriaRole.Button, new() { Name = Text(language, "contact.to_blocked") }).ClickAsync();
        await Expect(page.Locator(".head .tag")).ToHaveTextAsync(Text(language, "status.blocked"));
        await tab.ConfirmAsync("delete");
        await Expect(page.Locator("#empty")).ToHaveTextAsync(Text(language, "contacts.empty"));
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_the_input_and_nothing_that_was_typed_is_lost()
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, workspace);
        await tab.GoAsync("contacts/new");
        await tab.Page.Locator("#i-name").FillAsync(SampleBook.Harm);
        await tab.Page.Locator("#i-urns").FillAsync("tel:none");
        tab.Expect(400);
        await tab.Page.Locator("#save").ClickAsync();
        await Expect(tab.Page.Locator("#i-urns-about .fault")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("#i-name")).ToHaveValueAsync(SampleBook.Harm);
        await Look.IsInertAsync(tab.Page);
    }

    [Fact]
    public async Task Keys_alone_put_contacts_into_a_group()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("groups.json", new { name = "Customers" });
        for (var i = 0; i < 3; i++)
            await weni.MakeAsync("contacts.json", new { name = $"Ana {i}", urns = new[] { $"ext:{i}" } });
        var tab = await OpenAsync(server, workspace);
        var page = tab.Page;
        await tab.GoAsync("contacts");
        await TabToAsync(page, "data-all");
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, "i-target");
        await page.Keyboard.TypeAsync("Customers");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tbody .tag")).ToHaveCountAsync(3);
    }

    /// <summary>Presses Tab until something has the focus that is named so; wherever it stops by the way, it is seen.</summary>
    private static async Task TabToAsync(IPage page, string mark)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            await Look.FocusAsync(page);
            if (await page.EvaluateAsync<bool>("mark => document.activeElement.id === mark || document.activeElement.hasAttribute(mark)", mark))
                return;
        }

        throw new ShouldAssertException($"{page.Url}: the keys do not lead to {mark}");
    }
}
