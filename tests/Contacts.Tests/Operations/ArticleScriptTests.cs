using System.Diagnostics;
using Contacts.Tests.Support;

namespace Contacts.Tests.Operations;

/// <summary>The first thing a newcomer does: <c>./run.sh</c>, then the article's examples. <c>tests/article.sh</c> does it, from this very checkout.</summary>
[Trait("Needs", "PostgresPrograms")]
public sealed class ArticleScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Every_example_of_the_article_works_against_the_script_that_people_start()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "tests", "article.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var script = Process.Start(start).ShouldNotBeNull();
        using var limit = new CancellationTokenSource(Patience);
        var output = script.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = script.StandardError.ReadToEndAsync(limit.Token);
        await script.WaitForExitAsync(limit.Token);
        script.ExitCode.ShouldBe(0, await output + await errors);
        (await output).ShouldContain("Every example of the article works.");
    }
}
