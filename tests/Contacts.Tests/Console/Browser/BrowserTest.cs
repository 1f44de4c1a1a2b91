using Contacts.Tests.Support;
using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>A test that looks at pages as a reader does. Whatever the browser complains of in any of its tabs fails it.</summary>
/// <param name="chromium">The browser.</param>
[Collection(BrowserCollection.Name)]
[Trait("Needs", "Browser")]
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    /// <summary>The languages of the pages, for theories.</summary>
    public static readonly TheoryData<string> Languages = ["en", "pt", "es"];

    /// <summary>The address is what is waited for: the browser may have told of the page's load before anybody listened.</summary>
    private protected static readonly PageWaitForURLOptions Arrived = new() { WaitUntil = WaitUntilState.Commit };

    private readonly List<Tab> _tabs = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        var faults = new List<string>();
        foreach (var tab in _tabs)
            faults.AddRange(await tab.CloseAsync());
        faults.ShouldBeEmpty();
    }

    /// <summary>A new tab in a browser of its own.</summary>
    private protected async Task<Tab> OpenAsync(TestServer server, Reader? reader = null)
    {
        var tab = await Tab.OpenAsync(chromium, server, reader ?? new Reader());
        _tabs.Add(tab);
        return tab;
    }

    /// <summary>A new tab of somebody who is signed in.</summary>
    private protected async Task<Tab> OpenAsync(TestServer server, TestWorkspace workspace, Reader? reader = null)
    {
        var tab = await OpenAsync(server, reader);
        await tab.EnterAsync(workspace);
        return tab;
    }

    /// <summary>A text of the pages in a language.</summary>
    private protected static string Text(string language, string key, params object?[] values) =>
        new Contacts.Console.Words { Language = language }.With(key, values);
}
