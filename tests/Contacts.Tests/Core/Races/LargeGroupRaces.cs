using System.Diagnostics;
using System.Globalization;
using Contacts.Core;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Contacts.Tests.Core.Races;

/// <summary>A large group that is deleted while its members are written to: the answer comes at once, the members go in the background, and no writer waits for them.</summary>
public sealed class LargeGroupRaces(LargeGroupRaces.QuietServer server, ITestOutputHelper output) : IClassFixture<LargeGroupRaces.QuietServer>
{
    // What the server removes at once.
    private const int Chunk = 5_000;
    private const int Planted = 50_000;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Members_go_a_few_thousand_at_a_time_and_may_be_written_to_meanwhile()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await PlantAsync(client, (3 * Chunk) + 100);
        (await client.DeleteAsync($"groups.json?uuid={group}")).Status.ShouldBe(204);
        await using var door = await HeldDoor.CloseAsync(
            server,
            "SELECT FROM group_members m JOIN contact_urns u USING (workspace_id, contact_id) WHERE workspace_id = $1 AND identity = 'ext:12000' FOR UPDATE OF m",
            client.Workspace.Id);
        var cleaning = server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        await door.UntilWaitingAsync(1);

        // The removal stands still in the midst of a piece, with all that it has locked. What came before is gone for good.
        var left = await server.CountAsync("SELECT count(*) FROM group_members WHERE group_id = $1", group);
        left.ShouldBeInRange(100, (2 * Chunk) + 100, "nothing is removed all at once");
        ((left - 100) % Chunk).ShouldBe(0, "a piece is removed as a whole");
        foreach (var number in new[] { 0, Chunk, 11_999, 12_000, 12_001, (3 * Chunk) + 99 })
        {
            var reply = await client.PostAsync($"contacts.json?urn=ext:{number}", new { name = "Ana", language = "por" }).WaitAsync(AtOnce);
            (reply.Status, reply.Json!["groups"]!.AsArray().Count).ShouldBe((200, 0), reply.Body);
        }

        await door.RollBackAsync();
        await cleaning;
        (await server.CountAsync("SELECT count(*) FROM group_members WHERE group_id = $1", group)).ShouldBe(0);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public Task Nobody_waits_for_a_group_of_20_000() => DeleteUnderWritesAsync(20_000);

    [Fact]
    [Trait("Soak", "Yes")]
    public Task Nobody_waits_for_a_group_of_a_million() => DeleteUnderWritesAsync(1_000_000);

    private async Task DeleteUnderWritesAsync(int members)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await PlantAsync(client, members);
        (await client.GetAsync("groups.json")).Results.ShouldHaveSingleItem()!["count"]!.GetValue<int>().ShouldBe(members);
        using var end = new CancellationTokenSource();
        var waits = new List<TimeSpan>();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteAsync(client, writer, members, waits, end.Token)));
        await Eventually.BecomesTrueAsync(() => writing.IsCompleted || CountOf(waits) > 20, "the writers are under way");

        var start = Stopwatch.GetTimestamp();
        (await client.DeleteAsync($"groups.json?uuid={group}")).Status.ShouldBe(204);
        var answered = Stopwatch.GetElapsedTime(start);
        (await client.GetAsync("groups.json")).Results.ShouldBeEmpty();
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        var gone = Stopwatch.GetElapsedTime(start);
        await end.CancelAsync();
        await writing;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{members} members: answered after {answered.TotalMilliseconds:N0} ms, gone after {gone.TotalSeconds:N1} s, longest of {waits.Count} writes {waits.Max().TotalMilliseconds:N0} ms"));
        answered.ShouldBeLessThan(AtOnce);
        waits.Max().ShouldBeLessThan(AtOnce);
        (await server.CountAsync("SELECT count(*) FROM group_members WHERE group_id = $1", group)).ShouldBe(0);
        await server.ShouldBeConsistentAsync();
    }

    private static async Task WriteAsync(WeniClient client, int writer, int members, List<TimeSpan> waits, CancellationToken end)
    {
        for (var round = 0; !end.IsCancellationRequested; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var number = ((round * 4) + writer) * 7919L % members;
            (await client.PostAsync($"contacts.json?urn=ext:{number}", new { name = $"Round {round}" })).Status.ShouldBe(200);
            lock (waits)
                waits.Add(Stopwatch.GetElapsedTime(start));
        }
    }

    private static int CountOf(List<TimeSpan> waits)
    {
        lock (waits)
            return waits.Count;
    }

    /// <summary>Contacts that are all in one group.</summary>
    private async Task<Guid> PlantAsync(WeniClient client, int members)
    {
        var (workspace, group) = (client.Workspace.Id, Guid.Parse(await client.MakeAsync("groups.json", new { name = "Everyone" })));
        for (var first = 0; first < members; first += Planted)
        {
            var count = Math.Min(Planted, members - first);
            await server.ExecuteAsync($"""
                WITH made AS (
                  SELECT n, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id FROM generate_series({first}, {first + count - 1}) AS n),
                contacts AS (
                  INSERT INTO contacts (workspace_id, id, status, fields, created_on, modified_on)
                  SELECT {workspace}, id, 0, jsonb_build_object(), now(), now() FROM made),
                urns AS (INSERT INTO contact_urns (workspace_id, identity, contact_id, position) SELECT {workspace}, 'ext:' || n, id, 0 FROM made),
                counts AS (INSERT INTO group_counts (workspace_id, id, group_id, delta) VALUES ({workspace}, gen_random_uuid(), {group}, {count}))
                INSERT INTO group_members (workspace_id, group_id, contact_id) SELECT {workspace}, {group}, id FROM made
                """);
        }

        return group;
    }

    /// <summary>A server whose rounds in the background are begun by the test.</summary>
    public sealed class QuietServer : TestServer
    {
        protected override bool WorksInBackground => false;
    }
}
