using Contacts.Tests.Support;
using Contacts.Tests.Webhooks;

namespace Contacts.Tests.TestBench;

/// <summary>Events that come twice, or in the wrong order, because somebody asked for it.</summary>
public sealed class DeliveryFaultTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task An_event_comes_twice_under_the_same_ids()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        (await subscriber.Api.PostAsync("faults", """{"effect":"duplicate_deliveries","times":1}""")).Status.ShouldBe(201);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.Receiver.UntilAsync(2);
        await subscriber.UpsertAsync("ext:2", new { name = "Bia" });
        var told = await subscriber.Receiver.UntilAsync(3);
        told.Select(one => one.Data("name")).ShouldBe(["Ana", "Ana", "Bia"]);
        told[1].DeliveryId.ShouldBe(told[0].DeliveryId);
        told[1].Body.ShouldBe(told[0].Body);
        (await subscriber.LogAsync(attempts: 2)).Length.ShouldBe(2, "the first of the two is not in the log");
    }

    [Fact]
    public async Task Events_of_a_contact_come_in_reverse_order()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        (await subscriber.Api.PostAsync("faults", """{"effect":"reverse_deliveries","times":1}""")).Status.ShouldBe(201);
        foreach (var name in new[] { "first", "second", "third" })
            await subscriber.UpsertAsync("ext:1", new { name });
        (await subscriber.Receiver.UntilAsync(3)).Select(one => one.Data("name")).ShouldBe(["third", "second", "first"]);
        await subscriber.UntilEmptyAsync();
        await subscriber.UpsertAsync("ext:1", new { name = "fourth" });
        await subscriber.UpsertAsync("ext:1", new { name = "fifth" });
        (await subscriber.Receiver.UntilAsync(5)).Skip(3).Select(one => one.Data("name")).ShouldBe(["fourth", "fifth"]);
    }

    [Fact]
    public async Task Another_workspace_is_told_as_ever()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await using var other = await Subscriber.NewAsync(server);
        (await other.Api.PostAsync("faults", """{"effect":"duplicate_deliveries"}""")).Status.ShouldBe(201);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.UpsertAsync("ext:1", new { name = "Bia" });
        await subscriber.UntilEmptyAsync();
        subscriber.Receiver.All.Select(one => one.Data("name")).ShouldBe(["Ana", "Bia"]);
    }
}
