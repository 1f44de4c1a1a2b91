using System.Diagnostics;
using System.Globalization;
using Contacts.Operations;

namespace Contacts.Data.LocalPostgres;

/// <summary>
/// Who PostgreSQL's programs run as. PostgreSQL refuses root, so under root they run as the owner of the data, or as
/// <c>postgres</c> or <c>nobody</c> when the data is new; otherwise as whoever runs the server.
/// </summary>
internal sealed class PostgresAccount
{
    private readonly string[] _prefix;
    private readonly string[] _childPrefix;

    private PostgresAccount(string? owner, string[] prefix, string[] childPrefix)
    {
        Owner = owner;
        _prefix = prefix;
        _childPrefix = childPrefix;
    }

    /// <summary>The owner for <c>chown</c> as <c>uid:gid</c>; null when the programs run as ourselves.</summary>
    public string? Owner { get; }

    /// <summary>Chooses the account for a cluster's folder, which may not exist yet.</summary>
    /// <exception cref="StartRefusedException">We are root and no other account, or no way to become it, is there.</exception>
    public static async Task<PostgresAccount> ForAsync(string folder, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new PostgresAccount(null, [], ChildPrefix(null));
        if (!OperatingSystem.IsLinux())
            throw new StartRefusedException("PostgreSQL refuses to run as root: start Contacts as an ordinary user.");

        var (user, owner) = await OwnerAsync(folder, cancellation) ?? FirstKnown("postgres") ?? FirstKnown("nobody")
            ?? throw new StartRefusedException("PostgreSQL refuses to run as root, and neither user postgres nor nobody exists: start Contacts as an ordinary user.");
        if (OnPath("setpriv") is { } setpriv && Knows(setpriv, "--pdeathsig"))
            return await WithSetprivAsync(setpriv, owner, folder, cancellation);

        string[] prefix = OnPath("runuser") is { } runuser ? [runuser, "-u", user, "--"] : ["su", "-s", "/bin/sh", user, "-c", "exec \"$@\"", "--", "sh"];
        var account = new PostgresAccount(owner, prefix, ChildPrefix(prefix));
        return await account.ReachesAsync(folder, cancellation) ? account : throw Unreachable(folder, user);
    }

    /// <summary>A command of PostgreSQL's as this account: a start-and-wait one, or the server itself when <paramref name="child"/>.</summary>
    public ProcessStartInfo Command(string program, IEnumerable<string> arguments, bool child = false)
    {
        string[] line = [.. child ? _childPrefix : _prefix, program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };
        // Settings for psql and friends in the caller's environment must not steer our server.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        return start;
    }

    /// <summary>Gives a file or folder to the account, when it is not ours anyway.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellation)
    {
        if (Owner is not null)
            await RunAsync(new ProcessStartInfo("chown", ["-R", Owner, path]), cancellation);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>The exit code and what was written to both outputs.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, (await output + await errors).Trim());
    }

    private static async Task<PostgresAccount> WithSetprivAsync(string setpriv, string owner, string folder, CancellationToken cancellation)
    {
        // A folder inside /root or another private one cannot be reached by another user. Rather than change permissions of folders
        // that are not ours, PostgreSQL keeps just the right to pass through them; containers without that right mostly have the second.
        string?[] rights = [null, "dac_read_search", "dac_override"];
        foreach (var right in rights)
        {
            string[] kept = right is null ? [] : [$"--inh-caps=-all,+{right}", $"--ambient-caps=-all,+{right}"];
            string[] prefix = [.. Drop(setpriv, owner), .. kept];
            var account = new PostgresAccount(owner, prefix, ChildPrefix([.. prefix, "--pdeathsig", "INT"]));
            if (await account.ReachesAsync(folder, cancellation))
                return account;
        }

        throw Unreachable(folder, $"with the id {owner}");
    }

    /// <summary>In front of the server itself: a session of its own, so that Ctrl+C in the terminal reaches only us and we stop it in order.</summary>
    private static string[] ChildPrefix(string[]? dropped)
    {
        if (!OperatingSystem.IsLinux() || OnPath("setsid") is not { } setsid)
            return dropped ?? [];
        // The signal on our death stops PostgreSQL even after kill -9 (fast shutdown); the small setpriv of some systems lacks it.
        var own = dropped ?? (OnPath("setpriv") is { } setpriv && Knows(setpriv, "--pdeathsig") ? [setpriv, "--pdeathsig", "INT"] : []);
        return [setsid, .. own];
    }

    private static string[] Drop(string setpriv, string owner)
    {
        var ids = owner.Split(':');
        return [setpriv, "--reuid", ids[0], "--regid", ids[1], "--clear-groups"];
    }

    private static bool Knows(string program, string option)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--help") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
        var help = process!.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return help.Contains(option, StringComparison.Ordinal);
    }

    /// <summary>Whether the account can step into the folder: asked of the system, which knows all its rules.</summary>
    private async Task<bool> ReachesAsync(string folder, CancellationToken cancellation)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing) ?? "/";
        return (await RunAsync(Command("/bin/sh", ["-c", "cd \"$1\"", "sh", existing]), cancellation)).ExitCode == 0;
    }

    private static StartRefusedException Unreachable(string folder, string user) =>
        new($"PostgreSQL refuses to run as root, and the user {user} it would run as cannot reach {folder}. "
            + "Choose a folder that every user can reach (--data /var/lib/contacts), or start Contacts as an ordinary user.");

    /// <summary>The owner of an existing cluster; null when there is none or it is root's.</summary>
    private static async Task<(string User, string Owner)?> OwnerAsync(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            return null;
        var (code, output) = await RunAsync(new ProcessStartInfo("stat", ["-c", "%U %u:%g", folder]), cancellation);
        var words = output.Split(' ');
        return code != 0 || words.Length != 2 || words[1].StartsWith("0:", StringComparison.Ordinal) ? null : (words[0], words[1]);
    }

    private static (string User, string Owner)? FirstKnown(string user)
    {
        var entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 3 && string.Equals(parts[0], user, StringComparison.Ordinal));
        return entry is null ? null : (user, string.Create(CultureInfo.InvariantCulture, $"{entry[2]}:{entry[3]}"));
    }

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(["/usr/bin", "/bin", "/usr/sbin", "/sbin"])
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
