using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Contacts.Tests.Operations;

/// <summary>The real program as a process of its own, as a person starts it.</summary>
internal sealed partial class ContactsProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ContactsProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it wrote to the standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>What it wrote to the standard error so far: the log.</summary>
    public string Errors => Text(_errors);

    /// <summary>The address that it printed.</summary>
    public string Url => Printed().Match(Output).Groups["url"].Value;

    /// <summary>The token that it printed.</summary>
    public string Token => Printed().Match(Output).Groups["token"].Value;

    /// <summary>How much memory it has now, in bytes.</summary>
    public long WorkingSet()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Starts the program; settings of the test run's own environment do not reach it.</summary>
    public static ContactsProcess Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        // A test run in the background ignores Ctrl+C, and hands that down: `env` takes it back, as a person's terminal would have it.
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "contacts.dll"), .. arguments];
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return new ContactsProcess(Process.Start(start)!);
    }

    /// <summary>Starts a server on a data folder and waits until it has printed where it listens.</summary>
    public static async Task<ContactsProcess> ServeAsync(string data, params string[] arguments)
    {
        var server = Start(null, ["--data", data, "--urls", "http://127.0.0.1:0", .. arguments]);
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(null, arguments);
        var code = await process.ExitAsync();
        return (code, process.Output, process.Errors);
    }

    public async Task ReadyAsync()
    {
        await Eventually.BecomesTrueAsync(() => _process.HasExited || Output.Contains("curl", StringComparison.Ordinal), "the server is ready");
        Output.ShouldContain("curl", customMessage: Errors);
    }

    /// <summary>Waits for the process's end and its last output.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal: TERM, INT, KILL.</summary>
    public Task SignalAsync(string signal) => SignalAsync(signal, Id);

    public static async Task SignalAsync(string signal, int pid)
    {
        // The shell's own kill: a bare Debian has no program of that name.
        using var kill = Process.Start("sh", ["-c", "kill -s \"$1\" \"$2\"", "sh", signal, pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0);
    }

    /// <summary>A client with the token that was printed, or another one.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token ?? Token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
            await ExitAsync();
        }

        _process.Dispose();
    }

    private static bool IsSetting(string variable) =>
        variable.StartsWith("CONTACTS_", StringComparison.Ordinal) || variable.StartsWith("ConnectionStrings", StringComparison.Ordinal)
        || variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal);

    private static void Add(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    [GeneratedRegex(@"URL\s+(?<url>http\S+)\s+Token\s+(?<token>[0-9a-f]{40}|\()", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Printed();
}

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    /// <summary>Asks again until the answer is yes, for a minute at most.</summary>
    public static Task BecomesTrueAsync(Func<bool> condition, string what) => BecomesTrueAsync(() => Task.FromResult(condition()), what);

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(1), what);
            await Task.Delay(20);
        }
    }
}

/// <summary>PostgreSQL's own process, seen from outside.</summary>
internal static class PostgresProcess
{
    /// <summary>The process id of the PostgreSQL that runs on a data folder.</summary>
    public static int IdOf(string data) =>
        int.Parse(File.ReadLines(Path.Combine(data, "postgres", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Whether a process lives; one that has ended and waits to be collected does not.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
