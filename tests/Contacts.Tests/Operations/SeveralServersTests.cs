using System.Diagnostics;
using Contacts.Tests.Support;

namespace Contacts.Tests.Operations;

/// <summary>Two servers behind nginx, as <c>docs/scaling.md</c> says. <c>tests/several.sh</c> does it, with the configuration that stands there.</summary>
[Trait("Needs", "Nginx")]
[Collection("processes")]
public sealed class SeveralServersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_servers_behind_nginx_are_one()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "tests", "several.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["CONTACTS"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "contacts.dll")}";
        using var script = Process.Start(start).ShouldNotBeNull();
        using var limit = new CancellationTokenSource(Patience);
        var output = script.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = script.StandardError.ReadToEndAsync(limit.Token);
        await script.WaitForExitAsync(limit.Token);
        script.ExitCode.ShouldBe(0, await output + await errors);
        (await output).ShouldContain("Two servers are one.");
    }
}
