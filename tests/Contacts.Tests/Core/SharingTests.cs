using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core;

/// <summary>
/// What arrives at once shares a transaction, or a statement when it only looks: counted on the wire, at a server as it comes, whose clock stands still, so
/// that nothing can be waiting for it.
/// </summary>
public sealed class SharingTests(StatementCountTests.WiredServer server) : IClassFixture<StatementCountTests.WiredServer>
{
    private const int MoreThanAnyQueue = 50_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 1)]
    [InlineData(128, 1)]
    [InlineData(129, 2)]
    public async Task Changes_that_come_while_a_batch_is_at_work_are_the_next_one(int calls, int batches)
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        await using var lane = await book.HoldLaneAsync();
        var waiting = Enumerable.Range(0, calls).Select(number => book.ApplyAsync(Engine.ByUrn($"ext:{number}", $"Name {number}"))).ToList();
        var seen = await server.Wire.DuringAsync(async () =>
        {
            await lane.OpenAsync();
            (await Task.WhenAll(waiting)).Select(outcome => outcome.Contact!.Name).ShouldBe(Enumerable.Range(0, calls).Select(number => $"Name {number}"));
        });
        seen.Statements.Count(sql => sql.StartsWith("BEGIN", StringComparison.Ordinal)).ShouldBe(batches);
        seen.Statements.Count(sql => sql == "COMMIT").ShouldBe(batches + 1, "these, and the call that held the lane");
    }

    [Fact]
    public async Task Look_ups_that_come_while_one_is_at_work_share_a_statement_and_get_an_answer_each()
    {
        var looks = await LookUpsAsync();
        await using var door = await looks.HoldAsync();
        string[] urns = ["ext:2", "ext:nobody", "ext:1", "whatsapp:5511987654321", "whatsapp:551187654321", "ext:2"];
        var waiting = urns.Select(urn => looks.FindAsync(urn)).ToList();
        using var patience = new CancellationTokenSource();
        var cancelled = looks.FindAsync("ext:1", patience.Token);
        await patience.CancelAsync();
        var seen = await server.Wire.DuringAsync(async () =>
        {
            await door.RollBackAsync();
            (await Task.WhenAll(waiting)).ShouldBe(["Bia", null, "Ana", "Cleo", "Cleo", "Bia"]);
        });
        seen.Statements.ShouldHaveSingleItem().ShouldContain("contact_urns");
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
    }

    [Fact]
    public async Task A_full_queue_of_look_ups_is_a_503_and_everything_that_waits_is_answered()
    {
        var looks = await LookUpsAsync();
        using var keyed = new KeyedClient(server, looks.Token);
        await using var door = await looks.HoldAsync();
        var waiting = new List<Task<string?>>();
        while (waiting.Count == 0 || !waiting[^1].IsFaulted)
        {
            waiting.Count.ShouldBeLessThan(MoreThanAnyQueue, "a queue without a bound");
            waiting.Add(looks.FindAsync("ext:1"));
        }

        await Should.ThrowAsync<BookBusyException>(waiting[^1]);
        waiting.RemoveAt(waiting.Count - 1);
        var refused = await keyed.GetAsync("contacts.json?urn=ext:1");
        (refused.Status, refused.RetryAfter).ShouldBe((503, "1"), refused.Body);
        await door.RollBackAsync();
        (await Task.WhenAll(waiting)).ShouldAllBe(name => name == "Ana");
        (await keyed.GetAsync("contacts.json?urn=ext:1")).Status.ShouldBe(200);
    }

    private async Task<Looks> LookUpsAsync()
    {
        var made = await server.NewWorkspaceAsync(settings => settings.VerifyNinthDigit = true);
        using var client = new WeniClient(server, made);
        await client.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        await client.MakeAsync("contacts.json", new { name = "Bia", urns = new[] { "ext:2" } });
        await client.MakeAsync("contacts.json", new { name = "Cleo", urns = new[] { "whatsapp:5511987654321" } });
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(made.Token, CancellationToken.None);
        return new Looks(server, caller!.Workspace, made.Token);
    }

    /// <summary>A workspace's look-ups without HTTP: when the method returns the look-up stands in the workspace's lane.</summary>
    private sealed class Looks(TestServer server, Workspace workspace, string token)
    {
        private readonly ContactLookUps _lookUps = server.Services.GetRequiredService<ContactLookUps>();

        public string Token => token;

        /// <summary>Holds the lane: a look-up is at work that gets no answer, since the table is locked.</summary>
        public async Task<HeldDoor> HoldAsync()
        {
            var door = await HeldDoor.CloseAsync(server, "LOCK TABLE contact_urns IN ACCESS EXCLUSIVE MODE");
            _ = FindAsync("ext:1");
            await door.UntilWaitingAsync(1);
            return door;
        }

        /// <summary>The name of whoever has a URN, or null.</summary>
        public async Task<string?> FindAsync(string text, CancellationToken cancellation = default) =>
            (await _lookUps.FindAsync(workspace, Engine.Urn(text), cancellation))?.Name;
    }
}
