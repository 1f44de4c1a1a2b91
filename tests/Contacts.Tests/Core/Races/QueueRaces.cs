using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Contacts.Core;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Calls that wait in a workspace's lane: some give up, some are too many, some find the server stopping. Other workspaces notice nothing.</summary>
public sealed class QueueRaces(TestServer server) : IClassFixture<TestServer>
{
    private const int MoreThanAnyQueue = 50_000;

    // What docs/scaling.md says may wait, and how much of it comes over HTTP here.
    private const int Queue = 4096;
    private const int Taken = 250;
    private const int TooMany = 50;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_call_cancelled_while_it_waits_writes_nothing_and_its_neighbours_do()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        await using var lane = await book.HoldLaneAsync();
        using var patience = new CancellationTokenSource();
        var before = book.ApplyAsync(Engine.ByUrn("ext:1", "Ana"));
        var cancelled = book.ApplyAsync(Engine.ByUrn("ext:2", "Bia"), patience.Token);
        var after = book.ApplyAsync(Engine.ByUrn("ext:3", "Cleo"));
        await patience.CancelAsync();
        await lane.OpenAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        (await before).Effect.ShouldBe(ContactEffect.Created);
        (await after).Effect.ShouldBe(ContactEffect.Created);
        (await book.NameOfAsync("ext:2")).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_cancelled_while_it_is_at_work_is_finished_as_a_whole()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var made = await book.ApplyAsync(Engine.ByUrn("ext:1"));
        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM contacts WHERE id = $1 FOR UPDATE", made.Contact!.Id);
        using var patience = new CancellationTokenSource();
        using var http = server.NewClient(book.Client.Workspace.Token);
        using var body = new StringContent("""{"name":"Ana","language":"por","urns":["ext:1","ext:2"]}""", System.Text.Encoding.UTF8, "application/json");
        var given = http.PostAsync(new Uri($"/api/v2/contacts.json?uuid={made.Contact.Id}", UriKind.Relative), body, patience.Token);
        await door.UntilWaitingAsync(1);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        var next = book.ApplyAsync(Engine.ByUrn("ext:3", "Bia"));
        await door.RollBackAsync();
        (await next).Effect.ShouldBe(ContactEffect.Created, "the lane goes on");
        var stored = (await book.Client.GetAsync("contacts.json?urn=ext:2")).Results.ShouldHaveSingleItem()!;
        (stored["name"]!.ToString(), stored["language"]!.ToString()).ShouldBe(("Ana", "por"));
    }

    [Fact]
    public async Task A_full_queue_is_a_503_without_growth_and_everything_that_waits_is_done()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        await using var lane = await book.HoldLaneAsync();
        var waiting = new List<Task<ContactOutcome>>();
        for (var number = 0; waiting.Count == 0 || !waiting[^1].IsFaulted; number++)
        {
            number.ShouldBeLessThan(MoreThanAnyQueue, "a queue without a bound");
            waiting.Add(book.ApplyAsync(Engine.ByUrn($"ext:{number}", "Ana")));
        }

        await Should.ThrowAsync<BookBusyException>(waiting[^1]);
        waiting.RemoveAt(waiting.Count - 1);
        waiting.Count.ShouldBe(Queue);
        using (var keyed = new KeyedClient(server, book.Client.Workspace.Token))
        {
            var refused = await keyed.PostAsync(null, "contacts.json", """{"name":"Too many"}""");
            (refused.Status, refused.RetryAfter).ShouldBe((503, "1"), refused.Body);
            (await keyed.GetAsync("contacts.json?urn=ext:held")).Status.ShouldBe(200, "reading has a queue of its own");
        }

        var refusals = Refuse(book, 1000);
        GC.Collect();
        refusals.ShouldAllBe(refusal => !refusal.IsAlive, "a refused call leaves nothing behind");
        await lane.OpenAsync();
        (await Task.WhenAll(waiting)).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Created);
        (await book.ApplyAsync(Engine.ByUrn("ext:more", "Bia"))).Effect.ShouldBe(ContactEffect.Created);
        (await server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1", book.WorkspaceId)).ShouldBe(waiting.Count + 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_workspace_whose_calls_all_wait_holds_up_no_other(bool isBulk)
    {
        using var noisy = await Engine.OfNewWorkspaceAsync(server);
        using var quiet = await Engine.OfNewWorkspaceAsync(server);
        await quiet.ApplyAsync(Engine.ByUrn("ext:1"));
        await using var lane = await noisy.HoldLaneAsync();
        var waiting = Enumerable.Range(0, 60).Select(number => isBulk
            ? noisy.Client.PostAsync("contacts_bulk.json", new { contacts = new[] { new { urn = "ext:held", name = $"Name {number}" } } })
            : noisy.Client.PostAsync("contacts.json?urn=ext:held", new { name = $"Name {number}" })).ToList();
        await Task.WhenAny(Task.WhenAll(waiting), Task.Delay(TimeSpan.FromMilliseconds(300)));
        for (var number = 0; number < 20; number++)
        {
            (await quiet.Client.PostAsync("contacts.json?urn=ext:1", new { name = $"Name {number}" }).WaitAsync(AtOnce)).Status.ShouldBe(200);
            (await quiet.Client.GetAsync("contacts.json").WaitAsync(AtOnce)).Status.ShouldBe(200);
            (await quiet.Client.PostAsync("contacts_bulk.json", new { contacts = new[] { new { urn = "ext:1" } } }).WaitAsync(AtOnce)).Status.ShouldBe(200);
        }

        await lane.OpenAsync();
        (await Task.WhenAll(waiting)).ShouldAllBe(reply => reply.Status == 200);
    }

    [Fact]
    public async Task A_server_that_stops_with_a_full_queue_finishes_what_it_took()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = await book.Client.MakeAsync("groups.json", new { name = "Devs" });
        var stopping = await NextServer.StartAsync(server, TimeProvider.System);
        using var there = await Engine.OfAsync(stopping, book.Client.Workspace, server);
        var lane = await there.HoldLaneAsync();
        var before = Enumerable.Range(0, Queue - Taken).Select(number => there.ApplyAsync(Engine.ByUrn($"ext:before-{number % 100}", $"Name {number}"))).ToList();
        var calls = Enumerable.Range(0, Taken + TooMany).Select(number => TryAsync(there.Client, number, group)).ToList();

        // Nothing leaves the queue before the lane is opened: when so many were refused, all the others are in it, and it is full.
        await Eventually.BecomesTrueAsync(() => calls.Count(call => call.IsCompleted) == TooMany, "those who are too many are refused");
        calls.Where(call => call.IsCompleted).Select(call => call.Result).ShouldAllBe(status => status == 503);
        var stopped = stopping.DisposeAsync().AsTask();
        await UntilDeafAsync(stopping);
        await lane.OpenAsync();
        await stopped;
        (await Task.WhenAll(before)).ShouldAllBe(outcome => outcome.Contact != null);
        var statuses = await Task.WhenAll(calls);
        statuses.Count(status => status == 201).ShouldBe(Taken, "calls that were taken are answered");
        foreach (var (number, status) in statuses.Index())
        {
            var found = (await book.Client.GetAsync($"contacts.json?urn=ext:{number}")).Results;
            found.Count.ShouldBe(status == 201 ? 1 : 0);
            found.ShouldAllBe(contact => contact!["groups"]![0]!["uuid"]!.ToString() == group, "wholly in");
        }

        await server.ShouldBeConsistentAsync();
        await lane.DisposeAsync();
    }

    /// <summary>Refused calls that nothing here holds any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Refuse(Engine book, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var change = Engine.ByUrn("ext:more", "Bia");
        book.ApplyAsync(change).IsFaulted.ShouldBeTrue();
        return new WeakReference(change);
    })];

    /// <summary>The status of an upsert; 0 when the connection was refused or lost.</summary>
    private static async Task<int> TryAsync(WeniClient client, int number, string group)
    {
        try
        {
            return (await client.PostAsync($"contacts.json?urn=ext:{number}", new { name = $"Name {number}", groups = new[] { group } })).Status;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task UntilDeafAsync(TestServer stopping)
    {
        var address = new Uri(stopping.Address);
        for (var isListening = true; isListening; await Task.Delay(10))
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                isListening = false;
            }
        }
    }
}
