using System.Diagnostics;
using System.Text.Json;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Webhooks;

/// <summary>A new workspace that may send to this machine, with a webhook to a receiver of its own.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Subscriber(TestServer server, ManagementClient api, Receiver receiver) => (Server, Api, Receiver) = (server, api, receiver);

    public TestServer Server { get; }

    public ManagementClient Api { get; }

    public Receiver Receiver { get; }

    public string Id { get; private set; } = "";

    public string Secret { get; private set; } = "";

    public string Path => "webhooks/" + Id;

    public static async Task<Subscriber> NewAsync(TestServer server, Action<Workspace>? settings = null, params string[] events)
    {
        var api = await ManagementClient.NewAsync(server, settings: workspace =>
        {
            workspace.AllowsPrivateTargets = true;
            settings?.Invoke(workspace);
        });
        var subscriber = new Subscriber(server, api, await Receiver.StartAsync());
        (subscriber.Id, subscriber.Secret) = await subscriber.AddAsync(subscriber.Receiver.Url, events.Length == 0 ? ["*"] : events);
        return subscriber;
    }

    /// <summary>Makes one more webhook.</summary>
    public async Task<(string Id, string Secret)> AddAsync(string url, params string[] events)
    {
        var made = await Api.PostAsync("webhooks", JsonSerializer.Serialize(new { name = "Test", url, events }));
        made.Status.ShouldBe(201, made.Text);
        return (made.Uuid, made.Body.GetProperty("secret").GetString()!);
    }

    /// <summary>Upserts a contact by a URN through Weni's API.</summary>
    public async Task<string> UpsertAsync(string urn, object body)
    {
        var reply = await Api.SendAsync(HttpMethod.Post, "/api/v2/contacts.json?urn=" + Uri.EscapeDataString(urn), JsonSerializer.Serialize(body));
        reply.Status.ShouldBeInRange(200, 201, reply.Text);
        return reply.Uuid;
    }

    public async Task<JsonElement> ReadAsync() => (await Api.GetAsync(Path)).Body;

    /// <summary>The log, the last attempt first.</summary>
    public async Task<JsonElement[]> LogAsync() => [.. (await Api.GetAsync(Path + "/deliveries")).Body.GetProperty("results").EnumerateArray()];

    /// <summary>Waits until the log has so many attempts.</summary>
    public async Task<JsonElement[]> LogAsync(int attempts)
    {
        JsonElement[] log = [];
        await BecomesTrueAsync(async () => (log = await LogAsync()).Length >= attempts, $"{attempts} attempts should be in the log");
        return log;
    }

    /// <summary>How many events wait.</summary>
    public Task<long> WaitingAsync() => Server.CountAsync("SELECT count(*) FROM webhook_outbox WHERE workspace_id = $1", Api.Workspace.Id);

    /// <summary>Waits until nothing waits.</summary>
    public Task UntilEmptyAsync() => BecomesTrueAsync(async () => await WaitingAsync() == 0, "the outbox should become empty");

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, what);
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Receiver.DisposeAsync();
    }
}
