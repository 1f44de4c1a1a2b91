using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>What stands around every page: languages, light and dark, the ways of a role, and pages that are not there.</summary>
public sealed class FrameTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    private const string Page = "documents/weni";

    [Theory]
    [InlineData("en", "es", "Español")]
    [InlineData("pt", "en", "English")]
    [InlineData("es", "pt", "Português")]
    public async Task The_browsers_language_is_spoken_until_another_is_chosen(string asked, string chosen, string name)
    {
        var tab = await OpenAsync(server, await server.NewWorkspaceAsync(), new Reader(asked));
        await tab.GoAsync(Page);
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", asked);
        await Expect(Way(tab, "groups")).ToHaveTextAsync(Text(asked, "ways.groups"));

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("lang", chosen);
        await Expect(Way(tab, "groups")).ToHaveTextAsync(Text(chosen, "ways.groups"));
        tab.Page.Url.ShouldEndWith($"/console/{Page}");
    }

    [Fact]
    public async Task Light_and_dark_follow_the_system_until_one_is_chosen()
    {
        var tab = await OpenAsync(server, await server.NewWorkspaceAsync(), new Reader(Theme: ColorScheme.Dark));
        await tab.GoAsync(Page);
        var dark = await GroundAsync(tab);
        await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        var light = await GroundAsync(tab);
        light.ShouldNotBe(dark);

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = Text("en", "frame.dark"), Exact = true }).ClickAsync();
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        (await GroundAsync(tab)).ShouldBe(dark);
        await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = Text("en", "frame.light"), Exact = true }).ClickAsync();
        await Expect(tab.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        (await GroundAsync(tab)).ShouldBe(light);
    }

    [Theory]
    [InlineData(Role.Viewer, false)]
    [InlineData(Role.Editor, false)]
    [InlineData(Role.Administrator, true)]
    public async Task Each_role_sees_its_ways(Role role, bool seesTokens)
    {
        var tab = await OpenAsync(server, await server.NewWorkspaceAsync(role: role));
        await tab.GoAsync(Page);
        await Expect(Way(tab, "contacts")).ToBeVisibleAsync();
        await Expect(Way(tab, "tokens")).ToHaveCountAsync(seesTokens ? 1 : 0);
    }

    [Fact]
    public async Task A_workspaces_name_is_a_text_and_nothing_else()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.Name = "<script>hacked=1</script>\u202Egpj.exe <img src=x onerror=alert(1)>");
        var tab = await OpenAsync(server, workspace);
        await tab.GoAsync(Page);
        await Expect(tab.Page.Locator(".whose")).ToContainTextAsync("<script>hacked=1</script>U+202Egpj.exe <img src=x");
        await Look.IsInertAsync(tab.Page);
    }

    [Theory]
    [InlineData("sign-in", false, 200)]
    [InlineData("sign-out", true, 200)]
    [InlineData("nowhere", true, 404)]
    [InlineData("refused", true, 403)]
    [InlineData("documents/weni", true, 200)]
    public async Task A_page_of_the_frame_is_accessible_and_fits_a_phone(string path, bool signedIn, int status)
    {
        var tab = signedIn ? await OpenAsync(server, await server.NewWorkspaceAsync()) : await OpenAsync(server);
        await tab.GoAsync(path, status);
        await Expect(tab.Page.Locator("h1")).ToHaveCountAsync(1);
        await Look.IsAccessibleAsync(tab.Page);
        await Look.FitsPhoneAsync(tab.Page);
        await Look.IsInertAsync(tab.Page);
    }

    [Fact]
    public async Task Every_document_fits_a_phone_and_asks_for_nothing_that_is_not_there()
    {
        var tab = await OpenAsync(server, await server.NewWorkspaceAsync(), new Reader(Width: Look.Phone));
        foreach (var name in Contacts.Console.OwnDocuments.Names)
        {
            await tab.GoAsync($"documents/{name}");
            await Look.FitsPhoneAsync(tab.Page);
        }
    }

    private static ILocator Way(Tab tab, string path) => tab.Page.Locator($"nav.ways a[href='{path}']");

    private static Task<string> GroundAsync(Tab tab) => tab.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
