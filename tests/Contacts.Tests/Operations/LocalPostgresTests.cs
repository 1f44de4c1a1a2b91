using Contacts.Data.LocalPostgres;
using Contacts.Operations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Contacts.Tests.Operations;

/// <summary>The private PostgreSQL by itself: ways to start it, what it leaves, what it refuses.</summary>
[Trait("Needs", "PostgresPrograms")]
public sealed class LocalPostgresTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    [Fact]
    public async Task Data_outlives_the_server()
    {
        await using (var first = await StartAsync("data"))
            await ExecuteAsync(first.ConnectionString, "CREATE TABLE kept AS SELECT 7 AS seven");
        await using var second = await StartAsync("data");
        (await ExecuteAsync(second.ConnectionString, "SELECT seven FROM kept")).ShouldBe(7);
    }

    [Fact]
    public async Task The_server_keeps_every_promise_of_durability_by_default()
    {
        await using var postgres = await LocalPostgres.StartAsync(Options("durable") with { Durable = true }, NullLogger.Instance, default);
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            (await ExecuteAsync(postgres.ConnectionString, $"SHOW {setting}")).ShouldBe("on", setting);
    }

    [Fact]
    public async Task A_data_folder_with_a_path_too_long_for_a_socket_works()
    {
        await using var postgres = await StartAsync(Path.Combine(new string('a', 90), "ñandú d'or, \"x\""));
        (await ExecuteAsync(postgres.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_loopback_port_works_and_asks_for_the_password()
    {
        await using var postgres = await LocalPostgres.StartAsync(Options("loopback") with { Loopback = true }, NullLogger.Instance, default);
        (await ExecuteAsync(postgres.ConnectionString, "SELECT 1")).ShouldBe(1);
        var without = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess" };
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(without.ConnectionString, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task The_way_of_systems_without_setsid_works()
    {
        await using (var first = await LocalPostgres.StartAsync(Options("detached") with { Detached = true }, NullLogger.Instance, default))
            (await ExecuteAsync(first.ConnectionString, "SELECT 1")).ShouldBe(1);
        File.Exists(Path.Combine(_root, "detached", "postgres", "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_is_refused_with_the_folder_and_the_process()
    {
        await using var first = await LocalPostgres.StartAsync(Options("held") with { Share = true }, NullLogger.Instance, default);
        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync("held"));
        refused.Message.ShouldContain(Path.Combine(_root, "held"));
        refused.Message.ShouldContain(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_a_living_process_does_not_stop_the_start()
    {
        await using (await StartAsync("stale"))
        {
            File.Copy(Path.Combine(_root, "stale", "postgres", "postmaster.pid"), Path.Combine(_root, "pid"));
        }

        var lines = await File.ReadAllLinesAsync(Path.Combine(_root, "pid"));
        lines[0] = "1";
        await File.WriteAllLinesAsync(Path.Combine(_root, "stale", "postgres", "postmaster.pid"), lines);
        await using var second = await StartAsync("stale");
        (await ExecuteAsync(second.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task An_interrupted_initdb_is_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(_root, "half", "postgres.new", "base"));
        await using var postgres = await StartAsync("half");
        (await ExecuteAsync(postgres.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Data_of_another_version_is_refused_with_the_way_on()
    {
        await using (await StartAsync("old"))
        {
        }

        await File.WriteAllTextAsync(Path.Combine(_root, "old", "postgres", "PG_VERSION"), "9\n");
        var refused = await Should.ThrowAsync<StartRefusedException>(() => StartAsync("old"));
        refused.Message.ShouldContain("made by PostgreSQL 9");
        refused.Message.ShouldContain("docker compose up");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private LocalPostgresOptions Options(string folder) => new() { DataFolder = Path.Combine(_root, folder), Durable = false };

    private Task<LocalPostgres> StartAsync(string folder) => LocalPostgres.StartAsync(Options(folder), NullLogger.Instance, default);
}
