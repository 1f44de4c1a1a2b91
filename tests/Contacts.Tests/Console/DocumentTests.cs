using AngleSharp.Dom;
using Contacts.Console;
using Contacts.Tests.Support;

namespace Contacts.Tests.Console;

/// <summary>The documents inside the program: whatever they link to is inside as well, down to the paragraph, or no link.</summary>
public sealed class DocumentTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_link_leads_to_a_paragraph_that_is_there()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var pages = new Dictionary<string, IDocument>(StringComparer.Ordinal);
        foreach (var name in OwnDocuments.Names)
            pages.Add($"documents/{name}", (await browser.GetAsync($"documents/{name}")).Document);
        pages.Count.ShouldBeGreaterThan(5);
        var dead = from page in pages
                   from link in page.Value.QuerySelectorAll("article a[href]").Select(link => link.GetAttribute("href")!)
                   where !link.Contains("://", StringComparison.Ordinal)
                   let parts = link.Split('#')
                   where !pages.TryGetValue(parts[0], out var target) || (parts.Length > 1 && target.GetElementById(parts[1]) is null)
                   select $"{page.Key}: {link}";
        dead.ShouldBeEmpty();
    }
}
