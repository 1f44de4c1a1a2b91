using Contacts.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>Webhooks out of the book, their deliveries, and the workbench for signatures.</summary>
public sealed class WebhookTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_webhook_is_made_tried_and_its_signature_explained(string language)
    {
        await using var receiver = await Receiver.StartAsync();
        var workspace = await server.NewWorkspaceAsync(settings => settings.AllowsPrivateTargets = true);
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("webhooks");
        await Expect(page.GetByText(Text(language, "webhooks.none"))).ToBeVisibleAsync();
        await page.Locator("#new").ClickAsync();
        await page.Locator("#i-name").FillAsync("Shop");
        await page.Locator("#i-url").FillAsync(receiver.Url);
        await page.GetByLabel(Text(language, "webhooks.all_events")).CheckAsync();
        await tab.SubmitAsync("save");
        await tab.IsToldAsync(Text(language, "webhooks.done_created"));
        var secret = await page.Locator("#secret-text").InnerTextAsync();
        secret.ShouldStartWith("whsec_");
        await page.ReloadAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Shop");
        await Expect(page.Locator("#secret-text")).ToHaveCountAsync(0);

        await tab.SubmitAsync("test");
        var told = (await receiver.UntilAsync(1))[0];
        await Expect(page.Locator("h1")).ToBeVisibleAsync();

        await tab.GoAsync("webhooks/workbench");
        var headers = string.Join('\n', told.Headers.Select(header => $"{header.Key}: {header.Value}"));
        await CheckAsync(tab, System.Text.Encoding.UTF8.GetString(told.Body), headers, secret);
        await Expect(page.Locator("#verdict .notice.done")).ToHaveTextAsync(Text(language, "workbench.verifies"));
        await CheckAsync(tab, told.Json.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }), headers, secret);
        await Expect(page.Locator("#verdict .notice.error")).ToHaveTextAsync(Text(language, "workbench.fails"));
        await Expect(page.Locator("#verdict [data-mistake]").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Deliveries_come_up_by_themselves_and_are_sent_again()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        var workspace = await server.NewWorkspaceAsync(settings => settings.AllowsPrivateTargets = true);
        using var weni = new WeniClient(server, workspace);
        var tab = await OpenAsync(server, workspace);
        var page = tab.Page;
        await tab.GoAsync("webhooks/new");
        await page.Locator("#i-name").FillAsync("Shop");
        await page.Locator("#i-url").FillAsync(receiver.Url);
        await page.GetByLabel(Text("en", "webhooks.all_events")).CheckAsync();
        await tab.SubmitAsync("save");
        await tab.IsToldAsync(Text("en", "webhooks.done_created"));
        await weni.MakeAsync("contacts.json", new { name = SampleBook.Harm, urns = new[] { "ext:1" } });
        await Expect(page.Locator("#deliveries tbody tr")).ToHaveCountAsync(1);
        await page.Locator("#deliveries tbody a").First.ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("500");
        await Look.IsInertAsync(page);
    }

    private static async Task CheckAsync(Tab tab, string body, string headers, string secret)
    {
        await tab.Page.Locator("#i-body").FillAsync(body);
        await tab.Page.Locator("#i-headers").FillAsync(headers);
        await tab.Page.Locator("#i-secret").FillAsync(secret);
        await tab.SubmitAsync("check");
    }
}
