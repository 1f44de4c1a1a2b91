using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Many calls for one URN that nobody has: one contact, and for every call the answer that is true for it.</summary>
public sealed class NewUrnRaces(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    private const int Callers = 64;
    private const int Rounds = 8;

    // The engine of a test's server has 10 connections: so many calls can stand before the same row.
    private const int AtTheDoor = 8;

    [Fact]
    public async Task One_new_urn_makes_one_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var path = $"contacts.json?urn=ext:same-{round}";
            var replies = await Racing.RunAsync(Callers, _ => client.PostAsync(path, new { name = "Ana" }));
            await ShouldBeOneContactAsync(client, path, replies);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Every_call_sees_its_own_write_and_one_of_them_is_the_last()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var path = $"contacts.json?urn=ext:named-{round}";
            var replies = await Racing.RunAsync(Callers, number => client.PostAsync(path, new { name = $"Caller {number}" }));
            replies.Select(reply => reply.Text("name")).ShouldBe(Enumerable.Range(0, Callers).Select(number => $"Caller {number}"));
            var contact = await ShouldBeOneContactAsync(client, path, replies);
            contact.ShouldBe(replies.MaxBy(reply => reply.Text("modified_on"), StringComparer.Ordinal)?.Text("name"), "the last writer wins");
        }
    }

    [Fact]
    public async Task Calls_that_all_found_nobody_make_one_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        const string path = "contacts.json?urn=ext:door";
        await using var door = await HoldUrnAsync(client, "ext:door");
        var racing = Racing.RunAsync(Callers, number => client.PostAsync(path, new { name = $"Caller {number}" }));
        await door.UntilWaitingAsync(AtTheDoor);
        await door.RollBackAsync();
        await ShouldBeOneContactAsync(client, path, await racing);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Calls_that_lose_to_another_server_update_its_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        await using var door = await HoldUrnAsync(client, "ext:lost");
        var racing = Racing.RunAsync(Callers, _ => client.PostAsync("contacts.json?urn=ext:lost", new { language = "por" }));
        await door.UntilWaitingAsync(AtTheDoor);
        await door.CommitAsync();
        foreach (var reply in await racing)
        {
            reply.Status.ShouldBe(200, reply.Body);
            reply.Text("name").ShouldBe("Another server's", "what a call does not name stays");
        }
    }

    [Fact]
    public async Task Of_calls_that_create_with_one_urn_in_their_lists_one_succeeds()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var taken = $"ext:list-{round}";
            var replies = await Racing.RunAsync(
                16, number => client.PostAsync("contacts.json", new { urns = new[] { $"ext:own-{round}-{number}", taken } }));
            replies.Count(reply => reply.Status == 201).ShouldBe(1);
            foreach (var reply in replies.Where(reply => reply.Status != 201))
                reply.ShouldBeRefused("urns", $"URN belongs to another contact: {taken}");
        }

        (await client.GetAsync("contacts.json")).Results.Count.ShouldBe(Rounds, "a refused create leaves nothing");
        await server.ShouldBeConsistentAsync();
    }

    private static async Task<string?> ShouldBeOneContactAsync(WeniClient client, string path, WeniReply[] replies)
    {
        replies.Where(reply => reply.Status is not (200 or 201)).Select(reply => reply.Body).ShouldBeEmpty();
        replies.Count(reply => reply.Status == 201).ShouldBe(1);
        var contact = (await client.GetAsync(path)).Results.ShouldHaveSingleItem()!;
        replies.Select(reply => reply.Text("uuid")).Distinct().ShouldHaveSingleItem().ShouldBe(contact["uuid"]!.ToString());
        return contact["name"]?.ToString();
    }

    private Task<HeldDoor> HoldUrnAsync(WeniClient client, string identity) => HeldDoor.CloseAsync(
        server,
        """
        WITH made AS (
          INSERT INTO contacts (workspace_id, id, name, status, fields, created_on, modified_on)
          VALUES ($1, gen_random_uuid(), 'Another server''s', 0, '{}', now(), now()) RETURNING workspace_id, id)
        INSERT INTO contact_urns (workspace_id, identity, contact_id, position) SELECT workspace_id, $2, id, 0 FROM made
        """,
        client.Workspace.Id,
        identity);
}
