using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Contacts that take URNs from each other at the same moment.</summary>
public sealed class UrnSwapRaces(TestServer server) : IClassFixture<TestServer>
{
    private const int Rounds = 40;

    [Fact]
    public async Task Two_contacts_that_swap_a_urn_each_end_with_the_others()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        string[] urns = ["ext:left", "ext:right"];
        string[] contacts = [await MakeAsync(client, urns[0]), await MakeAsync(client, urns[1])];
        for (var round = 1; round <= Rounds; round++)
        {
            var replies = await Racing.RunAsync(2, number => PutAsync(client, contacts[number], urns[(number + round) % 2]));
            for (var number = 0; number < 2; number++)
            {
                replies[number].Status.ShouldBe(200, replies[number].Body);
                replies[number].Texts("urns").ShouldBe([urns[(number + round) % 2]]);
                (await OwnersAsync(client, urns[(number + round) % 2])).ShouldBe([contacts[number]]);
            }
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_urn_that_many_contacts_take_has_one_owner()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        const int takers = 8;
        var contacts = new List<string>();
        for (var number = 0; number < takers; number++)
            contacts.Add(await MakeAsync(client, $"ext:own-{number}"));
        for (var round = 0; round < Rounds / 2; round++)
        {
            // In opposite orders, so that locks taken in the order of the request would be a deadlock.
            var wanted = Enumerable.Range(0, takers).Select(number => $"ext:shared-{number}").ToArray();
            var replies = await Racing.RunAsync(
                takers, number => PutAsync(client, contacts[number], [.. number % 2 == 0 ? wanted : wanted.Reverse(), $"ext:own-{number}"]));
            replies.Select(reply => reply.Status).ShouldAllBe(status => status == 200);
            replies.ShouldAllBe(reply => reply.Texts("urns").Length == takers + 1);
            var owners = new HashSet<string>(StringComparer.Ordinal);
            foreach (var urn in wanted)
                owners.Add((await OwnersAsync(client, urn)).ShouldHaveSingleItem());
            owners.Count.ShouldBe(1, "all were taken together, so the last one has them all");
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_urn_that_moves_while_a_call_waits_for_it_is_looked_up_again()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var first = await MakeAsync(client, "ext:moving");
        var second = await MakeAsync(client, "ext:other");
        await using var door = await HeldDoor.CloseAsync(
            server,
            "WITH held AS (SELECT FROM contacts WHERE id = $1 FOR UPDATE) UPDATE contact_urns SET contact_id = $2, position = 1 WHERE identity = 'ext:moving' AND EXISTS (SELECT FROM held)",
            Guid.Parse(first),
            Guid.Parse(second));
        var racing = client.PostAsync("contacts.json?urn=ext:moving", new { name = "Whose it is now" });
        await door.UntilWaitingAsync(1);
        await door.CommitAsync();
        var reply = await racing;
        reply.Status.ShouldBe(200, reply.Body);
        reply.Text("uuid").ShouldBe(second);
        reply.Texts("urns").ShouldBe(["ext:other", "ext:moving"]);
        (await client.GetAsync($"contacts.json?uuid={first}")).Results[0]!["name"].ShouldBeNull("the call found this contact first, and let go of it");
    }

    private static Task<string> MakeAsync(WeniClient client, string urn) => client.MakeAsync("contacts.json", new { urns = new[] { urn } });

    private static Task<WeniReply> PutAsync(WeniClient client, string uuid, params string[] urns) =>
        client.PostAsync($"contacts.json?uuid={uuid}", new { urns });

    private static async Task<string[]> OwnersAsync(WeniClient client, string urn) =>
        [.. (await client.GetAsync($"contacts.json?urn={urn}")).Results.Select(contact => contact!["uuid"]!.ToString())];
}
