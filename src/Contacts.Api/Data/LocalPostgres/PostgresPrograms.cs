using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Contacts.Operations;

namespace Contacts.Data.LocalPostgres;

/// <summary>The programs of one PostgreSQL installation on this machine.</summary>
/// <param name="Folder">The folder that holds <c>initdb</c>, <c>postgres</c> and <c>pg_ctl</c>.</param>
/// <param name="Version">Their major version, e.g. 15.</param>
internal sealed partial record PostgresPrograms(string Folder, int Version)
{
    private const int OldestVersion = 14;

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>Where installers put the programs; <c>*</c> stands for the version.</summary>
    private static readonly string[] UsualFolders =
    [
        "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
        "/usr/pgsql-*/bin", // PGDG's packages on Red Hat and its kin
        "/usr/libexec/postgresql*", // Alpine
        "/usr/local/pgsql/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
        @"C:\Program Files\PostgreSQL\*\bin",
    ];

    /// <summary>The path of <c>initdb</c>, which makes a cluster.</summary>
    public string InitDb => Path.Combine(Folder, "initdb" + Suffix);

    /// <summary>The path of <c>postgres</c>, the server.</summary>
    public string Postgres => Path.Combine(Folder, "postgres" + Suffix);

    /// <summary>The path of <c>pg_ctl</c>, which stops a server.</summary>
    public string PgCtl => Path.Combine(Folder, "pg_ctl" + Suffix);

    /// <summary>Finds the programs on PATH, then in the usual folders, the newest first.</summary>
    /// <param name="dataVersion">The version that made the existing data, null for new data: only the same major version can open it.</param>
    /// <exception cref="StartRefusedException">No fitting PostgreSQL is installed.</exception>
    public static PostgresPrograms Find(int? dataVersion)
    {
        var found = new List<int>();
        foreach (var folder in PathFolders().Concat(UsualFolders.SelectMany(Expand)))
        {
            if (VersionOf(folder) is not { } version)
                continue;
            if (dataVersion is null ? version >= OldestVersion : version == dataVersion)
                return new PostgresPrograms(folder, version);
            found.Add(version);
        }

        throw new StartRefusedException(Missing(dataVersion, found));
    }

    /// <summary>Finds a client program that understands a server: of the same major version, or a newer one.</summary>
    /// <param name="program">Its name: <c>pg_dump</c>, <c>pg_restore</c>.</param>
    /// <param name="serverVersion">The server's major version.</param>
    /// <exception cref="StartRefusedException">None is installed.</exception>
    public static string FindClient(string program, int serverVersion) =>
        PathFolders().Concat(UsualFolders.SelectMany(Expand)).Select(folder => Path.Combine(folder, program + Suffix))
            .FirstOrDefault(path => File.Exists(path) && MajorVersionOf(path) >= serverVersion)
        ?? throw new StartRefusedException(
            $"{program} of PostgreSQL {serverVersion} or later is not on this machine. Install it ({InstallCommand(serverVersion, "postgresql-client")}), or run it where the database is.");

    private static string Missing(int? dataVersion, List<int> found)
    {
        var versions = string.Join(", ", found.Distinct().Select(v => v.ToString(CultureInfo.InvariantCulture)));
        var wrong = versions.Length > 0 ? $" (found: version {versions})" : "";
        var what = dataVersion is { } version
            ? $"This data folder was made by PostgreSQL {version}, and that version's programs are not on this machine{wrong}."
            : $"PostgreSQL {OldestVersion} or later is not installed on this machine{wrong}.";
        return $"""
            {what} There are three ways on:
              1. install PostgreSQL:  {InstallCommand(dataVersion)}
              2. use a PostgreSQL that runs elsewhere:  ConnectionStrings__Contacts="Host=…;Database=…;Username=…;Password=…"
              3. run everything in containers:  docker compose up
            """;
    }

    private static string InstallCommand(int? version, string package = "postgresql")
    {
        if (OperatingSystem.IsMacOS())
            return $"brew install postgresql@{version ?? 17}";
        if (OperatingSystem.IsWindows())
            return $"winget install PostgreSQL.PostgreSQL.{version ?? 17}";
        return version is null ? $"sudo apt-get install {package}" : $"sudo apt-get install {package}-{version}";
    }

    private static string[] PathFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The folders that fit a pattern with one <c>*</c>, the highest version first.</summary>
    private static IEnumerable<string> Expand(string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return [pattern];
        var start = pattern.LastIndexOfAny(['/', '\\'], star);
        var end = pattern.IndexOfAny(['/', '\\'], star);
        var (parent, name) = (pattern[..start], end < 0 ? pattern[(start + 1)..] : pattern[(start + 1)..end]);
        var rest = end < 0 ? "" : pattern[(end + 1)..];
        return !Directory.Exists(parent)
            ? []
            : Directory.GetDirectories(parent, name).OrderByDescending(NumberIn).Select(folder => Path.Combine(folder, rest));
    }

    private static int NumberIn(string folder) =>
        int.TryParse(Digits().Match(Path.GetFileName(folder)).Value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The major version of the programs in a folder; null when one of the three is missing.</summary>
    private static int? VersionOf(string folder)
    {
        var programs = new PostgresPrograms(folder, 0);
        if (!File.Exists(programs.InitDb) || !File.Exists(programs.Postgres) || !File.Exists(programs.PgCtl))
            return null;
        return MajorVersionOf(programs.Postgres);
    }

    private static int? MajorVersionOf(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, UseShellExecute = false });
        var version = Digits().Match(process!.StandardOutput.ReadToEnd()).Value;
        process.WaitForExit();
        return int.TryParse(version, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}
