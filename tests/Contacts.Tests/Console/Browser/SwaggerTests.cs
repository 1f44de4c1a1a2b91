using Contacts.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>Swagger UI under the policy that the server sends with it: nothing of it is stopped.</summary>
public sealed class SwaggerTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Fact]
    public async Task Swagger_UI_shows_its_operations_and_calls_the_API()
    {
        var tab = await OpenAsync(server);
        await tab.GoAsync("/swagger/index.html");
        await Expect(tab.Page.Locator(".opblock").First).ToBeVisibleAsync();
        await tab.Page.Locator(".opblock-get .opblock-summary-control").First.ClickAsync();
        await tab.Page.Locator(".opblock-get .try-out__btn").First.ClickAsync();
        tab.Expect(403);
        await tab.Page.Locator(".opblock-get .execute").First.ClickAsync();
        await Expect(tab.Page.Locator(".opblock-get .responses-table.live-responses-table .response-col_status").Last).ToContainTextAsync("403");
    }
}
