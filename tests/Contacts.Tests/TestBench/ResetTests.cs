using System.Text.Json;
using Contacts.Data;
using Contacts.TestBench;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Tests.Webhooks;

namespace Contacts.Tests.TestBench;

/// <summary>A reset empties the workspace and nothing else, whoever writes meanwhile.</summary>
public sealed class ResetTests(TestServer server) : IClassFixture<TestServer>
{
    // Emptied after the book, by the log itself.
    private static readonly string[] Log = ["request_log", "request_log_contacts"];

    // What stays: settings, keys to the workspace, who is told, the snapshots, and who did what.
    private static readonly string[] Stay = ["api_tokens", "audit_log", "console_sessions", "webhooks", "snapshots", "snapshot_rows", "call_minutes"];

    [Fact]
    public async Task Every_table_is_emptied_or_meant_to_stay() =>
        BookRows.Tables.Concat(ResetService.Tables.Select(table => table.Table)).Concat(ResetService.Imports).Concat(Log).Concat(Stay)
            .ShouldBe(await server.TablesAsync(), ignoreOrder: true);

    [Fact]
    public async Task The_workspace_is_empty_afterwards_and_goes_on()
    {
        await using var subscriber = await BusyAsync();
        var id = subscriber.Api.Workspace.Id;
        var stays = await server.RowsAsync(id, Stay);
        (await subscriber.Api.PostAsync("reset")).Status.ShouldBe(204);
        (await server.RowsAsync(id, (await server.TablesAsync()).Except(Stay).Except(Log))).Where(table => table.Value.Length > 0).ShouldBeEmpty();
        stays["webhooks"].ShouldNotBeEmpty();
        (await subscriber.Api.GetAsync("calls")).Body.GetProperty("results").EnumerateArray().ShouldAllBe(call => call.GetProperty("path").GetString() == "/manage/api/reset");
        (await server.RowsAsync(id, ["api_tokens", "console_sessions", "snapshots", "snapshot_rows"])).ShouldBe(stays.Where(table => table.Key is not ("webhooks" or "call_minutes" or "audit_log")));
        (await subscriber.Api.GetAsync("workspace")).Body.GetProperty("allows_private_targets").GetBoolean().ShouldBeTrue();
        (await subscriber.Api.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt32().ShouldBe(0);

        var told = subscriber.Receiver.All.Length;
        (await subscriber.Api.SendAsync(HttpMethod.Post, "/api/v2/groups.json", """{"name":"Devs"}""")).Status.ShouldBe(201);
        await subscriber.UpsertAsync("ext:1", new { name = "Again", groups = new[] { "Devs" } });
        (await subscriber.Receiver.UntilAsync(told + 1))[^1].Data("name").ShouldBe("Again");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task What_is_to_be_kept_is_kept()
    {
        await using var subscriber = await BusyAsync();
        var id = subscriber.Api.Workspace.Id;
        var kept = ResetService.Tables.Select(table => table.Table).ToArray();
        var before = await server.RowsAsync(id, kept);
        before.Where(table => table.Value.Length == 0).Select(table => table.Key).ShouldBe(["webhook_outbox"], ignoreOrder: true);
        (await subscriber.Api.PostAsync("reset", """{"keep":["faults","clock","calls","deliveries"]}""")).Status.ShouldBe(204);
        (await server.RowsAsync(id, kept)).ShouldBe(before);
        (await subscriber.Api.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt32().ShouldBe(60);
        (await server.RowsAsync(id, BookRows.Tables)).Values.ShouldAllBe(rows => rows.Length == 0);
    }

    [Fact]
    public async Task An_unknown_snapshot_or_part_changes_nothing()
    {
        await using var subscriber = await BusyAsync();
        var before = await server.RowsAsync(subscriber.Api.Workspace.Id, BookRows.Tables);
        (await subscriber.Api.PostAsync("reset", """{"snapshot":"nowhere"}""")).ShouldBeProblem(404);
        (await subscriber.Api.PostAsync("reset", """{"keep":["contacts"],"when":"now"}""")).ShouldBeProblem(400).Faults("keep").ShouldHaveSingleItem();
        (await server.RowsAsync(subscriber.Api.Workspace.Id, BookRows.Tables)).ShouldBe(before);
    }

    [Fact]
    public async Task Another_workspace_does_not_notice()
    {
        await using var subscriber = await BusyAsync();
        await using var other = await BusyAsync();
        var before = await server.RowsAsync(other.Api.Workspace.Id, await server.TablesAsync());
        (await subscriber.Api.PostAsync("reset")).Status.ShouldBe(204);
        var after = await server.RowsAsync(other.Api.Workspace.Id, await server.TablesAsync());

        // The lease of the other's webhook goes on being renewed, and its calls being counted.
        foreach (var table in before.Keys.Except(Log).Except(["webhooks", "call_minutes"]))
            after[table].ShouldBe(before[table], table);
    }

    [Fact]
    public async Task A_burst_of_upserts_comes_before_or_after_it_as_a_whole()
    {
        using var client = await ManagementClient.NewAsync(server);
        await client.NewGroupAsync("Devs");
        for (var number = 0; number < 20; number++)
            (await UpsertAsync(client, number)).ShouldBe(201);
        (await client.PostAsync("snapshots", """{"name":"twenty"}""")).Status.ShouldBe(201);
        using var over = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 12).Select(writer => WriteAsync(client, writer, over.Token)).ToArray();
        for (var round = 0; round < 15; round++)
            (await client.PostAsync("reset", round % 3 == 0 ? "{}" : """{"snapshot":"twenty"}""")).Status.ShouldBe(204);
        (await client.PostAsync("reset", """{"snapshot":"twenty"}""")).Status.ShouldBe(204);
        await over.CancelAsync();
        var answers = (await Task.WhenAll(writers)).SelectMany(statuses => statuses).ToList();
        answers.Count.ShouldBeGreaterThan(50);
        answers.Distinct().Except([200, 201, 400]).ShouldBeEmpty("a call finds the group there, or gone");
        await server.ShouldBeConsistentAsync();
        (await server.CountAsync("SELECT count(*) FROM contact_urns WHERE workspace_id = $1 AND identity = 'ext:0'", client.Workspace.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Calls_under_keys_do_not_lock_it_out()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var keyed = new KeyedClient(server, client.Workspace.Token);
        using var over = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 6).Select(async writer =>
        {
            var statuses = new List<int>();
            for (var number = 0; !over.IsCancellationRequested; number++)
                statuses.Add((await keyed.PostAsync($"{writer}-{number}", $"contacts.json?urn=ext:{number % 5}", """{"name":"Ana"}""")).Status);
            return statuses;
        }).ToArray();
        for (var round = 0; round < 10; round++)
            (await client.PostAsync("reset")).Status.ShouldBe(204);
        await over.CancelAsync();

        // A call whose key went while it ran is told to come again.
        (await Task.WhenAll(writers)).SelectMany(statuses => statuses).Distinct().Except([200, 201, 409]).ShouldBeEmpty();
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Two_resets_at_once_come_one_after_the_other()
    {
        await using var subscriber = await BusyAsync();
        (await Racing.RunAsync(6, async _ => (await subscriber.Api.PostAsync("reset", """{"snapshot":"busy"}""")).Status)).ShouldAllBe(status => status == 204);
        await server.ShouldBeConsistentAsync();
        (await server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1", subscriber.Api.Workspace.Id)).ShouldBe(3);
    }

    [Fact]
    public async Task Another_server_sees_what_was_put_back()
    {
        await using var second = await NextServer.StartAsync(server, TimeProvider.System);
        using var here = await ManagementClient.NewAsync(server);
        using var there = ManagementClient.Of(second, here.Workspace);
        await here.NewGroupAsync("Devs");
        (await here.PostAsync("snapshots", """{"name":"devs"}""")).Status.ShouldBe(201);
        (await here.PostAsync("reset")).Status.ShouldBe(204);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await UpsertAsync(there, 1)).ShouldBe(400, "the group is gone");
        (await here.PostAsync("reset", """{"snapshot":"devs"}""")).Status.ShouldBe(204);
        (await UpsertAsync(there, 1)).ShouldBe(201);
    }

    /// <summary>A workspace with something in every table.</summary>
    private async Task<Subscriber> BusyAsync()
    {
        var subscriber = await Subscriber.NewAsync(server, workspace => workspace.HourlyLimit = 10_000);
        var api = subscriber.Api;
        var seeded = await api.PostAsync("seed", await File.ReadAllTextAsync(Repository.PathOf("requests", "seed.json")));
        seeded.Status.ShouldBe(200, seeded.Text);
        using (var keyed = new KeyedClient(server, api.Workspace.Token))
            (await keyed.PostAsync("k", "contacts.json?urn=ext:123456", """{"name":"Carla"}""")).Status.ShouldBe(200);
        await subscriber.UntilEmptyAsync();
        (await api.PostAsync("faults", """{"effect":"cut_before","path":"/nowhere"}""")).Status.ShouldBe(201);
        (await api.PutAsync("clock", """{"advance_seconds":60}""")).Status.ShouldBe(200);
        (await api.PostAsync("snapshots", """{"name":"busy"}""")).Status.ShouldBe(201);
        await Subscriber.BecomesTrueAsync(
            async () => await server.CountAsync("SELECT count(*) FROM request_counts WHERE workspace_id = $1", api.Workspace.Id) > 0, "calls should be counted");
        return subscriber;
    }

    private static async Task<List<int>> WriteAsync(ManagementClient client, int writer, CancellationToken over)
    {
        var statuses = new List<int>();
        for (var number = writer; !over.IsCancellationRequested; number += 7)
            statuses.Add(await UpsertAsync(client, number % 40));
        return statuses;
    }

    private static async Task<int> UpsertAsync(ManagementClient client, int number) => (await client.SendAsync(
        HttpMethod.Post, $"/api/v2/contacts.json?urn=ext:{number}", JsonSerializer.Serialize(new { name = $"Name {number}", groups = new[] { "Devs" } }))).Status;
}
