using System.ComponentModel;
using System.Diagnostics;

namespace Contacts.Tests.Contract;

/// <summary>The folder beside the tests that holds the typed client's sources, and the npm packages it is made with.</summary>
internal static class NodeClient
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Contract", "client");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Where a file of the client is.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a program of the client's packages, and fails with what it wrote when it does not end well.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await Installed.Value;
        return await ExecuteAsync("node", [PathOf(program), .. arguments], environment);
    }

    /// <summary>The exact versions of the lock file; they stay until it changes.</summary>
    private static async Task InstallAsync()
    {
        var mark = PathOf(Path.Combine("node_modules", ".installed"));
        var wanted = await File.ReadAllTextAsync(PathOf("package-lock.json"));
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
            return;
        await ExecuteAsync("npm", ["ci", "--no-progress"], null);
        await File.WriteAllTextAsync(mark, wanted);
    }

    private static async Task<string> ExecuteAsync(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Folder };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        var written = $"{await output}\n{await errors}";
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{written}");
        return written;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                $"{start.FileName} can't be started: the typed client's test needs Node.js 20 or newer with npm (sudo apt-get install nodejs npm), "
                    + "or leave it out with --filter 'Needs!=Node'.",
                error);
        }
    }
}
