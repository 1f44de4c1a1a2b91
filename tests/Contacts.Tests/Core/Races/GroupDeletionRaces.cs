using Contacts.Core;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core.Races;

/// <summary>Contacts that are put into a group while it is deleted: never a member of a group that is gone.</summary>
public sealed class GroupDeletionRaces(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    [Fact]
    public async Task A_contact_gets_in_before_the_deletion_or_is_refused()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var made = 0;
        for (var round = 0; round < 30; round++)
        {
            var group = await client.MakeAsync("groups.json", new { name = $"Group {round}" });
            var replies = await Racing.RunAsync(8, number => number == 4
                ? client.DeleteAsync($"groups.json?uuid={group}")
                : client.PostAsync("contacts.json", new { groups = new[] { group } }));
            replies[4].Status.ShouldBe(204, replies[4].Body);
            foreach (var reply in replies.Where((reply, number) => number != 4 && reply.Status != 201))
                reply.ShouldBeRefused("groups", $"No such object: {group}");
            made += replies.Count(reply => reply.Status == 201);
            await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
            (await server.CountAsync("SELECT count(*) FROM group_members WHERE group_id = $1", Guid.Parse(group))).ShouldBe(0);
        }

        var contacts = (await client.GetAsync("contacts.json")).Results;
        contacts.Count.ShouldBe(made, "a refused call makes nothing");
        contacts.ShouldAllBe(contact => contact!["groups"]!.AsArray().Count == 0);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_contact_that_waited_for_the_deletion_is_refused()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Devs" });
        await using var door = await HeldDoor.CloseAsync(
            server,
            "WITH held AS (SELECT id FROM groups WHERE id = $1 FOR UPDATE) UPDATE groups g SET deleted_on = now() FROM held WHERE g.id = held.id",
            Guid.Parse(group));
        var racing = Racing.RunAsync(4, number => client.PostAsync(
            number % 2 == 0 ? "contacts.json" : $"contacts.json?urn=ext:{number}", new { groups = new[] { number < 2 ? group : "devs" } }));
        await Task.WhenAll(racing, OpenAsync());
        foreach (var (number, reply) in (await racing).Index())
            reply.ShouldBeRefused("groups", $"No such object: {(number < 2 ? group : "devs")}");
        (await client.GetAsync("contacts.json")).Results.ShouldBeEmpty();

        async Task OpenAsync()
        {
            await door.UntilWaitingAsync(4);
            await door.CommitAsync();
        }
    }

    [Fact]
    public async Task A_deletion_waits_for_a_contact_that_is_getting_in()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Devs" });
        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM groups WHERE id = $1 FOR KEY SHARE", Guid.Parse(group));
        var deletion = client.DeleteAsync($"groups.json?uuid={group}");
        await door.UntilWaitingAsync(1);
        deletion.IsCompleted.ShouldBeFalse();
        await door.RollBackAsync();
        (await deletion).Status.ShouldBe(204);
    }
}
