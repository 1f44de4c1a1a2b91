using System.Diagnostics;
using Contacts.Tests.Support;
using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>The pictures of the documents: <c>CONTACTS_SCREENSHOTS=1 ./test.sh --filter Needs=Browser</c> takes them anew, with Debian's <c>pngquant</c>.</summary>
internal static class Screenshot
{
    private const int Most = 120_000;

    private static readonly bool IsWanted = Environment.GetEnvironmentVariable("CONTACTS_SCREENSHOTS") == "1";

    // What is another one in every run: ids, ports, and how long a call took.
    private const string Settle =
        """
        () => {
          const ids = new Map(), known = id => ids.get(id) ?? ids.set(id, `0197c1a0-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`).get(id)
          const settle = text => text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, known).replace(/\b[0-9a-f]{32}\b/g, '0197c1a0000070008000000000000000').replace(/…[0-9a-f]{8}\b/g, '…00000001').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:5080')
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
          while (texts.nextNode()) texts.currentNode.data = settle(texts.currentNode.data)
          for (const input of document.querySelectorAll('input:not([type=checkbox]):not([type=radio]), textarea')) input.value = settle(input.value)
        }
        """;

    /// <summary>Takes <c>docs/images/console-NAME.png</c>, when pictures are wanted and this is one.</summary>
    public static async Task TakeAsync(IPage page, string? name)
    {
        if (!IsWanted || name is null)
            return;
        await page.EvaluateAsync(Settle);
        var folder = Repository.PathOf("docs", "images");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"console-{name}.png");
        await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = file,
            Animations = ScreenshotAnimations.Disabled,
            Caret = ScreenshotCaret.Hide,
            Scale = ScreenshotScale.Css,
        });
        using var smaller = Process.Start("pngquant", ["--force", "--ext", ".png", "--strip", file]);
        await smaller.WaitForExitAsync();
        new FileInfo(file).Length.ShouldBeLessThan(Most, name);
    }
}
