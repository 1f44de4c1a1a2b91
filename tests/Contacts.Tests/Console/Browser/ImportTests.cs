using System.Text;
using Contacts.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Contacts.Tests.Console.Browser;

/// <summary>Files in and out: chosen, tried, imported while one looks on, and downloaded.</summary>
public sealed class ImportTests(Chromium chromium, TestServer server) : BrowserTest(chromium)
{
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_file_is_tried_imported_and_what_was_refused_comes_back(string language)
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, workspace, new Reader(language));
        var page = tab.Page;
        await tab.GoAsync("contacts");
        await page.Locator("#to-imports").ClickAsync();
        await Expect(page.Locator("#empty")).ToHaveTextAsync(Text(language, "imports.empty"));
        await UploadAsync(tab, "people.csv", $"urn,name\next:1,{SampleBook.Harm.Replace('"', '`')}\nnothing,Bia\n");
        await Expect(page.Locator("#check h2")).ToHaveTextAsync(Text(language, "import.columns"));
        await Look.IsInertAsync(page);
        await tab.SubmitAsync("check");
        await Expect(page.Locator("#result h2")).ToHaveTextAsync(Text(language, "import.would"));
        await Expect(page.Locator("#created")).ToHaveTextAsync("1");
        await page.Locator("#run").ClickAsync();
        await Expect(page.Locator("#result h2")).ToHaveTextAsync(Text(language, "import.did"));
        await Expect(page.Locator("#refused-count")).ToHaveTextAsync("1");
        await Look.IsInertAsync(page);

        (await DownloadAsync(page, "#refused")).ShouldContain("nothing,Bia");
        await tab.GoAsync("contacts");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        (await DownloadAsync(page, "#export")).ShouldContain("img src=x");
    }

    [Fact]
    public async Task A_large_file_tells_how_far_it_is_by_itself_and_can_be_stopped()
    {
        var workspace = await server.NewWorkspaceAsync();
        var tab = await OpenAsync(server, workspace);
        await tab.GoAsync("imports");
        await UploadAsync(tab, "many.csv", "urn,name\n" + string.Concat(Enumerable.Range(0, 8_000).Select(i => $"ext:{i},Ana {i}\n")));
        await tab.SubmitAsync("check");
        await Expect(tab.Page.Locator("#result h2")).ToHaveTextAsync(Text("en", "import.would"));
        await Expect(tab.Page.Locator("#created")).ToHaveTextAsync("8,000");
        await tab.Page.Locator("#run").ClickAsync();
        await tab.Page.Locator("#stop").ClickAsync();
        await Expect(tab.Page.Locator(".head .tag")).ToHaveTextAsync(Text("en", "import.status_cancelled"));
    }

    private static async Task UploadAsync(Tab tab, string name, string text)
    {
        await tab.Page.Locator("#i-file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await tab.SubmitAsync("upload");
    }

    private static async Task<string> DownloadAsync(IPage page, string link)
    {
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator(link).ClickAsync());
        return await File.ReadAllTextAsync(await file.PathAsync());
    }
}
