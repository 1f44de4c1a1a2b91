using System.ComponentModel;
using System.Diagnostics;

namespace Contacts.Tests.Support;

/// <summary>A folder beside the tests with a lock file of npm packages, which are installed when they are first wanted.</summary>
internal sealed class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _folder;
    private readonly Lazy<Task> _installed;

    /// <summary>The packages of a folder.</summary>
    /// <param name="folder">The folder, seen from the tests' project.</param>
    public NodePackages(params string[] folder)
    {
        _folder = Path.Combine([AppContext.BaseDirectory, .. folder]);
        _installed = new Lazy<Task>(InstallAsync);
    }

    /// <summary>Where a file of the folder is.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>The text of a file of the packages, for example <c>axe-core/axe.min.js</c>.</summary>
    public async Task<string> ReadAsync(string file)
    {
        await _installed.Value;
        return await File.ReadAllTextAsync(PathOf(Path.Combine("node_modules", file)));
    }

    /// <summary>Runs a program of the packages, and fails with what it wrote when it does not end well.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await _installed.Value;
        return await ExecuteAsync("node", [PathOf(program), .. arguments], environment);
    }

    /// <summary>The exact versions of the lock file; they stay until it changes.</summary>
    private async Task InstallAsync()
    {
        var mark = PathOf(Path.Combine("node_modules", ".installed"));
        var wanted = await File.ReadAllTextAsync(PathOf("package-lock.json"));
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
            return;
        await ExecuteAsync("npm", ["ci", "--no-progress"], null);
        await File.WriteAllTextAsync(mark, wanted);
    }

    private async Task<string> ExecuteAsync(string program, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };
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
                $"{start.FileName} can't be started: this test needs Node.js 20 or newer with npm (sudo apt-get install nodejs npm), "
                    + "or leave it out with --filter 'Needs!=Node'.",
                error);
        }
    }
}
