using System.Text.Json;
using Contacts.Tests.Support;
using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>What is asked of every page, however it looks.</summary>
internal static class Look
{
    /// <summary>The width of a phone.</summary>
    public const int Phone = 390;

    private static readonly NodePackages Packages = new("Console", "Browser", "axe");
    private static readonly Lazy<Task<string>> Axe = new(() => Packages.ReadAsync(Path.Combine("axe-core", "axe.min.js")));

    // No event handler of ours stands in the markup, and the one script is our file: an element that has either was made by somebody's text.
    private const string Strangers =
        """
        () => [
          ...(window.hacked === undefined ? [] : ['a script of the content ran']),
          ...[...document.querySelectorAll('*')].filter(found => [...found.attributes].some(given => /^on/i.test(given.name) || /^\s*javascript:/i.test(given.value)))
            .map(found => found.outerHTML),
          ...[...document.querySelectorAll('script')].filter(found => !/\/console\/assets\/console-[0-9a-f]+\.js$/.test(found.src)).map(found => found.outerHTML),
          ...[...document.querySelectorAll('iframe, object, embed, [style], img[src="x"]')].map(found => found.outerHTML)
        ]
        """;

    private const string Wide =
        """
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] : [...document.querySelectorAll('body *')]
          .filter(found => found.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !found.closest('.scroll, .ways, pre'))
          .map(found => found.outerHTML.slice(0, 200))
        """;

    private const string Faults =
        """
        async rules => (await axe.run(document, { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) })).violations.filter(rule => rule.impact !== 'minor')
          .flatMap(rule => rule.nodes.map(node => `${rule.impact} ${rule.id}: ${node.html.slice(0, 200)} ${node.any.map(one => one.message).join(' ')}`))
        """;

    // What is another one in the dark.
    private static readonly string[] Colours = ["color-contrast", "link-in-text-block"];

    /// <summary>Nothing of what others wrote became an element or ran.</summary>
    public static async Task IsInertAsync(IPage page) => (await page.EvaluateAsync<string[]>(Strangers)).ShouldBeEmpty(page.Url);

    /// <summary>The page itself does not scroll sideways at a phone's width; its tables may, by themselves.</summary>
    public static async Task FitsPhoneAsync(IPage page)
    {
        var before = page.ViewportSize.ShouldNotBeNull();
        await page.SetViewportSizeAsync(Phone, 844);
        (await page.EvaluateAsync<string[]>(Wide)).ShouldBeEmpty(page.Url);
        await page.SetViewportSizeAsync(before.Width, before.Height);
    }

    /// <summary>axe-core finds nothing worse than a trifle, in light and in dark.</summary>
    public static async Task IsAccessibleAsync(IPage page)
    {
        // The driver's way in is none that the policy of a page could stop, so nothing has to be switched off for this.
        await page.EvaluateAsync(await Axe.Value);
        (await page.EvaluateAsync<string[]>(Faults)).ShouldBeEmpty(page.Url);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        (await page.EvaluateAsync<string[]>(Faults, Colours)).ShouldBeEmpty($"{page.Url}, dark");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }

    /// <summary>What has the focus is marked by an outline.</summary>
    /// <returns>The element's text, or its name in a form.</returns>
    public static async Task<string> FocusAsync(IPage page)
    {
        var focus = await page.EvaluateAsync<JsonElement>(
            """
            () => {
              const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect()
              return { name: at.name || at.textContent.trim(), shown: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 && box.width > 0 && box.left >= 0 }
            }
            """);
        focus.GetProperty("shown").GetBoolean().ShouldBeTrue($"{page.Url}: nobody sees the focus at '{focus.GetProperty("name").GetString()}'");
        return focus.GetProperty("name").GetString()!;
    }
}
