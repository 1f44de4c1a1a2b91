using Contacts.Data;
using Contacts.Data.LocalPostgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>
/// The one PostgreSQL of a test run: the server that <c>CONTACTS_TEST_POSTGRES</c> points to (its user must be allowed to make databases),
/// or a private one that ends with the run. Holds a migrated database that each test class gets a copy of.
/// </summary>
public sealed class TestPostgres
{
    private static readonly Lazy<Task<TestPostgres>> Running = new(StartAsync);

    private readonly string _server;
    private readonly LocalPostgres? _local;
    private readonly string _template = "contacts_template_" + Guid.NewGuid().ToString("N");

    private TestPostgres(string server, LocalPostgres? local) =>
        (_server, _local) = (new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString, local);

    /// <summary>An empty, migrated database of its own.</summary>
    /// <returns>Its connection string; <see cref="DropAsync"/> removes it.</returns>
    public static async Task<string> CreateDatabaseAsync()
    {
        var postgres = await Running.Value;
        return await postgres.CreateDatabaseAsync(postgres._template);
    }

    /// <summary>A database with nothing in it, not even tables.</summary>
    /// <returns>Its connection string; <see cref="DropAsync"/> removes it.</returns>
    public static async Task<string> CreateEmptyDatabaseAsync() => await (await Running.Value).CreateDatabaseAsync("template1");

    /// <summary>A connection string of the server itself, for tests that make their own databases.</summary>
    public static async Task<string> ServerAsync() => (await Running.Value)._server;

    /// <summary>Removes a database, whoever is still connected.</summary>
    public static async Task DropAsync(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await (await Running.Value).ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    /// <summary>Called by <see cref="TestRun"/> after the last test: leaves nothing behind, on a server that was given either.</summary>
    internal static async Task EndAsync()
    {
        if (!Running.IsValueCreated)
            return;
        var postgres = await Running.Value;
        if (postgres._local is null)
            await DropAsync(postgres.Template);
        else
            await postgres._local.DisposeAsync();
        if (Directory.Exists(PrivateFolder))
            Directory.Delete(PrivateFolder, recursive: true);
    }

    private static string PrivateFolder { get; } = Path.Combine(Path.GetTempPath(), "contacts-tests-" + Guid.NewGuid().ToString("N"));

    private static async Task<TestPostgres> StartAsync()
    {
        var postgres = Environment.GetEnvironmentVariable("CONTACTS_TEST_POSTGRES") is { Length: > 0 } given
            ? new TestPostgres(given, null)
            : await StartPrivateAsync();
        await postgres.ExecuteAsync($"CREATE DATABASE {postgres._template}");
        await using var db = new ContactsDb(new DbContextOptionsBuilder<ContactsDb>().UseNpgsql(postgres.Template).Options);
        await db.Database.MigrateAsync();
        return postgres;
    }

    private static async Task<TestPostgres> StartPrivateAsync()
    {
        var options = new LocalPostgresOptions { DataFolder = PrivateFolder, Durable = false, MaxConnections = 200 };
        var local = await LocalPostgres.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        return new TestPostgres(local.ConnectionString, local);
    }

    private string Template => new NpgsqlConnectionStringBuilder(_server) { Database = _template }.ConnectionString;

    private async Task<string> CreateDatabaseAsync(string template)
    {
        var name = "contacts_test_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return new NpgsqlConnectionStringBuilder(_server) { Database = name, Pooling = true, MaxPoolSize = 20 }.ConnectionString;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
