using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.Tests.Data;

/// <summary>
/// Every statement that the server sends keeps the rules of sharding: the contract's cases, the management API and all background work run against a
/// PostgreSQL that writes statements down, and each is held against <see cref="ShardingRules"/>.
/// </summary>
[Trait("Needs", "PostgresPrograms")]
public sealed class ShardingTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Database = "sharded";

    // Known before the workspace is: looked up by a token's hash, or listed.
    private static readonly string[] Global = ["api_tokens", "console_keys", "console_sessions", "workspaces"];


    // Of statements that differ in their values alone.
    private const int Samples = 5;

    private StatementLog _log = null!;

    public async Task InitializeAsync() => _log = await StatementLog.StartAsync();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Every_statement_of_the_server_keeps_the_rules()
    {
        var connection = await _log.CreateDatabaseAsync(Database);
        await MigrateAsync(connection);
        var migrations = (await _log.ReadAsync(Database)).Count;
        await using (var server = new LoggedServer(connection))
        {
            await server.InitializeAsync();
            await ShardingWalk.WalkAsync(server);
        }

        // A start asks, alone among all servers, which migrations were run.
        var sent = (await _log.ReadAsync(Database)).Skip(migrations)
            .Where(statement => !statement.Sql.Contains("__EFMigrationsHistory", StringComparison.Ordinal)).ToList();
        await ShouldBeCompleteAsync(sent);
        var rules = new ShardingRules(await DistributedAsync(), await NamesAsync("SELECT proname FROM pg_proc WHERE provolatile = 'v'"));
        var samples = sent.GroupBy(statement => statement.Sql, StringComparer.Ordinal).SelectMany(same => same.Take(Samples));
        samples.SelectMany(statement => rules.FaultsOf(statement).Select(fault => $"{fault}:\n{statement.Sql}")).Distinct().ShouldBeEmpty();
    }

    /// <summary>Functions that only write down what they are called with stand for the extension's.</summary>
    [Fact]
    public async Task The_migrations_distribute_every_table_when_the_extension_is_there()
    {
        var connection = await _log.CreateDatabaseAsync(Database);
        await _log.ExecuteAsync(Database, """
            CREATE SCHEMA citus;
            CREATE TABLE citus.calls (line text);
            CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS
              $$ INSERT INTO citus.calls VALUES (name || ' everywhere') $$;
            CREATE FUNCTION create_distributed_table(name regclass, col text, kind text DEFAULT 'hash', colocate_with text DEFAULT 'default') RETURNS void LANGUAGE sql AS
              $$ INSERT INTO citus.calls VALUES (name || ' by ' || col || CASE WHEN colocate_with = 'default' THEN '' ELSE ' with ' || colocate_with END) $$;
            INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
              SELECT 99999, 'citus', oid, 'citus'::regnamespace, false, '1' FROM pg_roles WHERE rolname = current_user
            """);
        await MigrateAsync(connection);
        var distributed = await NamesAsync("SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid WHERE relkind = 'r' AND attname = 'workspace_id'");
        var expected = distributed.Except(Global).Select(table => table == "contacts" ? "contacts by workspace_id" : $"{table} by workspace_id with contacts")
            .Concat(Global.Select(table => $"{table} everywhere"));
        (await NamesAsync("SELECT line FROM citus.calls")).Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal));
    }

    private static async Task MigrateAsync(string connection)
    {
        await using var db = new ContactsDb(new DbContextOptionsBuilder<ContactsDb>().UseNpgsql(connection).Options);
        await db.Database.MigrateAsync();
    }

    /// <summary>The log has the walk in it: every table was read and written, and so was what only background work and late servers do.</summary>
    private async Task ShouldBeCompleteAsync(List<LoggedStatement> sent)
    {
        var statements = sent.ConvertAll(statement => statement.Sql);
        foreach (var table in await NamesAsync("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_%'"))
        {
            statements.ShouldContain(sql => sql.Contains($"INSERT INTO {table} ", StringComparison.Ordinal), table);
            statements.ShouldContain(sql => sql.Contains($"FROM {table}", StringComparison.Ordinal), table);
        }

        foreach (var part in new[] { "SKIP LOCKED", "WITH gone AS", "DELETE FROM group_members WHERE", "DELETE FROM idempotent_calls", "DELETE FROM request_counts", "DO UPDATE", "ANALYZE" })
            statements.ShouldContain(sql => sql.Contains(part, StringComparison.Ordinal), part);
        sent.ShouldContain(statement => statement.Parameters.Count > 0);
    }

    private async Task<HashSet<string>> DistributedAsync() =>
        [.. (await NamesAsync("SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid WHERE relkind IN ('r', 'v') AND attname = 'workspace_id'")).Except(Global)];

    private async Task<HashSet<string>> NamesAsync(string sql) =>
        [.. (string[])(await _log.ExecuteAsync(Database, $"SELECT coalesce(array_agg(name::text), '{{}}') FROM ({sql}) AS t (name)"))!];

    /// <summary>A server on the database whose statements are written down.</summary>
    private sealed class LoggedServer(string connection) : TestServer
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Contacts"] = new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 20 }.ConnectionString,
        };
    }
}
