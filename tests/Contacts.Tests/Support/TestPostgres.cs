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
    private readonly string _template = "contacts_template_" + Guid.NewGuid().ToString("N");

    private TestPostgres(string server) => _server = server;

    /// <summary>An empty, migrated database of its own.</summary>
    /// <returns>Its connection string; <see cref="DropAsync"/> removes it.</returns>
    public static async Task<string> CreateDatabaseAsync()
    {
        var postgres = await Running.Value;
        var name = "contacts_test_" + Guid.NewGuid().ToString("N");
        await postgres.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {postgres._template}");
        return new NpgsqlConnectionStringBuilder(postgres._server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
    }

    /// <summary>A connection string of the server itself, for tests that make their own databases.</summary>
    public static async Task<string> ServerAsync() => (await Running.Value)._server;

    /// <summary>Removes a database, whoever is still connected.</summary>
    public static async Task DropAsync(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await (await Running.Value).ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    private static async Task<TestPostgres> StartAsync()
    {
        var given = Environment.GetEnvironmentVariable("CONTACTS_TEST_POSTGRES");
        var server = string.IsNullOrEmpty(given) ? await StartPrivateAsync() : given;
        var postgres = new TestPostgres(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await postgres.ExecuteAsync($"CREATE DATABASE {postgres._template}");
        if (server == given)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAsync(postgres.Template).GetAwaiter().GetResult();
        var options = new DbContextOptionsBuilder<ContactsDb>().UseNpgsql(postgres.Template).Options;
        await using var db = new ContactsDb(options);
        await db.Database.MigrateAsync();
        return postgres;
    }

    /// <summary>A private server takes its databases along when it ends.</summary>
    private static async Task<string> StartPrivateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("contacts-tests-").FullName;
        var options = new LocalPostgresOptions { DataFolder = folder, Durable = false, MaxConnections = 200 };
        var local = await LocalPostgres.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            local.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        return local.ConnectionString;
    }

    private string Template => new NpgsqlConnectionStringBuilder(_server) { Database = _template }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
