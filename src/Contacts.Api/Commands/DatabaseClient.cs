using System.Diagnostics;
using System.Globalization;
using Contacts.Data.LocalPostgres;
using Contacts.Operations;
using Npgsql;

namespace Contacts.Commands;

/// <summary>PostgreSQL's own client programs, run against the book's database. The password goes by the environment, where no other user reads it.</summary>
/// <param name="connectionString">How to reach the database.</param>
internal sealed class DatabaseClient(string connectionString)
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(5);

    /// <summary>Asks the database one thing.</summary>
    /// <exception cref="StartRefusedException">It can't be reached.</exception>
    public async Task<T> AskAsync<T>(string sql, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            return (T)(await command.ExecuteScalarAsync(cancellation) ?? throw new InvalidOperationException($"No answer: {sql}"));
        }
        catch (NpgsqlException e)
        {
            throw ServerSettings.DatabaseUnusable(e);
        }
    }

    /// <summary>Runs a program to its end, telling every few seconds that it goes on; it ends with us.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments; how to reach the database needs none.</param>
    /// <param name="progress">What to tell meanwhile.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StartRefusedException">It is not installed, or it failed; the message is its own.</exception>
    public async Task RunAsync(string program, IEnumerable<string> arguments, Func<string> progress, CancellationToken cancellation)
    {
        var version = await AskAsync<int>("SELECT current_setting('server_version_num')::int / 10000", cancellation);
        var start = new ProcessStartInfo(PostgresPrograms.FindClient(program, version), arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in Surroundings().Where(pair => !string.IsNullOrEmpty(pair.Value)))
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await WaitAsync(process, progress, cancellation);
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            throw new StartRefusedException($"{program} was ended.", e);
        }

        if (process.ExitCode != 0)
            throw new StartRefusedException((await errors).Trim());
    }

    private static async Task WaitAsync(Process process, Func<string> progress, CancellationToken cancellation)
    {
        var end = process.WaitForExitAsync(cancellation);
        while (await Task.WhenAny(end, Task.Delay(BetweenWords, cancellation)) != end)
        {
            cancellation.ThrowIfCancellationRequested();
            await System.Console.Error.WriteLineAsync(progress());
        }

        await end;
    }

    /// <summary>The connection string as libpq's environment. Hosts may carry ports of their own, as Npgsql allows.</summary>
    private Dictionary<string, string?> Surroundings()
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var port = database.Port.ToString(CultureInfo.InvariantCulture);
        var hosts = (database.Host ?? string.Empty).Split(',').Select(host => HostOf(host.Trim(), port)).ToArray();
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PGHOST"] = string.Join(',', hosts.Select(host => host.Name)),
            ["PGPORT"] = string.Join(',', hosts.Select(host => host.Port)),
            ["PGTARGETSESSIONATTRS"] = hosts.Length > 1 ? "read-write" : null,
            ["PGDATABASE"] = database.Database ?? database.Username,
            ["PGUSER"] = database.Username,
            ["PGPASSWORD"] = database.Password,
            ["PGPASSFILE"] = database.Passfile,
            ["PGSSLMODE"] = database.SslMode switch { SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", var mode => mode.ToString().ToLowerInvariant() },
            ["PGSSLROOTCERT"] = database.RootCertificate,
            ["PGSSLCERT"] = database.SslCertificate,
            ["PGSSLKEY"] = database.SslKey,
        };
    }

    private static (string Name, string Port) HostOf(string host, string usualPort)
    {
        // A path is a socket's folder; an IPv6 address with a port stands in brackets.
        if (host.StartsWith('/') || host.LastIndexOf(':') is var colon && (colon < 0 || (host.Count(letter => letter == ':') > 1 && !host.Contains("]:", StringComparison.Ordinal))))
            return (host.Trim('[', ']'), usualPort);
        return (host[..colon].Trim('[', ']'), host[(colon + 1)..]);
    }
}
