using Contacts.Tests.Support;

namespace Contacts.Tests.Webhooks;

/// <summary>Servers beside and after each other deliver from one outbox.</summary>
public sealed class SeveralServersTests(TestServer first) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Two_servers_send_each_event_once()
    {
        await using var second = await NextServer.StartAsync(first, TimeProvider.System);
        await using var subscriber = await Subscriber.NewAsync(first);
        using var there = second.NewClient(subscriber.Api.Workspace.Token);
        await Racing.RunAsync(300, async number =>
        {
            if (number % 2 == 0)
                return await subscriber.UpsertAsync($"ext:{number}", new { name = $"Name {number}" });
            using var body = new StringContent($$"""{"name":"Name {{number}}"}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await there.PostAsync($"/api/v2/contacts.json?urn=ext:{number}", body);
            return response.EnsureSuccessStatusCode().StatusCode.ToString();
        });
        await subscriber.UntilEmptyAsync();
        var told = subscriber.Receiver.All;
        told.Select(one => one.Data("name")).Distinct().Count().ShouldBe(300);
        told.Length.ShouldBe(300, "none is sent twice");
    }

    [Fact]
    public async Task A_server_that_stops_leaves_the_rest_to_the_others()
    {
        var second = await NextServer.StartAsync(first, TimeProvider.System);
        await using var subscriber = await Subscriber.NewAsync(second);
        subscriber.Receiver.Answer = (_, _) => Task.Delay(20);
        await Racing.RunAsync(200, number => subscriber.UpsertAsync($"ext:{number}", new { name = $"Name {number}" }));
        await second.DisposeAsync();
        await Subscriber.BecomesTrueAsync(() => Task.FromResult(subscriber.Receiver.All.Length >= 200), "the first server should send the rest");
        subscriber.Receiver.All.Select(one => one.DeliveryId).Distinct().Count().ShouldBe(200);
        subscriber.Receiver.All.Length.ShouldBe(200, "what was under way was ended and written down");
    }

    [Fact]
    public async Task A_subscription_made_through_another_server_is_known_within_two_seconds()
    {
        await using var second = await NextServer.StartAsync(first, TimeProvider.System);
        await using var subscriber = await Subscriber.NewAsync(first, null, "contact_deleted");
        using var there = second.NewClient(subscriber.Api.Workspace.Token);
        await PostAsync(there, "ext:before");
        await subscriber.Api.PatchAsync(subscriber.Path, """{"events":["*"]}""");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await PostAsync(there, "ext:after");
        (await subscriber.Receiver.UntilAsync(1))[0].Data("name").ShouldBe("ext:after");
    }

    private static async Task PostAsync(HttpClient client, string urn)
    {
        using var body = new StringContent($$"""{"name":"{{urn}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"/api/v2/contacts.json?urn={urn}", body);
        response.EnsureSuccessStatusCode();
    }
}
