using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>The harness itself: databases are migrated, empty and apart.</summary>
public sealed class TestPostgresTests
{
    [Fact]
    public async Task Every_database_is_migrated_and_its_own()
    {
        var one = await TestPostgres.CreateDatabaseAsync();
        var two = await TestPostgres.CreateDatabaseAsync();
        await ScalarAsync(one, "CREATE TABLE only_here AS SELECT 1");
        (await ScalarAsync(one, "SELECT count(*) FROM contacts")).ShouldBe(0L);
        (await ScalarAsync(two, "SELECT to_regclass('only_here') IS NULL")).ShouldBe(true);
        await TestPostgres.DropAsync(one);
        await TestPostgres.DropAsync(two);
        (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(one, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidCatalogName);
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
