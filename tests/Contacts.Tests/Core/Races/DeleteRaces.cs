using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Deletions against updates of the same contact: whatever comes first, every answer is true and the book holds together.</summary>
public sealed class DeleteRaces(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    private const int Rounds = 40;

    [Fact]
    public async Task An_update_by_uuid_comes_before_the_deletion_or_is_refused()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Reporters" });
        for (var round = 0; round < Rounds; round++)
        {
            var uuid = await client.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
            var replies = await Racing.RunAsync(
                () => client.PostAsync($"contacts.json?uuid={uuid}", new { name = "Bea", groups = new[] { group }, urns = new[] { "ext:1", "ext:2" } }),
                () => client.DeleteAsync($"contacts.json?uuid={uuid}"));
            replies[1].Status.ShouldBe(204, replies[1].Body);
            if (replies[0].Status != 200)
                replies[0].ShouldBeRefused("non_field_errors", "Inactive contacts can't be modified.");
            await ShouldBeGoneAsync(client, uuid);
        }

        (await client.GetAsync("groups.json")).Results[0]!["count"]!.GetValue<int>().ShouldBe(0);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task An_upsert_by_urn_comes_before_the_deletion_or_makes_a_new_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { $"ext:{round}" } });
            var replies = await Racing.RunAsync(
                () => client.PostAsync($"contacts.json?urn=ext:{round}", new { name = "Bea" }),
                () => client.DeleteAsync($"contacts.json?uuid={uuid}"));
            replies[1].Status.ShouldBe(204, replies[1].Body);
            replies[0].Status.ShouldBeOneOf(200, 201);
            (replies[0].Text("uuid") == uuid).ShouldBe(replies[0].Status == 200, "a deleted contact is not updated, a new one has an id of its own");
            await ShouldBeGoneAsync(client, uuid);
            (await client.GetAsync($"contacts.json?urn=ext:{round}")).Results.Count.ShouldBe(replies[0].Status == 201 ? 1 : 0);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Of_many_deletions_of_one_contact_one_succeeds()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds / 2; round++)
        {
            var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
            var replies = await Racing.RunAsync(8, number => client.DeleteAsync($"contacts.json?{(number % 2 == 0 ? $"uuid={uuid}" : "urn=ext:1")}"));
            replies.Select(reply => reply.Status).Order().ShouldBe([204, .. Enumerable.Repeat(404, 7)]);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Calls_that_waited_for_a_deletion_see_it()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var uuid = await client.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        await using var door = await HeldDoor.CloseAsync(
            server,
            "WITH gone AS (DELETE FROM contact_urns WHERE contact_id = $1) UPDATE contacts SET deleted_on = now(), name = NULL WHERE id = $1",
            Guid.Parse(uuid));
        var racing = Racing.RunAsync(
            () => client.PostAsync($"contacts.json?uuid={uuid}", new { name = "Bea" }),
            () => client.PostAsync("contacts.json?urn=ext:1", new { name = "Cleo" }),
            () => client.DeleteAsync($"contacts.json?uuid={uuid}"));
        await door.UntilWaitingAsync(3);
        await door.CommitAsync();
        var replies = await racing;
        replies[0].ShouldBeRefused("non_field_errors", "Inactive contacts can't be modified.");
        replies[1].Status.ShouldBe(201, replies[1].Body);
        replies[2].Status.ShouldBe(404, replies[2].Body);
        await server.ShouldBeConsistentAsync();
    }

    private static async Task ShouldBeGoneAsync(WeniClient client, string uuid)
    {
        (await client.GetAsync($"contacts.json?uuid={uuid}")).Results.ShouldBeEmpty();
        (await client.GetAsync($"contacts.json?uuid={uuid}&deleted=true")).Results.ShouldHaveSingleItem();
    }
}
