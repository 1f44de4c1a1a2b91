using Contacts.Tests.Support;
using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>The pictures of the documents: <c>CONTACTS_SCREENSHOTS=1 ./test.sh --filter Needs=Browser</c> takes them anew.</summary>
internal static class Screenshot
{
    private const int Most = 150_000;

    private static readonly bool IsWanted = Environment.GetEnvironmentVariable("CONTACTS_SCREENSHOTS") == "1";

    /// <summary>Takes <c>docs/images/console-NAME.png</c>, when pictures are wanted.</summary>
    public static async Task TakeAsync(IPage page, string name)
    {
        if (!IsWanted)
            return;
        var folder = Repository.PathOf("docs", "images");
        Directory.CreateDirectory(folder);
        var picture = await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Path.Combine(folder, $"console-{name}.png"),
            Animations = ScreenshotAnimations.Disabled,
            Caret = ScreenshotCaret.Hide,
            Scale = ScreenshotScale.Css,
        });
        picture.Length.ShouldBeLessThan(Most, name);
    }
}
