using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>The way in and out. The server is its own: it counts attempts to sign in.</summary>
public sealed class SignInTests(Chromium chromium, ClockedServer server) : BrowserTest(chromium), IClassFixture<ClockedServer>
{
    private const string Page = "documents/weni";

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_token_opens_the_page_that_was_asked_for_and_signing_out_closes_it(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync(Page);
        await Expect(page).ToHaveTitleAsync($"{Text(language, "signin.title")} · Contacts");
        await page.GetByLabel(Text(language, "signin.token")).FillAsync(workspace.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = Text(language, "signin.enter") }).ClickAsync();

        await page.WaitForURLAsync($"**/console/{Page}", Arrived);
        await Expect(page.Locator(".whose")).ToContainTextAsync(Text(language, "role.administrator"));
        await page.GetByRole(AriaRole.Button, new() { Name = Text(language, "frame.sign_out") }).ClickAsync();

        await page.WaitForURLAsync("**/console/sign-in", Arrived);
        await tab.GoAsync(Page);
        page.Url.ShouldContain("/console/sign-in?next=");
    }

    [Fact]
    public async Task An_unknown_token_is_told_so_and_the_page_is_as_good_as_any()
    {
        var tab = await OpenAsync(server);
        await tab.GoAsync("sign-in");
        await Screenshot.TakeAsync(tab.Page, "sign-in");
        await tab.Page.GetByLabel("Token").FillAsync("<img src=x onerror=hacked=1>");
        tab.Expect(403);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(Text("en", "signin.unknown"));
        await Look.IsInertAsync(tab.Page);
        await Look.FitsPhoneAsync(tab.Page);
    }

    [Fact]
    public async Task A_link_opens_the_first_page_once()
    {
        var workspace = await server.NewWorkspaceAsync();
        var link = await Tab.LinkAsync(server, workspace) + "&next=%2Fconsole%2F" + Uri.EscapeDataString(Page);
        var tab = await OpenAsync(server);
        await tab.GoAsync(link);
        tab.Page.Url.ShouldBe($"{server.Address}/console/{Page}");

        var other = await OpenAsync(server);
        await other.GoAsync(link, status: 403);
        await Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(Text("en", "signin.used"));
    }

    [Fact]
    public async Task A_form_that_comes_after_the_end_of_the_session_leads_to_the_sign_in()
    {
        var tab = await OpenAsync(server, await server.NewWorkspaceAsync());
        await tab.GoAsync(Page);
        server.Hands.Advance(TimeSpan.FromHours(3));
        await tab.GoAsync(Page);
        await Expect(tab.Page.GetByLabel("Token")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keys_alone_lead_in_and_the_focus_is_always_seen()
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server);
        await tab.GoAsync(Page);
        var page = tab.Page;
        var names = new List<string>();
        do
        {
            await page.Keyboard.PressAsync("Tab");
            names.Add(await Look.FocusAsync(page));
            names.Count.ShouldBeLessThan(20, string.Join(", ", names));
        }
        while (names[^1] != "token");
        names[0].ShouldBe(Text("en", "frame.skip"));
        await page.Keyboard.TypeAsync(workspace.Token);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/console/{Page}", Arrived);
        await Expect(page.Locator(".whose")).ToContainTextAsync(Text("en", "role.administrator"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("content");
    }
}
