using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>Tokens and the workspace's own settings.</summary>
public sealed class SettingTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_token_is_made_shown_once_and_revoked(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("tokens");
        await page.Locator("#new").ClickAsync();
        await page.Locator("#i-name").FillAsync("CRM");
        await page.Locator("#i-role").SelectOptionAsync("viewer");
        await tab.SubmitAsync("create");
        var key = await page.Locator("#secret-text").InnerTextAsync();
        using var reader = new WeniClient(server, new TestWorkspace(workspace.Id, key));
        (await reader.GetAsync("contacts.json")).Status.ShouldBe(200);
        await page.ReloadAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("#secret-text")).ToHaveCountAsync(0);

        var row = page.Locator("tbody tr", new PageLocatorOptions { HasText = "CRM" });
        await row.Locator("summary").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = Text(language, "tokens.revoke") }).ClickAsync();
        await tab.IsToldAsync(Text(language, "tokens.done_revoked"));
        (await reader.GetAsync("contacts.json")).Status.ShouldBe(403);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_setting_is_changed_and_a_wrong_one_is_explained_beside_it(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("workspace");
        await page.Locator("#i-timezone").FillAsync("America/Recife");
        await tab.SubmitAsync("settings");
        await tab.IsToldAsync(Text(language, "parts.saved"));
        await Expect(page.Locator("#i-timezone")).ToHaveValueAsync("America/Recife");

        await page.Locator("#i-timezone").FillAsync("Atlantis");
        tab.Expect(400);
        await tab.SubmitAsync("settings");
        await tab.IsToldAsync(Text(language, "workspace.wrong"), "error");
        await Expect(page.Locator("#i-timezone")).ToHaveValueAsync("Atlantis");
        await Expect(page.Locator("#i-timezone-about .fault")).ToBeVisibleAsync();
    }
}
