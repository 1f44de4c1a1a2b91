using Contacts.Tests.Support;

namespace Contacts.Tests.Core;

/// <summary>
/// What costs the same however large the book is: each call is made while every contact, URN and membership is locked against readers and writers alike,
/// so a call that touched one of them would not come back.
/// </summary>
public sealed class FlatCostTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Fields_and_groups_come_change_and_go_without_touching_a_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var kept = await client.MakeAsync("groups.json", new { name = "Kept" });
        var gone = await client.MakeAsync("groups.json", new { name = "Gone" });
        await client.MakeAsync("fields.json", new { label = "Age", value_type = "text" });
        for (var number = 0; number < 3; number++)
            await client.MakeAsync("contacts.json", new { groups = new[] { kept, gone }, fields = new { age = "39" } });

        await using (var door = await HeldDoor.CloseAsync(server, "LOCK TABLE contacts, contact_urns, group_members IN ACCESS EXCLUSIVE MODE"))
        {
            (await client.PostAsync("fields.json", new { label = "Nick Name", value_type = "text" }).WaitAsync(AtOnce)).Status.ShouldBe(201);
            (await client.PostAsync("fields.json?key=age", new { label = "Years", value_type = "numeric" }).WaitAsync(AtOnce)).Status.ShouldBe(200);
            (await client.PostAsync("groups.json", new { name = "New" }).WaitAsync(AtOnce)).Status.ShouldBe(201);
            (await client.PostAsync($"groups.json?uuid={kept}", new { name = "Renamed" }).WaitAsync(AtOnce)).Status.ShouldBe(200);
            (await client.DeleteAsync($"groups.json?uuid={gone}").WaitAsync(AtOnce)).Status.ShouldBe(204);
            (await client.GetAsync("fields.json").WaitAsync(AtOnce)).Results.Count.ShouldBe(2);
            var groups = (await client.GetAsync("groups.json").WaitAsync(AtOnce)).Results;
            groups.Select(group => (group!["name"]!.ToString(), group["count"]!.GetValue<int>())).ShouldBe([("New", 0), ("Renamed", 3)], ignoreOrder: true);
            await door.RollBackAsync();
        }

        var contacts = (await client.GetAsync("contacts.json")).Results;
        contacts.Select(contact => contact!["groups"]!.AsArray().ShouldHaveSingleItem()!["name"]!.ToString()).ShouldBe(Enumerable.Repeat("Renamed", 3));
        await server.ShouldBeConsistentAsync();
    }
}
