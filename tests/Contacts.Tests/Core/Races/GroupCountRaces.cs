using Contacts.Core;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core.Races;

/// <summary>A group's count is the number of its members, after any storm, and while differences are squashed.</summary>
public sealed class GroupCountRaces(TestServer server) : IClassFixture<TestServer>
{
    private const int Groups = 5;
    private const int Contacts = 20;
    private const int Callers = 12;
    private const int CallsEach = 40;

    [Fact]
    public async Task Counts_are_the_members_after_a_storm()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var groups = new List<string>();
        for (var number = 0; number < Groups; number++)
            groups.Add(await client.MakeAsync("groups.json", new { name = $"Group {number}" }));
        using var squashing = new CancellationTokenSource();
        var cleaners = Racing.RunAsync(2, _ => SquashAsync(squashing.Token));
        await Racing.RunAsync(Callers, number => StormAsync(client, groups, new Random(number)));
        await squashing.CancelAsync();
        await cleaners;

        var members = 0;
        foreach (var group in (await client.GetAsync("groups.json")).Results)
        {
            var count = group!["count"]!.GetValue<int>();
            (await client.GetAsync($"contacts.json?group={group["uuid"]}")).Results.Count.ShouldBe(count);
            members += count;
        }

        members.ShouldBeGreaterThan(0);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_count_is_exact_at_every_moment_of_squashing()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Growing" });
        using var squashing = new CancellationTokenSource();
        var cleaners = Racing.RunAsync(2, _ => SquashAsync(squashing.Token));
        for (var joined = 1; joined <= 150; joined++)
        {
            await client.MakeAsync("contacts.json", new { groups = new[] { group } });
            (await client.GetAsync($"groups.json?uuid={group}")).Results[0]!["count"]!.GetValue<int>().ShouldBe(joined);
        }

        await squashing.CancelAsync();
        await cleaners;
        await server.ShouldBeConsistentAsync();
        (await server.CountAsync("SELECT count(*) FROM group_counts WHERE group_id = $1", Guid.Parse(group)))
            .ShouldBeLessThan(64, "differences were squashed, so this test looked at what it is meant to");
    }

    [Fact]
    public async Task A_contact_whose_group_is_gone_leaves_no_count_behind()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Devs" });
        await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" }, groups = new[] { group } });

        // The call has read that its contact is in the group and waits for the URN; until it goes on, the group is deleted and emptied.
        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM contact_urns WHERE identity = 'ext:1' FOR UPDATE");
        var deletion = client.DeleteAsync("contacts.json?urn=ext:1");
        await door.UntilWaitingAsync(1);
        (await client.DeleteAsync($"groups.json?uuid={group}")).Status.ShouldBe(204);
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        await door.RollBackAsync();
        (await deletion).Status.ShouldBe(204);
        await server.ShouldBeConsistentAsync();
    }

    /// <summary>Puts contacts into random groups, and now and then deletes one.</summary>
    private static async Task<int> StormAsync(WeniClient client, List<string> groups, Random random)
    {
        for (var call = 0; call < CallsEach; call++)
        {
            var path = $"contacts.json?urn=ext:{random.Next(Contacts)}";
            var chosen = groups.Where(_ => random.Next(2) == 0).ToArray();
            var reply = random.Next(8) == 0 ? await client.DeleteAsync(path) : await client.PostAsync(path, new { groups = chosen });
            reply.Status.ShouldBeOneOf(200, 201, 204, 404);
        }

        return CallsEach;
    }

    private async Task<int> SquashAsync(CancellationToken cancellation)
    {
        var rounds = 0;
        for (; !cancellation.IsCancellationRequested; rounds++)
            await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        return rounds;
    }
}
