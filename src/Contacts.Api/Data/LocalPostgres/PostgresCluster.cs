using System.Globalization;
using System.Security.Cryptography;
using Contacts.Operations;

namespace Contacts.Data.LocalPostgres;

/// <summary>PostgreSQL's files on disk: made on first use, configured at each start, tidied after a crash.</summary>
internal sealed class PostgresCluster
{
    /// <summary>The name of PostgreSQL's role and of the book's database.</summary>
    public const string Role = "contacts";

    private const string Settings = "contacts.conf";

    // PostgreSQL's memory, in MB: an eighth of the machine's, which leaves most of it to the server and to the system's own cache; from a machine of 1 GB on,
    // and no more than a book of some million contacts needs: each million takes 1.2 GB. It is taken as it is used.
    private const long LeastBuffers = 128;
    private const long MostBuffers = 4096;
    private const int BuffersShare = 8;

    private readonly LocalPostgresOptions _options;
    private readonly string _dataFolder;

    private PostgresCluster(LocalPostgresOptions options, string dataFolder, PostgresPrograms programs, PostgresAccount account)
    {
        _options = options;
        _dataFolder = dataFolder;
        Programs = programs;
        Account = account;
    }

    /// <summary>The programs that fit these files.</summary>
    public PostgresPrograms Programs { get; }

    /// <summary>Who the programs run as.</summary>
    public PostgresAccount Account { get; }

    /// <summary>The cluster's folder.</summary>
    public string Folder => FolderOf(_dataFolder);

    /// <summary>Where PostgreSQL writes its process id, port and state.</summary>
    public string PidFile => Path.Combine(Folder, "postmaster.pid");

    private string PasswordFile => Path.Combine(_dataFolder, "postgres.password");

    /// <summary>Finds the cluster in a data folder, or makes it.</summary>
    /// <exception cref="StartRefusedException">No fitting PostgreSQL, no fitting user, or <c>initdb</c> failed.</exception>
    public static async Task<PostgresCluster> OpenAsync(string dataFolder, LocalPostgresOptions options, CancellationToken cancellation)
    {
        var folder = FolderOf(dataFolder);
        var versionFile = Path.Combine(folder, "PG_VERSION");
        int? version = File.Exists(versionFile) ? int.Parse((await File.ReadAllTextAsync(versionFile, cancellation)).Trim(), CultureInfo.InvariantCulture) : null;
        var programs = PostgresPrograms.Find(version);
        var account = await PostgresAccount.ForAsync(folder, cancellation);
        var cluster = new PostgresCluster(options, dataFolder, programs, account);
        if (version is null)
            await cluster.CreateAsync(cancellation);
        return cluster;
    }

    /// <summary>The password of the loopback port, made when it is first asked for.</summary>
    public string Password()
    {
        if (!File.Exists(PasswordFile))
            PrivateFile.Write(PasswordFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)));
        return File.ReadAllText(PasswordFile);
    }

    /// <summary>Writes PostgreSQL's configuration, so that settings of a newer Contacts reach old data.</summary>
    /// <param name="socketFolder">The folder of the Unix socket; null listens on the loopback port instead.</param>
    /// <param name="port">The port, part of the socket's name too.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ConfigureAsync(string? socketFolder, int port, CancellationToken cancellation)
    {
        // Asked first: a configuration that names a file which is not there yet answers nothing.
        var compression = await FastestCompressionAsync(cancellation);
        await IncludeSettingsAsync(cancellation);
        var listen = socketFolder is null
            ? "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''"
            : $"listen_addresses = ''\nunix_socket_directories = '\"{socketFolder.Replace("'", "''", StringComparison.Ordinal)}\"'\nunix_socket_permissions = 0700";
        var durability = _options.Durable ? "" : "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off";
        await File.WriteAllTextAsync(Path.Combine(Folder, Settings), string.Create(CultureInfo.InvariantCulture, $"""
            # Written by Contacts at each start. Settings of your own: ALTER SYSTEM SET …, they win over this file.
            {listen}
            port = {port}
            max_connections = {_options.MaxConnections}
            shared_buffers = {BuffersOf(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}MB
            work_mem = 8MB
            maintenance_work_mem = 64MB
            max_wal_size = 1GB
            min_wal_size = 80MB
            wal_compression = {compression}
            random_page_cost = 1.1
            # Every statement here is short: compiling them costs more than it saves.
            jit = off
            timezone = 'UTC'
            datestyle = 'iso, ymd'
            lc_messages = 'C'
            # Statements and error texts hold people's names and numbers: only the server's own life is logged.
            log_min_messages = log
            log_min_error_statement = panic
            log_error_verbosity = terse
            log_checkpoints = off
            log_line_prefix = ''
            {durability}

            """), cancellation);
        await File.WriteAllTextAsync(Path.Combine(Folder, "pg_hba.conf"), socketFolder is null
            ? "host all all 127.0.0.1/32 scram-sha-256\n"
            : "# The socket's folder is private: whoever reaches it is the server's own user.\nlocal all all trust\n",
            cancellation);
        // Whatever we wrote, or an operator restored as root, PostgreSQL must be able to read.
        await Account.OwnAsync(Folder, cancellation);
    }

    /// <summary>
    /// Ends what a crash left: a server that survived ours is stopped in order, and traces that would stop a new one are removed.
    /// Safe because the caller holds the data folder.
    /// </summary>
    public async Task RecoverAsync(ILogger logger, CancellationToken cancellation)
    {
        if (await PidAsync(cancellation) is { } pid && IsRunningPostgres(pid))
        {
            logger.LogWarning("Stopping the PostgreSQL (process {Pid}) that an earlier server left behind", pid);
            if (!await StopAsync("fast", TimeSpan.FromSeconds(20), cancellation))
                await StopAsync("immediate", TimeSpan.FromSeconds(10), cancellation);
        }

        await DisownAsync(cancellation);
        foreach (var socket in Directory.GetFiles(Folder, ".s.PGSQL.*"))
            File.Delete(socket);
    }

    /// <summary>Asks PostgreSQL to stop and waits for it; false when it did not within the time.</summary>
    /// <remarks>The mode <c>fast</c> ends sessions and writes a checkpoint, <c>immediate</c> leaves recovery to the next start.</remarks>
    public async Task<bool> StopAsync(string mode, TimeSpan patience, CancellationToken cancellation)
    {
        var seconds = ((int)patience.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var stop = Account.Command(Programs.PgCtl, ["stop", "-s", "-w", "-D", Folder, "-m", mode, "-t", seconds]);
        return (await PostgresAccount.RunAsync(stop, cancellation)).ExitCode == 0;
    }

    private async Task<int?> PidAsync(CancellationToken cancellation) =>
        File.Exists(PidFile)
        && (await File.ReadAllLinesAsync(PidFile, cancellation)) is [var first, ..]
        && int.TryParse(first, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>Ours come last in the configuration that <c>initdb</c> fitted to the machine.</summary>
    private async Task IncludeSettingsAsync(CancellationToken cancellation)
    {
        var main = Path.Combine(Folder, "postgresql.conf");
        const string include = $"include '{Settings}'";
        if (!(await File.ReadAllTextAsync(main, cancellation)).Contains(include, StringComparison.Ordinal))
            await File.AppendAllTextAsync(main, $"\n{include}\n", cancellation);
    }

    /// <summary>
    /// After a checkpoint every page that changes is written to the log whole. <c>lz4</c> makes it small in a fraction of the time of PostgreSQL's own way; it came
    /// with version 15, and not every build has it.
    /// </summary>
    private async Task<string> FastestCompressionAsync(CancellationToken cancellation)
    {
        var question = Account.Command(Programs.Postgres, ["-C", "wal_compression", "-c", "wal_compression=lz4", "-D", Folder]);
        return (await PostgresAccount.RunAsync(question, cancellation)).ExitCode == 0 ? "lz4" : "on";
    }

    private static long BuffersOf(long memory) => Math.Clamp(memory / BuffersShare / (1024 * 1024), LeastBuffers, MostBuffers);

    private static string FolderOf(string dataFolder) => Path.Combine(dataFolder, "postgres");

    /// <summary>
    /// PostgreSQL takes a stale pid file for a running server when its number lives on as another process or as a zombie. It always
    /// ignores its own parent's number, and still reads the shared memory's key in the file, which tells of surviving sessions.
    /// </summary>
    private async Task DisownAsync(CancellationToken cancellation)
    {
        if (await PidAsync(cancellation) is null)
            return;
        // Seven lines: the eighth would tell us that the ended server is ready.
        var lines = (await File.ReadAllLinesAsync(PidFile, cancellation)).Take(7).ToArray();
        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(PidFile, lines, cancellation);
    }

    private static bool IsRunningPostgres(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // "123 (postgres) S …": the state Z is a process that has ended and that nobody has collected yet.
                var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
                return stat.Contains("(postgres) ", StringComparison.Ordinal) && !stat.Contains("(postgres) Z", StringComparison.Ordinal);
            }

            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Makes the cluster beside its place and moves it there when it is whole, so that an interrupted start leaves no half.</summary>
    private async Task CreateAsync(CancellationToken cancellation)
    {
        var draft = Folder + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        var result = await InitDbAsync(draft, OperatingSystem.IsLinux() ? "C.UTF-8" : "C", cancellation);
        if (result.ExitCode != 0 && result.Output.Contains("invalid locale", StringComparison.Ordinal))
            result = await InitDbAsync(draft, "C", cancellation);
        if (result.ExitCode != 0)
            throw new StartRefusedException($"PostgreSQL's initdb could not make a database in {Folder}:\n{result.Output}");
        Directory.Move(draft, Folder);
    }

    private async Task<(int ExitCode, string Output)> InitDbAsync(string folder, string locale, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Account.OwnAsync(folder, cancellation);
        List<string> arguments = ["-D", folder, "-U", Role, "--encoding=UTF8", $"--locale={locale}", "--auth=trust"];
        if (!_options.Durable)
            arguments.Add("--no-sync");
        if (!_options.Loopback)
            return await PostgresAccount.RunAsync(Account.Command(Programs.InitDb, arguments), cancellation);

        var password = folder + ".password";
        PrivateFile.Write(password, Password());
        await Account.OwnAsync(password, cancellation);
        var result = await PostgresAccount.RunAsync(Account.Command(Programs.InitDb, [.. arguments, "--pwfile", password]), cancellation);
        File.Delete(password);
        return result;
    }
}
