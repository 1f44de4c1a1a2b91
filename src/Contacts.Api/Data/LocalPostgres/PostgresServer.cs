using System.Diagnostics;

namespace Contacts.Data.LocalPostgres;

/// <summary>
/// The running <c>postgres</c>. On Linux it is our child; elsewhere <c>pg_ctl</c> starts it, which takes it out of the terminal's
/// Ctrl+C (and, on Windows, lowers an administrator's rights).
/// </summary>
internal sealed class PostgresServer
{
    private const int KeptLines = 20;

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _lastLines = new();
    private Process? _process;

    /// <summary>Completes when the process has ended; never for a server that <c>pg_ctl</c> started.</summary>
    public Task Exited => _exited.Task;

    /// <summary>What PostgreSQL wrote last: the reason when it did not start.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
                return string.Join('\n', _lastLines);
        }
    }

    /// <summary>Starts the server as our child and returns when the process runs, which is before it takes connections.</summary>
    public static async Task<PostgresServer> StartChildAsync(PostgresCluster cluster, ILogger logger)
    {
        var server = new PostgresServer();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The signal that PostgreSQL gets on our death is bound to the thread that started it, so that thread lives as long as PostgreSQL.
        var thread = new Thread(() => server.RunChild(cluster.Account.Command(cluster.Programs.Postgres, ["-D", cluster.Folder], child: true), started, logger))
        {
            IsBackground = true,
            Name = "postgres",
        };
        thread.Start();
        await started.Task;
        return server;
    }

    /// <summary>Starts the server through <c>pg_ctl</c>, which returns when it is ready or has failed.</summary>
    public static async Task<PostgresServer> StartDetachedAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        var server = new PostgresServer();
        var log = Path.Combine(cluster.Folder, "server.log");
        var command = cluster.Account.Command(cluster.Programs.PgCtl, ["start", "-s", "-w", "-D", cluster.Folder, "-l", log]);
        // The server inherits these, so reading them to their end would wait for its end.
        command.RedirectStandardOutput = command.RedirectStandardError = false;
        command.CreateNoWindow = true;
        using var process = Process.Start(command) ?? throw new InvalidOperationException("pg_ctl did not start");
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == 0)
            return server;
        foreach (var line in File.Exists(log) ? (await File.ReadAllLinesAsync(log, cancellation)).TakeLast(KeptLines) : [])
            server.Keep(line);
        server._exited.SetResult();
        return server;
    }

    /// <summary>Ends the process at once, when it does not answer to anything else.</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    private void RunChild(ProcessStartInfo command, TaskCompletionSource started, ILogger logger)
    {
        try
        {
            command.RedirectStandardOutput = false;
            _process = Process.Start(command);
            _process!.StandardInput.Close();
            started.SetResult();
        }
        catch (Exception e)
        {
            started.SetException(e);
            return;
        }

        while (_process.StandardError.ReadLine() is { } line)
        {
            Keep(line);
            var level = line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("PANIC", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Debug;
            logger.Log(level, "PostgreSQL: {Line}", line);
        }

        _process.WaitForExit();
        _exited.SetResult();
    }

    private void Keep(string line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines)
                _lastLines.Dequeue();
        }
    }
}
