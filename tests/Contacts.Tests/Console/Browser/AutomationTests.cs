using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>Flows, campaigns and triggers, and the groups that they hold.</summary>
public sealed class AutomationTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_flow_is_made_changed_archived_and_deleted(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("groups.json", new { name = "Customers" });
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("automations");
        await Expect(page.Locator("h1")).ToHaveTextAsync(Text(language, "automations.title"));
        await page.Locator("#new").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(Text(language, "automation.new_flow"));
        await page.Locator("#i-name").FillAsync("Order arrived");
        await page.GetByLabel("Customers").CheckAsync();
        await tab.SubmitAsync("save");
        await tab.IsToldAsync(Text(language, "automations.done_created"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Order arrived");

        await page.Locator("#i-name").FillAsync("Order on its way");
        await tab.SubmitAsync("save");
        await tab.IsToldAsync(Text(language, "automations.done_saved"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("Order on its way");
        await tab.SubmitAsync("archive");
        await tab.IsToldAsync(Text(language, "automations.done_archived"));
        await tab.ConfirmAsync("delete");
        await tab.IsToldAsync(Text(language, "automations.deleted"));
        await Expect(page.GetByText(Text(language, "automation.none_flow"))).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_used_group_is_not_deleted_and_its_users_are_a_link_away()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("groups.json", new { name = "Customers" });
        var tab = await OpenAsync(server, workspace);
        await tab.GoAsync("automations/new?kind=campaign");
        await tab.Page.Locator("#i-name").FillAsync("Birthday");
        await tab.Page.GetByLabel("Customers").CheckAsync();
        await tab.SubmitAsync("save");
        await tab.IsToldAsync(Text("en", "automations.done_created"));

        await tab.GoAsync("groups");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = $"{Text("en", "groups.change")} Customers" }).ClickAsync();
        tab.Expect(409);
        await tab.ConfirmAsync("delete");
        await tab.IsToldAsync(Text("en", "groups.in_use"), "error");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Birthday" }).ClickAsync();
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Birthday" }).ClickAsync();
        await tab.SubmitAsync("archive");
        await tab.IsToldAsync(Text("en", "automations.done_archived"));

        await tab.GoAsync("groups");
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = $"{Text("en", "groups.change")} Customers" }).ClickAsync();
        await tab.ConfirmAsync("delete");
        await tab.IsToldAsync(Text("en", "groups.done_deleted"));
    }
}
