using System.Text.Json;
using Contacts.Data;
using Contacts.TestBench;
using Contacts.Tests.Management;
using Contacts.Tests.Support;

namespace Contacts.Tests.TestBench;

/// <summary>Snapshots of the book: what is in them survives to the last column, and nothing else is touched.</summary>
public sealed class SnapshotTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_same_uuids_and_times_are_there_again()
    {
        using var client = await SeededAsync();
        using var whaapy = await WhaapyClient.OfAsync(server, client.Workspace);
        (await client.PostAsync("snapshots", """{"name":"seeded"}""")).Status.ShouldBe(201);
        var before = await ReadAsync(client, whaapy);
        var contact = (await client.SendAsync(HttpMethod.Get, "/api/v2/contacts.json")).Body.GetProperty("results")[0].GetProperty("uuid").GetString();
        for (var round = 0; round < 2; round++)
        {
            (await client.SendAsync(HttpMethod.Delete, $"/api/v2/contacts.json?uuid={contact}")).Status.ShouldBe(204);
            (await client.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"urns":["ext:new"],"groups":["Customers"]}""")).Status.ShouldBe(201);
            (await client.SendAsync(HttpMethod.Post, "/api/v2/groups.json", """{"name":"New"}""")).Status.ShouldBe(201);
            (await ReadAsync(client, whaapy)).ShouldNotBe(before);
            (await client.PostAsync("snapshots/seeded/restore")).Status.ShouldBe(204);
            (await ReadAsync(client, whaapy)).ShouldBe(before);
        }

        (await client.PostAsync("reset", """{"snapshot":"seeded"}""")).Status.ShouldBe(204);
        (await ReadAsync(client, whaapy)).ShouldBe(before);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Every_column_of_the_largest_things_survives()
    {
        using var client = await SeededAsync();
        var id = client.Workspace.Id;
        await FillAsync(id);
        var before = await server.RowsAsync(id, BookRows.Tables);
        before.Values.ShouldAllBe(rows => rows.Length > 0, "every table has something to lose");
        (await client.PostAsync("snapshots", """{"name":"full"}""")).Status.ShouldBe(201);
        (await client.PostAsync("reset")).Status.ShouldBe(204);
        (await server.RowsAsync(id, BookRows.Tables)).Values.ShouldAllBe(rows => rows.Length == 0);
        (await client.PostAsync("snapshots/full/restore")).Status.ShouldBe(204);
        var after = await server.RowsAsync(id, BookRows.Tables);
        foreach (var table in BookRows.Tables)
            after[table].ShouldBe(before[table], table);
    }

    [Fact]
    public async Task More_rows_than_a_chunk_come_back_and_another_workspace_keeps_its_own()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var other = await SeededAsync();
        await server.ExecuteAsync($"""
            INSERT INTO contacts (workspace_id, id, status, fields, created_on, modified_on)
            SELECT {client.Workspace.Id}, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 0, jsonb_build_object(), now(), now() FROM generate_series(1, 2500) n
            """);
        // Calls are written down in the background.
        var tables = (await server.TablesAsync()).Except(["request_log", "request_log_contacts", "call_minutes", "audit_log"]).ToList();
        var theirs = await server.RowsAsync(other.Workspace.Id, tables);
        var ours = await server.RowsAsync(client.Workspace.Id, BookRows.Tables);
        var made = await client.PostAsync("snapshots", """{"name":"many"}""");
        made.Body.GetProperty("contacts").GetInt32().ShouldBe(2500);
        (await client.PostAsync("reset", """{"snapshot":"many"}""")).Status.ShouldBe(204);
        (await server.RowsAsync(client.Workspace.Id, BookRows.Tables)).ShouldBe(ours);
        (await other.PostAsync("snapshots/many/restore")).ShouldBeProblem(404);
        (await other.DeleteAsync("snapshots/many")).ShouldBeProblem(404);
        (await other.GetAsync("snapshots")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
        (await server.RowsAsync(other.Workspace.Id, tables)).ShouldBe(theirs);
    }

    [Fact]
    public async Task A_column_that_a_snapshot_does_not_know_gets_its_default()
    {
        using var client = await SeededAsync();
        (await client.PostAsync("snapshots", """{"name":"old"}""")).Status.ShouldBe(201);
        await WithoutAsync(client, "contacts", "tags");
        (await client.PostAsync("snapshots/old/restore")).Status.ShouldBe(204);
        (await server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1 AND tags = '{}'", client.Workspace.Id)).ShouldBe(3);
    }

    [Fact]
    public async Task A_snapshot_that_lacks_what_there_must_be_is_refused_and_nothing_changes()
    {
        using var client = await SeededAsync();
        (await client.PostAsync("snapshots", """{"name":"older"}""")).Status.ShouldBe(201);
        await WithoutAsync(client, "groups", "name_key");
        var before = await server.RowsAsync(client.Workspace.Id, BookRows.Tables);
        (await client.PostAsync("snapshots/older/restore")).ShouldBeProblem(409).Text.ShouldContain("another version");
        (await server.RowsAsync(client.Workspace.Id, BookRows.Tables)).ShouldBe(before);
    }

    [Fact]
    public async Task They_are_listed_and_deleted_and_a_name_is_taken_once()
    {
        using var client = await SeededAsync();
        (await client.PostAsync("snapshots", """{"name":"a"}""")).Status.ShouldBe(201);
        (await client.PostAsync("snapshots", """{"name":"b.2_c-d"}""")).Status.ShouldBe(201);
        (await client.PostAsync("snapshots", """{"name":"a"}""")).ShouldBeProblem(409).Faults("name").ShouldHaveSingleItem();
        (await client.GetAsync("snapshots")).Names.ShouldBe(["a", "b.2_c-d"]);
        (await client.DeleteAsync("snapshots/a")).Status.ShouldBe(204);
        (await client.DeleteAsync("snapshots/a")).ShouldBeProblem(404);
        (await client.PostAsync("snapshots/a/restore")).ShouldBeProblem(404);
        (await server.CountAsync("SELECT count(DISTINCT snapshot_id) FROM snapshot_rows WHERE workspace_id = $1", client.Workspace.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task There_may_be_twenty()
    {
        using var client = await ManagementClient.NewAsync(server);
        for (var number = 0; number < BookSnapshot.MaxCount; number++)
            (await client.PostAsync("snapshots", $$"""{"name":"s{{number}}"}""")).Status.ShouldBe(201);
        (await client.PostAsync("snapshots", """{"name":"one-more"}""")).ShouldBeProblem(409);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"name":"a/b"}""")]
    [InlineData("""{"name":".."}""")]
    [InlineData("""{"name":"é"}""")]
    [InlineData("""{"name":7}""")]
    public async Task What_is_no_name_is_refused(string body)
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.PostAsync("snapshots", body)).ShouldBeProblem(400).Faults("name").ShouldNotBeEmpty();
    }

    private async Task<ManagementClient> SeededAsync()
    {
        var client = await ManagementClient.NewAsync(server, settings: workspace => workspace.MinuteLimit = null);
        var seeded = await client.PostAsync("seed", await File.ReadAllTextAsync(Repository.PathOf("requests", "seed.json")));
        seeded.Status.ShouldBe(200, seeded.Text);
        return client;
    }

    /// <summary>All that callers can read, by the byte.</summary>
    private static async Task<string> ReadAsync(ManagementClient client, WhaapyClient whaapy)
    {
        var answers = new List<string>();
        foreach (var list in new[] { "contacts", "groups", "fields", "flows", "campaigns" })
            answers.Add((await client.SendAsync(HttpMethod.Get, $"/api/v2/{list}.json")).Text);
        foreach (var path in new[] { "/contacts/v1", "/funnel/v1/stages" })
            answers.Add((await whaapy.SendAsync("GET", path)).Body);
        answers.Add((await client.GetAsync("triggers")).Text);
        return string.Join('\n', answers);
    }

    /// <summary>The extremes of every column, also those that no call comes to at once.</summary>
    private async Task FillAsync(Guid id)
    {
        var name = string.Concat(Enumerable.Repeat("😀\u202E'\"\\", 20));
        var profile = JsonSerializer.Serialize(new
        {
            company = name,
            custom = new { number = 1e300, nested = new object?[] { null, true, new { deep = "\u0001" } } },
            external_ids = new { crm = "7" },
        });
        await server.ExecuteAsync($"""
            UPDATE contacts SET name = {name}, last_seen_on = '2026-01-31 10:00:00.123456+00', modified_on = '2999-12-31 23:59:59.999999+00',
              tags = ARRAY['', 'a,b', '"', 'NULL', {name}], profile = {profile}::jsonb,
              fields = fields || jsonb_build_object(gen_random_uuid()::text, jsonb_build_object('text', {name}, 'number', 1.2300000000000000000000001))
            WHERE workspace_id = {id}
            """);
        await server.ExecuteAsync($"""
            INSERT INTO contacts (workspace_id, id, status, fields, created_on, modified_on, deleted_on)
            VALUES ({id}, gen_random_uuid(), 3, jsonb_build_object(), '0001-01-01 00:00:00+00', '-infinity', 'infinity')
            """);
        await server.ExecuteAsync($"UPDATE contact_urns SET display = {name} WHERE workspace_id = {id}");
        await server.ExecuteAsync($"UPDATE groups SET query = {name} WHERE workspace_id = {id} AND name = 'Reporters'");
        await server.ExecuteAsync($"UPDATE automations SET archived_on = now() WHERE workspace_id = {id} AND kind = 'Flow'");
    }

    /// <summary>Makes a snapshot one of a version that did not have a column yet.</summary>
    private Task WithoutAsync(ManagementClient client, string table, string column) => server.ExecuteAsync($"""
        UPDATE snapshot_rows SET content = (SELECT jsonb_agg(row - {column}::text) FROM jsonb_array_elements(content) AS row)
        WHERE workspace_id = {client.Workspace.Id} AND part = {table}
        """);
}
