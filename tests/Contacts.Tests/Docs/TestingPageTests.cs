using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Docs;

/// <summary>The script of <c>docs/testing.md</c>, cut out of the page and run as it stands there.</summary>
[Trait("Needs", "PostgresPrograms")]
public sealed partial class TestingPageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task The_script_for_ci_works_as_it_stands_there()
    {
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs", "testing.md"));
        var folder = Directory.CreateTempSubdirectory("contacts-test-").FullName;
        try
        {
            var file = Path.Combine(folder, "ci.sh");
            await File.WriteAllTextAsync(file, Script().Match(page).Groups["script"].Value);
            var (code, output, errors) = await RunAsync(file);
            code.ShouldBe(0, output + errors);
            output.ShouldContain("All tests passed.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string file)
    {
        var start = new ProcessStartInfo("bash", [file]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["CONTACTS"] = Repository.Root;
        start.Environment["PORT"] = FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var script = Process.Start(start).ShouldNotBeNull();
        using var limit = new CancellationTokenSource(Patience);
        var output = script.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = script.StandardError.ReadToEndAsync(limit.Token);
        await script.WaitForExitAsync(limit.Token);
        return (script.ExitCode, await output, await errors);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"^```bash\n(?<script>.*?)^```$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();
}
