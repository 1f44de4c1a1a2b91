using Contacts.Core;
using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core.Races;

/// <summary>The connection goes while a batch commits. What became of it is looked up: the answer is true, and nothing is written twice.</summary>
public sealed class LostCommitRaces(LostCommitRaces.WiredServer server) : IClassFixture<LostCommitRaces.WiredServer>
{
    public static TheoryData<LostWhen, bool> EveryLoss()
    {
        var losses = new TheoryData<LostWhen, bool>();
        foreach (var when in Enum.GetValues<LostWhen>())
        {
            losses.Add(when, false);
            losses.Add(when, true);
        }

        return losses;
    }

    [Theory]
    [MemberData(nameof(EveryLoss))]
    public async Task A_creation_makes_one_contact(LostWhen when, bool shares)
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var outcomes = await LoseAsync(book, new CommitLoss(when), shares, Engine.New(), Engine.New("ext:1"), Engine.ByUrn("ext:2", "Ana"));
        outcomes.ShouldAllBe(outcome => outcome.Effect == ContactEffect.Created);
        (await book.Client.GetAsync("contacts.json")).Results.Count(contact => contact!["urns"]!.ToJsonString() != """["ext:held"]""").ShouldBe(3);
        (await book.NameOfAsync("ext:2")).ShouldBe("Ana");
        await server.ShouldBeConsistentAsync();
    }

    [Theory]
    [MemberData(nameof(EveryLoss))]
    public async Task A_change_is_made_once(LostWhen when, bool shares)
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var made = await book.ApplyListAsync(Engine.New("ext:1"), Engine.New("ext:2"), Engine.New("ext:3"));
        var outcomes = await LoseAsync(
            book,
            new CommitLoss(when),
            shares,
            Engine.ByUrn("ext:1", "Ana"),
            new ContactChange { Id = made[1].Contact!.Id, Urns = [Engine.Urn("ext:3")] },
            new ContactChange { Id = made[2].Contact!.Id, Delete = true });
        outcomes.Select(outcome => outcome.Effect).ShouldBe([ContactEffect.Updated, ContactEffect.Updated, ContactEffect.Deleted], "a second deletion would be refused");
        var stored = (await book.Client.GetAsync("contacts.json?urn=ext:1")).Results.ShouldHaveSingleItem()!;
        stored["name"]!.ToString().ShouldBe("Ana");
        stored["modified_on"]!.GetValue<DateTime>().ShouldBe(outcomes[0].Contact!.ModifiedOn, "the answer shows the write that is in the book");
        (await book.Client.GetAsync("contacts.json?urn=ext:3")).Results.ShouldHaveSingleItem()!["uuid"]!.ToString().ShouldBe(made[1].Contact!.Id.ToString());
        await server.ShouldBeConsistentAsync();
    }

    [Theory]
    [InlineData(LostWhen.Before)]
    [InlineData(LostWhen.After)]
    public async Task A_client_notices_nothing(LostWhen when)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        server.Wire.Lose(new CommitLoss(when));
        (await client.PostAsync("contacts.json?urn=ext:1", new { name = "Ana" })).Status.ShouldBe(201);
        server.Wire.Lose(new CommitLoss(when));
        (await client.PostAsync("contacts_bulk.json", new { contacts = new[] { new { urn = "ext:1" }, new { urn = "ext:2" } } }))
            .Results.Select(result => (int)result!["status"]!).ShouldBe([200, 201]);
        server.Wire.Lose(new CommitLoss(when));
        (await client.DeleteAsync("contacts.json?urn=ext:1")).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData(LostWhen.Before, 0)]
    [InlineData(LostWhen.After, 1)]
    public async Task A_database_that_comes_back_is_asked_then(LostWhen when, int made)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var isBack = Task.CompletedTask;
        long found = -1;
        server.Wire.Lose(new CommitLoss(when, () =>
        {
            server.Wire.IsAway = true;
            isBack = ComeBackAsync();
            return Task.CompletedTask;
        }));
        (await client.PostAsync("contacts.json", new { name = "Ana" })).Status.ShouldBe(201);
        await isBack;
        found.ShouldBe(made, "the commit was lost when it was meant to be");

        // The pools still hold what was cut; the watch, which does not run here, would empty them.
        server.Services.GetRequiredService<BookConnections>().Clear();
        (await client.GetAsync("contacts.json")).Results.ShouldHaveSingleItem();

        async Task ComeBackAsync()
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            found = await server.CountBesideAsync($"SELECT count(*) FROM contacts WHERE workspace_id = '{client.Workspace.Id}'");
            server.Wire.IsAway = false;
        }
    }

    [Fact]
    public async Task What_cannot_be_told_is_told_and_known_under_a_key()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        using var keyed = new KeyedClient(server, client.Workspace.Token);
        var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        server.Wire.Lose(new CommitLoss(LostWhen.After, () => ChangeBesideAsync(uuid)));
        var unknown = await keyed.PostAsync("key", "contacts.json?urn=ext:1", """{"name":"Ana"}""");
        (unknown.Status, unknown.RetryAfter).ShouldBe((503, "1"), unknown.Body);
        var again = await keyed.PostAsync("key", "contacts.json?urn=ext:1", """{"name":"Ana"}""");
        (again.Status, again.IsReplay, again.Text("name"), again.Text("language")).ShouldBe((200, true, "Ana", "por"), "the change was made once, and another's after it");
    }

    [Fact]
    public async Task Another_change_that_came_instead_is_not_taken_for_ones_own()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        var beside = Task.CompletedTask;
        server.Wire.Lose(new CommitLoss(LostWhen.Before, async () =>
        {
            // It waits for the row, and gets it when the connection is gone; the look-up stands behind it.
            beside = ChangeBesideAsync(uuid);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }));
        (await client.PostAsync("contacts.json?urn=ext:1", new { name = "Ana" })).Status.ShouldBe(503);
        await beside;
        var stored = (await client.GetAsync("contacts.json?urn=ext:1")).Results.ShouldHaveSingleItem()!;
        (stored["name"], stored["language"]!.ToString()).ShouldBe((null, "por"));
    }

    /// <summary>Another server's change, a moment later than now.</summary>
    private async Task ChangeBesideAsync(string uuid) => await server.CountBesideAsync(
        $"WITH done AS (UPDATE contacts SET language = 'por', modified_on = now() + interval '1 minute' WHERE id = '{uuid}' RETURNING 1) SELECT count(*) FROM done");

    /// <summary>Applies changes, one after the other or in one batch, and loses the commit of each.</summary>
    private async Task<ContactOutcome[]> LoseAsync(Engine book, CommitLoss loss, bool shares, params ContactChange[] changes)
    {
        if (shares)
        {
            await using var lane = await book.HoldLaneAsync();
            var sharing = changes.Select(change => book.ApplyAsync(change)).ToList();
            server.Wire.Lose(loss, after: 1);
            await lane.OpenAsync();
            return await Task.WhenAll(sharing);
        }

        var outcomes = new List<ContactOutcome>();
        foreach (var change in changes)
        {
            server.Wire.Lose(loss);
            outcomes.Add(await book.ApplyAsync(change));
        }

        return [.. outcomes];
    }

    /// <summary>A server whose wire to PostgreSQL can be cut.</summary>
    public sealed class WiredServer : TestServer
    {
        private PostgresWire? _wire;

        public PostgresWire Wire => _wire ??= PostgresWire.Listen(Database);

        // The COMMIT that is lost is the test's own, and not that of the recorder of calls.
        protected override bool WorksInBackground => false;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings:Contacts"] = Wire.ConnectionString };

        /// <summary>The number that a statement answers, asked past the wire.</summary>
        public async Task<long> CountBesideAsync(string sql)
        {
            await using var connection = new Npgsql.NpgsqlConnection(Database);
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
