using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Contacts.Data.LocalPostgres;
using Contacts.Tests.Data;
using Contacts.Tests.Operations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>A PostgreSQL of a test's own that writes every statement down, with the values of its parameters. Nothing that a library does behind our backs is missed.</summary>
internal sealed partial class StatementLog : ILogger, IAsyncDisposable
{
    private const string Mark = "the log is read up to here";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "contacts-tests-" + Guid.NewGuid().ToString("N"));
    private readonly List<string> _lines = [];
    private LocalPostgres? _postgres;

    /// <summary>Starts one.</summary>
    public static async Task<StatementLog> StartAsync()
    {
        var log = new StatementLog();
        var options = new LocalPostgresOptions { DataFolder = log._folder, Durable = false };
        log._postgres = await LocalPostgres.StartAsync(options, log, CancellationToken.None);
        foreach (var setting in new[] { "log_statement = 'all'", "log_error_verbosity = 'default'", "log_line_prefix = '%d %a|'" })
            await log.ExecuteAsync("postgres", "ALTER SYSTEM SET " + setting);
        await log.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        await Eventually.BecomesTrueAsync(async () => await log.ExecuteAsync("postgres", "SHOW log_statement") is "all", "statements are logged");
        return log;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    /// <summary>Runs a statement of the test's own, which is no server's.</summary>
    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionTo(database)) { ApplicationName = "test", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The statements that servers sent to a database so far, each as often as it was sent.</summary>
    public async Task<List<LoggedStatement>> ReadAsync(string database)
    {
        var mark = Mark + Guid.NewGuid().ToString("N");
        await ExecuteAsync(database, $"SELECT '{mark}'");
        await Eventually.BecomesTrueAsync(() => Lines().Exists(line => line.Contains(mark, StringComparison.Ordinal)), "the log is read to its end");
        return [.. Entries(Lines(), database + " contacts|")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> values && values.FirstOrDefault(value => value.Key == "Line").Value is string line)
        {
            lock (_lines)
                _lines.Add(line);
        }
    }

    /// <summary>An entry is its first line and those that a tab sets off; the values of the parameters are an entry of their own.</summary>
    private static IEnumerable<LoggedStatement> Entries(List<string> lines, string prefix)
    {
        LoggedStatement? last = null;
        foreach (var entry in Join(lines).Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (Values().Match(entry) is { Success: true } values && last is not null)
                last = last with { Parameters = [.. Value().Matches(values.Groups["values"].Value).Select(value => value.Groups["text"].Value)] };
            if (Statement().Match(entry) is not { Success: true } statement)
                continue;
            if (last is not null)
                yield return last;
            last = new LoggedStatement(statement.Groups["sql"].Value);
        }

        if (last is not null)
            yield return last;
    }

    private static IEnumerable<string> Join(List<string> lines)
    {
        var entry = new StringBuilder();
        foreach (var line in lines)
        {
            if (line.StartsWith('\t'))
            {
                entry.Append(CultureInfo.InvariantCulture, $"\n{line.AsSpan(1)}");
                continue;
            }

            yield return entry.ToString();
            entry.Clear().Append(line);
        }

        yield return entry.ToString();
    }

    private List<string> Lines()
    {
        lock (_lines)
            return [.. _lines];
    }

    private string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder(_postgres!.ConnectionString) { Database = database }.ConnectionString;

    [GeneratedRegex(@"^[^|]*\|LOG:  (statement|execute [^:]+): (?<sql>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statement();

    [GeneratedRegex(@"^[^|]*\|DETAIL:  [Pp]arameters: (?<values>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Values();

    [GeneratedRegex(@"\$\d+ = (NULL|'(?<text>([^']|'')*)')", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Value();
}
