using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Contacts.Data.LocalPostgres;
using Contacts.Tests.Operations;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>Two clusters on this machine, a primary and its synchronous standby, as <c>docs/scaling.md</c> sets them up.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PostgresAccount _account;
    private readonly PostgresPrograms _programs;
    private readonly int[] _ports = [FreePort(), FreePort()];

    private PostgresPair(string folder, PostgresAccount account, PostgresPrograms programs) => (_folder, _account, _programs) = (folder, account, programs);

    /// <summary>Both hosts; the server looks for the one that takes writes.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1:{_ports[0]},127.0.0.1:{_ports[1]};Username=contacts;Database=contacts;Target Session Attributes=primary");

    /// <summary>One of them alone.</summary>
    public string ConnectionStringOf(int which) => $"Host=127.0.0.1:{Text(_ports[which])};Username=contacts;Database=contacts";

    /// <summary>Starts both, with an empty database of the name contacts.</summary>
    public static async Task<PostgresPair> StartAsync(string folder)
    {
        var account = await PostgresAccount.ForAsync(folder, CancellationToken.None);
        await account.OwnAsync(folder, CancellationToken.None);
        var pair = new PostgresPair(folder, account, PostgresPrograms.Find(null));
        await pair.MakePrimaryAsync();
        await pair.MakeStandbyAsync(0, 1);
        return pair;
    }

    /// <summary>Kills the primary's postmaster.</summary>
    public Task KillAsync(int which) => ContactsProcess.SignalAsync("KILL", IdOf(which));

    /// <summary>Stops a server's postmaster and all it does, without anybody being told, as when its machine froze.</summary>
    public async Task FreezeAsync(int which)
    {
        foreach (var process in await ProcessesAsync(which))
            await ContactsProcess.SignalAsync("STOP", process);
    }

    /// <summary>Makes a standby the primary, and waits until it is.</summary>
    public Task PromoteAsync(int which) => RunAsync(_programs.PgCtl, "promote", "-s", "-w", "-D", FolderOf(which));

    /// <summary>Makes a dead server the synchronous standby of the other one.</summary>
    public async Task MakeStandbyAsync(int primary, int standby)
    {
        if (Directory.Exists(FolderOf(standby)))
            Directory.Delete(FolderOf(standby), recursive: true);
        await RunAsync(Beside("pg_basebackup"), "-h", "127.0.0.1", "-p", Text(_ports[primary]), "-U", "contacts", "-D", FolderOf(standby), "-R", "-X", "stream", "-c", "fast");
        await StartAsync(standby);
        await ExecuteAsync(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await ExecuteAsync(primary, "SELECT pg_reload_conf()");
        await Eventually.BecomesTrueAsync(
            async () => await AskAsync(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1, "the standby follows synchronously");
    }

    public async ValueTask DisposeAsync()
    {
        for (var which = 0; which < _ports.Length; which++)
        {
            if (!File.Exists(PidFileOf(which)) || !PostgresProcess.IsAlive(IdOf(which)))
                continue;
            foreach (var process in await ProcessesAsync(which))
                await ContactsProcess.SignalAsync("CONT", process);
            await PostgresAccount.RunAsync(_account.Command(_programs.PgCtl, ["stop", "-s", "-m", "immediate", "-D", FolderOf(which)]), CancellationToken.None);
        }
    }

    private async Task MakePrimaryAsync()
    {
        var make = _account.Command(_programs.InitDb, ["-D", FolderOf(0), "-U", "contacts", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync"]);
        var (code, output) = await PostgresAccount.RunAsync(make, CancellationToken.None);
        code.ShouldBe(0, output);
        await StartAsync(0);
        await ExecuteAsync(0, "CREATE DATABASE contacts");
    }

    private Task StartAsync(int which) => RunAsync(
        _programs.PgCtl, "start", "-s", "-w", "-D", FolderOf(which), "-l", FolderOf(which) + ".log",
        "-o", $"-c listen_addresses=127.0.0.1 -c port={Text(_ports[which])} -c unix_socket_directories= -c wal_level=replica -c max_connections=100");

    private async Task RunAsync(string program, params string[] arguments)
    {
        // The server that pg_ctl starts inherits its outputs: reading them to their end would wait for its end.
        var start = _account.Command(program, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        using var process = System.Diagnostics.Process.Start(start).ShouldNotBeNull();
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }

    private async Task<List<int>> ProcessesAsync(int which)
    {
        var postmaster = IdOf(which);
        var (_, children) = await PostgresAccount.RunAsync(new System.Diagnostics.ProcessStartInfo("ps", ["-o", "pid=", "--ppid", Text(postmaster)]), CancellationToken.None);
        return [postmaster, .. children.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>Has a server do something.</summary>
    public async Task ExecuteAsync(int which, string sql) => await WithAsync(which, sql, async command => await command.ExecuteNonQueryAsync());

    private async Task<long> AskAsync(int which, string sql) => await WithAsync(which, sql, async command => (long)(await command.ExecuteScalarAsync())!);

    private async Task<T> WithAsync<T>(int which, string sql, Func<NpgsqlCommand, Task<T>> action)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Text(_ports[which])};Username=contacts;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await action(command);
    }

    private string FolderOf(int which) => Path.Combine(_folder, which == 0 ? "first" : "second");

    private string PidFileOf(int which) => Path.Combine(FolderOf(which), "postmaster.pid");

    private int IdOf(int which) => int.Parse(File.ReadLines(PidFileOf(which)).First(), CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A program of the same installation: PATH may hold links to some of them alone.</summary>
    private string Beside(string name)
    {
        var program = File.ResolveLinkTarget(_programs.PgCtl, returnFinalTarget: true)?.FullName ?? _programs.PgCtl;
        return Path.Combine(Path.GetDirectoryName(program)!, name);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
