using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Data;

/// <summary>
/// Migrations are written by hand, so the model of EF Core is held against the schema that they make, column by column, and the schema
/// against the rules of sharding.
/// </summary>
public sealed class SchemaMatchesModel(TestServer server) : IClassFixture<TestServer>
{
    private const string History = "__EFMigrationsHistory";

    // Looked up before the workspace is known, so they are not distributed.
    private static readonly string[] Global = ["workspaces", "api_tokens", "console_sessions", "console_keys"];

    [Fact]
    public async Task Every_column_is_the_models()
    {
        await using var db = await OpenAsync();
        var expected = db.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties().Select(property => Describe(entity, property)));
        var actual = await ReadAsync(
            """
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || CASE WHEN coalesce(base.attnotnull, a.attnotnull) OR a.attndims > 0 OR (c.relkind = 'v' AND base.attname IS NULL) THEN '' ELSE ' null' END
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              LEFT JOIN pg_attribute base ON c.relname = 'contact_rows' AND base.attrelid = 'contacts'::regclass AND base.attname = a.attname
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
              AND c.relname NOT IN ('contacts', '__EFMigrationsHistory')
            """);
        actual.ShouldBe(expected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Contacts_are_read_through_a_view_that_lacks_no_column()
    {
        var missing = await ReadAsync(
            """
            SELECT attname FROM pg_attribute WHERE attrelid = 'contacts'::regclass AND attnum > 0 AND NOT attisdropped
            EXCEPT SELECT attname FROM pg_attribute WHERE attrelid = 'contact_rows'::regclass
            """);
        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_primary_key_is_the_models()
    {
        await using var db = await OpenAsync();
        var expected = db.Model.GetEntityTypes().Select(entity =>
            $"{entity.GetTableName()} ({string.Join(", ", entity.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName()))})");
        var actual = await ReadAsync($"SELECT c.relname || ' (' || {KeyColumns} || ')' {Indexes} AND i.indisprimary AND c.relname <> '{History}'");
        actual.ShouldBe(expected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_unique_index_begins_with_the_workspace()
    {
        var indexes = await ReadAsync($"SELECT c.relname || ' (' || {KeyColumns} || ')' {Indexes} AND i.indisunique AND c.relname <> '{History}'");
        indexes.Where(index => !Global.Contains(index.Split(' ')[0]) && !index.Contains("(workspace_id", StringComparison.Ordinal)).ShouldBeEmpty();
        indexes.Length.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Every_foreign_key_stays_within_the_workspace_and_nothing_runs_by_itself()
    {
        (await ReadAsync(
            """
            SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> ALL (ARRAY['api_tokens', 'console_sessions']::regclass[])
              AND ((SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) <> 'workspace_id'
                OR (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) <> 'workspace_id')
            """)).ShouldBeEmpty();
        (await ReadAsync("SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('n', 'd')")).ShouldBeEmpty("no SET NULL, no SET DEFAULT");
        (await ReadAsync("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).ShouldBeEmpty();
        (await ReadAsync("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND (is_identity = 'YES' OR column_default ~ '[(]')"))
            .ShouldBeEmpty("ids and times are made by the server; a constant may stand in for what an older server does not write");
    }

    private const string KeyColumns =
        "(SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE k.n <= i.indnkeyatts)";

    private const string Indexes = "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace";

    private static string Describe(IEntityType entity, IProperty property) =>
        $"{entity.GetViewName() ?? entity.GetTableName()}.{property.GetColumnName()} {property.GetColumnType()}{(property.IsNullable ? " null" : "")}";

    private Task<ContactsDb> OpenAsync() => server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync();

    private async Task<string[]> ReadAsync(string sql)
    {
        await using var command = server.Services.GetRequiredService<BookConnections>().Book.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
