using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Tests.Webhooks;

namespace Contacts.Tests.TestBench;

/// <summary>A workspace's clock: what expires by it, and that it runs forwards only.</summary>
public sealed class ClockTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public async Task An_hours_limit_is_over_when_the_clock_is_an_hour_ahead()
    {
        using var client = await ManagementClient.NewAsync(server, settings: workspace => workspace.HourlyLimit = 1);
        using var other = await ManagementClient.NewAsync(server, settings: workspace => workspace.HourlyLimit = 1);
        (await ListAsync(client)).ShouldBe(200);
        (await ListAsync(other)).ShouldBe(200);
        (await ListAsync(client)).ShouldBe(429);
        var set = await client.PutAsync("clock", """{"advance_seconds":3600}""");
        set.Body.GetProperty("offset_seconds").GetInt64().ShouldBe(3600, set.Text);
        (set.Body.GetProperty("now").GetDateTime() - DateTime.UtcNow).TotalSeconds.ShouldBeInRange(3590, 3610);
        (await ListAsync(client)).ShouldBe(200);
        (await ListAsync(client)).ShouldBe(429);
        (await ListAsync(other)).ShouldBe(429, "another workspace has a clock of its own");
        (await other.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_minutes_limit_of_the_other_dialect_goes_by_it_too()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.MinuteLimit = 1);
        using var manage = ManagementClient.Of(server, workspace);
        using var whaapy = await WhaapyClient.OfAsync(server, workspace);
        (await whaapy.SendAsync("GET", "/auth/me")).Status.ShouldBe(200);
        (await whaapy.SendAsync("GET", "/auth/me")).Status.ShouldBe(429);
        (await manage.PutAsync("clock", """{"offset_seconds":60}""")).Status.ShouldBe(200);
        (await whaapy.SendAsync("GET", "/auth/me")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_key_of_a_call_is_free_again_after_a_day()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var keyed = new KeyedClient(server, client.Workspace.Token);
        (await keyed.PostAsync("k", "groups.json", """{"name":"Devs"}""")).Status.ShouldBe(201);
        (await client.PutAsync("clock", """{"advance_seconds":86399}""")).Status.ShouldBe(200);
        (await keyed.PostAsync("k", "groups.json", """{"name":"Devs"}""")).IsReplay.ShouldBeTrue();
        (await client.PutAsync("clock", """{"advance_seconds":1}""")).Status.ShouldBe(200);
        (await keyed.PostAsync("k", "groups.json", """{"name":"Devs"}""")).Status.ShouldBe(400, "it is carried out, and the name is taken");
    }

    [Fact]
    public async Task A_webhooks_secret_before_its_last_signs_for_a_day()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        (await subscriber.Api.PostAsync(subscriber.Path + "/rotate-secret")).Status.ShouldBe(200);
        (await subscriber.Api.PostAsync(subscriber.Path + "/test")).Status.ShouldBe(200);
        (await subscriber.Api.PutAsync("clock", """{"advance_seconds":86400}""")).Status.ShouldBe(200);
        (await subscriber.Api.PostAsync(subscriber.Path + "/test")).Status.ShouldBe(200);
        var sent = await subscriber.Receiver.UntilAsync(2);
        sent.Select(one => one.Headers.ContainsKey("x-webhook-signature-previous")).ShouldBe([true, false]);
    }

    [Fact]
    public async Task It_runs_forwards_only_and_a_reset_takes_it_back()
    {
        using var client = await ManagementClient.NewAsync(server, settings: workspace => workspace.HourlyLimit = 1);
        (await client.PutAsync("clock", """{"offset_seconds":100}""")).Status.ShouldBe(200);
        (await client.PutAsync("clock", """{"offset_seconds":99}""")).ShouldBeProblem(409).Faults("offset_seconds").ShouldHaveSingleItem();
        (await client.PutAsync("clock", """{"advance_seconds":315360000}""")).ShouldBeProblem(409).Faults("advance_seconds").ShouldHaveSingleItem();
        (await ListAsync(client)).ShouldBe(200);
        (await ListAsync(client)).ShouldBe(429);
        (await client.PostAsync("reset")).Status.ShouldBe(204);
        (await client.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt64().ShouldBe(0);
        (await ListAsync(client)).ShouldBe(200, "what was counted by the clock that was ahead counts no more");
        (await ListAsync(client)).ShouldBe(429);
    }

    [Theory]
    [InlineData("{}", "body")]
    [InlineData("""{"offset_seconds":1,"advance_seconds":1}""", "body")]
    [InlineData("""{"advance_seconds":-1}""", "advance_seconds")]
    [InlineData("""{"offset_seconds":315360001}""", "offset_seconds")]
    [InlineData("""{"offset_seconds":"1"}""", "offset_seconds")]
    [InlineData("""{"offset":1}""", "offset")]
    public async Task What_is_no_time_is_refused(string body, string attribute)
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.PutAsync("clock", body)).ShouldBeProblem(400).Faults(attribute).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Moves_at_the_same_time_add_up()
    {
        using var client = await ManagementClient.NewAsync(server);
        (await Racing.RunAsync(10, async _ => (await client.PutAsync("clock", """{"advance_seconds":10}""")).Status)).ShouldAllBe(status => status == 200);
        (await client.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt64().ShouldBe(100);
    }

    [Fact]
    public async Task Another_server_follows_within_two_seconds()
    {
        await using var second = await NextServer.StartAsync(server, TimeProvider.System);
        using var here = await ManagementClient.NewAsync(server, settings: workspace => workspace.HourlyLimit = 1);
        using var there = ManagementClient.Of(second, here.Workspace);
        (await ListAsync(there)).ShouldBe(200);
        (await ListAsync(there)).ShouldBe(429);
        (await here.PutAsync("clock", """{"advance_seconds":3600}""")).Status.ShouldBe(200);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await ListAsync(there)).ShouldBe(200);
        (await here.PostAsync("reset")).Status.ShouldBe(204);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await ListAsync(there)).ShouldBe(200);
    }

    private static async Task<int> ListAsync(ManagementClient client) => (await client.SendAsync(HttpMethod.Get, Contacts)).Status;
}
