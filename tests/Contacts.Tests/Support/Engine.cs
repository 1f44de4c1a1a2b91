using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Support;

/// <summary>
/// A workspace's write engine without HTTP: when a method returns its call stands in the workspace's lane. So a test knows which calls share a batch.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="store">The server that made the database: the same one, or another beside it.</param>
/// <param name="workspace">The workspace.</param>
/// <param name="token">A key of its administrator.</param>
internal sealed class Engine(TestServer server, TestServer store, Workspace workspace, string token) : IDisposable
{
    private const string Held = "ext:held";
    private readonly ContactWriter _writer = server.Services.GetRequiredService<ContactWriter>();

    public Guid WorkspaceId => workspace.Id;

    /// <summary>A client of the same workspace.</summary>
    public WeniClient Client { get; } = new(server, new TestWorkspace(workspace.Id, token));

    public void Dispose() => Client.Dispose();

    public static async Task<Engine> OfNewWorkspaceAsync(TestServer server) => await OfAsync(server, await server.NewWorkspaceAsync());

    /// <summary>The engine of a workspace on this server.</summary>
    public static async Task<Engine> OfAsync(TestServer server, TestWorkspace workspace, TestServer? store = null)
    {
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None);
        return new Engine(server, store ?? server, caller!.Workspace, workspace.Token);
    }

    public static Urn Urn(string text)
    {
        Contacts.Urns.Urn.TryNormalize(text, null, out var urn).ShouldBe(UrnFault.None);
        return urn;
    }

    /// <summary>An upsert by URN.</summary>
    public static ContactChange ByUrn(string urn, string? name = null) => new() { Urn = Urn(urn), Name = name is null ? default(Optional<string?>) : name };

    /// <summary>The creation of a contact with URNs.</summary>
    public static ContactChange New(params string[] urns) => new() { Urns = [.. urns.Select(Urn)] };

    /// <summary>A change that shares a batch with those that come at once.</summary>
    public Task<ContactOutcome> ApplyAsync(ContactChange change, CancellationToken cancellation = default) =>
        _writer.ApplyAsync(workspace, change, cancellation);

    /// <summary>A list of changes, as a bulk call brings it.</summary>
    public Task<IReadOnlyList<ContactOutcome>> ApplyListAsync(params ContactChange[] changes) =>
        _writer.ApplyAsync(workspace, changes, CancellationToken.None);

    /// <summary>The name of the contact with a URN; null when nobody has it.</summary>
    public async Task<string?> NameOfAsync(string urn)
    {
        var found = (await Client.GetAsync($"contacts.json?urn={urn}")).Results;
        return found.Count == 0 ? null : found.Single()!["name"]?.ToString();
    }

    /// <summary>Holds the lane: a call is at work that does not come to its end. What is applied from here on is one batch.</summary>
    public async Task<HeldLane> HoldLaneAsync()
    {
        await ApplyAsync(ByUrn(Held));
        var door = await HeldDoor.CloseAsync(
            store, "SELECT FROM contacts c JOIN contact_urns u ON u.contact_id = c.id WHERE u.workspace_id = $1 AND identity = $2 FOR UPDATE OF c", workspace.Id, Held);
        var first = ApplyAsync(ByUrn(Held, "Held"));
        await door.UntilWaitingAsync(1);
        return new HeldLane(door, first);
    }
}

/// <summary>A lane whose first call waits behind a door.</summary>
internal sealed class HeldLane(HeldDoor door, Task<ContactOutcome> first) : IAsyncDisposable
{
    /// <summary>Lets the lane go on.</summary>
    public async Task OpenAsync()
    {
        await door.RollBackAsync();
        (await first).Effect.ShouldBe(ContactEffect.Updated);
    }

    public ValueTask DisposeAsync() => door.DisposeAsync();
}
