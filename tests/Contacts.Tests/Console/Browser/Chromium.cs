using Contacts.Tests.Support;
using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>
/// The one browser of a run: the system's own, named in <c>CONTACTS_TEST_BROWSER</c> or found on the path. Nothing is downloaded: the driver is part of
/// the package. Every test gets a profile of its own in it.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IPlaywright? _driver;
    private IBrowser? _browser;

    /// <summary>The browser.</summary>
    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser is not started.");

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        _driver = await Playwright.CreateAsync();
        _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Timeout = 60_000,

            // Its own sandbox wants rights that containers and root don't have; it opens nothing but our own pages.
            Args = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"],
        });
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _driver?.Dispose();
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CONTACTS_TEST_BROWSER") is { Length: > 0 } named)
            return named;
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "No Chromium is on the path: the tests of the web interface need one (sudo apt-get install chromium), or its path in CONTACTS_TEST_BROWSER; "
                    + "or leave them out with --filter 'Needs!=Browser'.");
    }
}

/// <summary>What the tests of the pages share. They run one after another: a browser that is pressed for time is no fair witness.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>, ICollectionFixture<TestServer>, ICollectionFixture<SampleBook>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Browser";
}
