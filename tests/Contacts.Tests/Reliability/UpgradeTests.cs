using System.Diagnostics;
using System.Globalization;
using Contacts.Data;
using Contacts.Data.LocalPostgres;
using Contacts.Tests.Operations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace Contacts.Tests.Reliability;

/// <summary>A book of an earlier schema comes along, and whoever writes to it meanwhile hardly waits.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class UpgradeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Workspace = "018f0000-0000-7000-8000-000000000001";

    // What the first schema knows of each contact, as one text.
    private const string Picture =
        "SELECT md5(string_agg(concat_ws('|', id, name, language, status, fields, created_on, modified_on, urns, group_ids), ',' ORDER BY id)) FROM contact_rows";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("contacts-test-").FullName;
    private LocalPostgres? _postgres;

    /// <summary>Every schema but the newest.</summary>
    public static TheoryData<string> Earlier => [.. Schemas().SkipLast(1)];

    public async Task InitializeAsync() =>
        _postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataFolder = _folder }, NullLogger.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _postgres!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task A_book_of_an_earlier_schema_is_the_same_book_after_the_start(string schema)
    {
        await MigrateAsync(Schemas()[0]);
        await PlantAsync(500);
        await MigrateAsync(schema);
        var before = await AskAsync<string>(Picture);
        await MigrateAsync(null);
        (await AskAsync<string>(Picture)).ShouldBe(before);
        (await AskAsync<long>("SELECT count(*) FROM \"__EFMigrationsHistory\"")).ShouldBe(Schemas().Count);
    }

    [Fact]
    public Task Writes_go_on_while_the_schema_changes() => MigrateUnderWritesAsync(20_000);

    [Fact]
    [Trait("Soak", "Yes")]
    public Task Writes_go_on_while_the_schema_of_a_large_book_changes() => MigrateUnderWritesAsync(1_000_000);

    private async Task MigrateUnderWritesAsync(int contacts)
    {
        await MigrateAsync(Schemas()[0]);
        await PlantAsync(contacts);
        foreach (var schema in Schemas().Skip(1))
        {
            using var end = new CancellationTokenSource();
            var waits = new List<TimeSpan>();
            var writing = WriteAsync(contacts, waits, end.Token);
            await Eventually.BecomesTrueAsync(() => writing.IsFaulted || CountOf(waits) > 10, "the writer is under way");
            var start = Stopwatch.GetTimestamp();
            await MigrateAsync(schema);
            var took = Stopwatch.GetElapsedTime(start);
            var during = CountOf(waits);
            await Eventually.BecomesTrueAsync(() => writing.IsFaulted || CountOf(waits) > during + 10, "the writer goes on");
            await end.CancelAsync();
            await writing;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{schema}: {contacts} contacts, {took.TotalSeconds:N2} s, longest write {waits.Max().TotalSeconds:N2} s of {waits.Count}"));
            waits.Max().ShouldBeLessThan(LongestWait, schema);
        }

        (await AskAsync<long>("SELECT count(*) FROM contact_rows")).ShouldBe(contacts);
    }

    /// <summary>What the program of the schema before does meanwhile: finds the key's owner, locks a contact, changes it.</summary>
    private async Task WriteAsync(int contacts, List<TimeSpan> waits, CancellationToken end)
    {
        await using var connection = new NpgsqlConnection(_postgres!.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        for (var round = 0; !end.IsCancellationRequested; round++)
        {
            var number = round * 7919L % contacts;
            var start = Stopwatch.GetTimestamp();
            await using (var caller = new NpgsqlCommand("SELECT w.* FROM api_tokens t JOIN workspaces w ON w.id = t.workspace_id LIMIT 1", connection) { CommandTimeout = 60 })
                (await caller.ExecuteScalarAsync(CancellationToken.None)).ShouldNotBeNull();
            await using var change = new NpgsqlCommand(
                string.Create(CultureInfo.InvariantCulture, $"""
                    WITH held AS (SELECT contact_id FROM contact_urns WHERE workspace_id = '{Workspace}' AND identity = 'ext:{number}' FOR UPDATE)
                    UPDATE contacts SET name = 'Round {round}', modified_on = clock_timestamp() FROM held WHERE workspace_id = '{Workspace}' AND id = contact_id
                    """),
                connection) { CommandTimeout = 60 };
            (await change.ExecuteNonQueryAsync(CancellationToken.None)).ShouldBe(1);
            lock (waits)
                waits.Add(Stopwatch.GetElapsedTime(start));
        }
    }

    private static int CountOf(List<TimeSpan> waits)
    {
        lock (waits)
            return waits.Count;
    }

    private Task<int> PlantAsync(int contacts) => RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO workspaces VALUES ('{Workspace}', 'Old', 'old', 'BR', 'UTC', 'day_first', 'weni', ARRAY[]::text[], false, false, 'Active', NULL, 250, 250, now());
        INSERT INTO api_tokens VALUES ('{Workspace}', gen_random_uuid(), sha256('key'), 'old', 'Administrator', now());
        INSERT INTO groups VALUES ('{Workspace}', '{Workspace}', 'All', 'all', NULL, now());
        INSERT INTO fields VALUES ('{Workspace}', '{Workspace}', 'plan', 'Plan', 'plan', 'text', now());
        CREATE TEMP TABLE ids AS SELECT i, gen_random_uuid() AS id FROM generate_series(0, {contacts - 1}) AS i;
        INSERT INTO contacts SELECT '{Workspace}', id, 'Contact ' || i, 'por', 0, jsonb_build_object('{Workspace}', 'Plan ' || i % 7), now(), now() FROM ids;
        INSERT INTO contact_urns SELECT '{Workspace}', 'ext:' || i, id, 0 FROM ids;
        INSERT INTO contact_urns SELECT '{Workspace}', 'tel:+' || 5511900000000 + i, id, 1 FROM ids;
        INSERT INTO group_members SELECT '{Workspace}', '{Workspace}', id FROM ids;
        INSERT INTO group_counts VALUES ('{Workspace}', gen_random_uuid(), '{Workspace}', {contacts});
        """));

    /// <summary>Brings the database up to a schema, or to the newest as a start does.</summary>
    private async Task MigrateAsync(string? schema)
    {
        await using var db = new ContactsDb(new DbContextOptionsBuilder<ContactsDb>().UseNpgsql(_postgres!.ConnectionString).Options);
        if (schema is null)
        {
            await db.Database.MigrateAsync();
            return;
        }

        // EF Core's migrator goes to a schema in between only by names that begin with a date.
        var history = db.GetService<IHistoryRepository>();
        await RunAsync(history.GetCreateIfNotExistsScript());
        foreach (var next in Schemas().Skip((await db.Database.GetAppliedMigrationsAsync()).Count()).TakeWhile(next => string.CompareOrdinal(next, schema) <= 0))
        {
            using var reader = new StreamReader(typeof(ContactsDb).Assembly.GetManifestResourceStream($"Contacts.Data.Migrations.{next}.sql")!);
            await RunAsync($"BEGIN;\n{await reader.ReadToEndAsync()}\n;{history.GetInsertScript(new HistoryRow(next, "10"))};\nCOMMIT");
        }
    }

    private async Task<int> RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_postgres!.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_postgres!.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static List<string> Schemas()
    {
        using var db = new ContactsDb(new DbContextOptionsBuilder<ContactsDb>().UseNpgsql("Host=nowhere").Options);
        return [.. db.Database.GetMigrations()];
    }
}
