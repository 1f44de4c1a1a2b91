using Contacts.Core;
using Contacts.Tests.Support;
using Npgsql;

namespace Contacts.Tests.Core.Races;

/// <summary>Calls that share a batch while something else changes what they are about: each gets the answer that is true for it, and so do its neighbours.</summary>
public sealed class SharedBatchRaces(TestServer server) : IClassFixture<TestServer>
{
    private const int Callers = 40;

    // PostgreSQL looks for a circle of waiting transactions when one has waited for a second.
    private static readonly TimeSpan BeyondFirstLook = TimeSpan.FromSeconds(1.2);

    [Fact]
    public async Task A_new_urn_named_by_many_is_made_by_the_first()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        await using var lane = await book.HoldLaneAsync();
        var upserts = Enumerable.Range(0, Callers).Select(number => book.ApplyAsync(Engine.ByUrn("ext:new", $"Name {number}"))).ToList();
        var refused = book.ApplyAsync(Engine.New("ext:other", "ext:new"));
        await lane.OpenAsync();
        var outcomes = await Task.WhenAll(upserts);
        outcomes.Select(outcome => outcome.Effect).ShouldBe([ContactEffect.Created, .. Enumerable.Repeat(ContactEffect.Updated, Callers - 1)]);
        outcomes.Select(outcome => outcome.Contact!.Name).ShouldBe(Enumerable.Range(0, Callers).Select(number => $"Name {number}"));
        (await refused).Refusal.ShouldBe(new Refusal.UrnTaken("ext:new", outcomes[0].Contact!.Id));
        (await book.NameOfAsync("ext:new")).ShouldBe($"Name {Callers - 1}");
        (await book.NameOfAsync("ext:other")).ShouldBeNull();
    }

    [Fact]
    public async Task A_urn_that_another_server_makes_meanwhile_is_updated_and_its_neighbours_are_made_once()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        await using var lane = await book.HoldLaneAsync();
        var racing = Enumerable.Range(0, Callers).Select(number => book.ApplyAsync(Engine.ByUrn($"ext:{number}", $"Name {number}"))).ToList();
        await using var other = await HeldDoor.CloseAsync(
            server,
            """
            WITH made AS (
              INSERT INTO contacts (workspace_id, id, language, status, fields, created_on, modified_on)
              VALUES ($1, gen_random_uuid(), 'por', 0, '{}', now(), now()) RETURNING workspace_id, id)
            INSERT INTO contact_urns (workspace_id, identity, contact_id, position) SELECT workspace_id, 'ext:7', id, 0 FROM made
            """,
            book.WorkspaceId);
        await lane.OpenAsync();
        await other.UntilWaitingAsync(1);
        await other.CommitAsync();
        foreach (var (number, outcome) in (await Task.WhenAll(racing)).Index())
        {
            outcome.Effect.ShouldBe(number == 7 ? ContactEffect.Updated : ContactEffect.Created);
            (outcome.Contact!.Name, outcome.Contact.Language).ShouldBe(($"Name {number}", number == 7 ? "por" : null));
        }

        (await book.Client.GetAsync("contacts.json")).Results.Count.ShouldBe(Callers + 1);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Two_contacts_swap_a_urn_in_one_batch()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var made = await book.ApplyListAsync(Engine.New("ext:left", "ext:stays"), Engine.New("ext:right"));
        await using var lane = await book.HoldLaneAsync();
        var left = book.ApplyAsync(new ContactChange { Id = made[0].Contact!.Id, Urns = [Engine.Urn("ext:right"), Engine.Urn("ext:stays")] });
        var right = book.ApplyAsync(new ContactChange { Id = made[1].Contact!.Id, Urns = [Engine.Urn("ext:left")] });
        var named = book.ApplyAsync(Engine.ByUrn("ext:left", "Who has it now"));
        await lane.OpenAsync();
        string.Join(' ', (await left).Contact!.Urns).ShouldBe("ext:right ext:stays");
        string.Join(' ', (await right).Contact!.Urns).ShouldBe("ext:left");
        (await named).Contact!.Id.ShouldBe(made[1].Contact!.Id);
        (await book.Client.GetAsync("contacts.json?urn=ext:right")).Results[0]!["uuid"]!.ToString().ShouldBe(made[0].Contact!.Id.ToString());
        (await book.NameOfAsync("ext:left")).ShouldBe("Who has it now");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_urn_that_moves_between_look_up_and_lock_starts_the_batch_over()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var made = await book.ApplyListAsync(Engine.New("ext:first", "ext:moving"), Engine.New("ext:second"));
        await using var other = await HeldDoor.CloseAsync(
            server,
            "WITH held AS (SELECT FROM contacts WHERE id = $1 FOR UPDATE) UPDATE contact_urns SET contact_id = $2, position = 1 WHERE workspace_id = $3 AND identity = 'ext:moving' AND EXISTS (SELECT FROM held)",
            made[0].Contact!.Id,
            made[1].Contact!.Id,
            book.WorkspaceId);
        await using var lane = await book.HoldLaneAsync();
        var racing = Enumerable.Range(0, Callers).Select(number => book.ApplyAsync(Engine.ByUrn(number == 7 ? "ext:moving" : $"ext:{number}", $"Name {number}"))).ToList();
        await lane.OpenAsync();
        await other.UntilWaitingAsync(1);

        // A third server is changing who gets the URN: a batch that wrote to it without its lock would undo that.
        await using var third = await HeldDoor.CloseAsync(server, "UPDATE contacts SET language = 'por' WHERE workspace_id = $1 AND id = $2", book.WorkspaceId, made[1].Contact!.Id);
        await other.CommitAsync();
        await third.UntilBlockingAsync();
        await third.CommitAsync();
        var outcomes = await Task.WhenAll(racing);
        (outcomes[7].Contact!.Id, outcomes[7].Contact!.Language).ShouldBe((made[1].Contact!.Id, "por"));
        (await book.Client.GetAsync("contacts.json?urn=ext:second")).Results[0]!["language"]!.ToString().ShouldBe("por");
        outcomes.Where((_, number) => number != 7).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Created);
        (await book.NameOfAsync("ext:second")).ShouldBe("Name 7");
        (await book.NameOfAsync("ext:first")).ShouldBeNull("the batch found this contact first, and let go of it");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_group_that_is_deleted_meanwhile_refuses_those_who_name_it()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = await book.Client.MakeAsync("groups.json", new { name = "Devs" });
        await book.ApplyAsync(Engine.ByUrn("ext:old"));
        await using var lane = await book.HoldLaneAsync();
        var racing = Racing.RunAsync(
            () => book.Client.PostAsync("contacts.json?urn=ext:1", new { groups = new[] { "devs" } }),
            () => book.Client.PostAsync("contact_actions.json", new { contacts = new[] { "ext:old" }, action = "add", group }),
            () => book.Client.PostAsync("contacts.json?urn=ext:2", new { name = "Ana" }));
        (await book.Client.DeleteAsync($"groups.json?uuid={group}")).Status.ShouldBe(204);
        await lane.OpenAsync();
        var replies = await racing;
        if (replies[0].Status != 201)
            replies[0].ShouldBeRefused("groups", "No such object: devs");
        if (replies[1].Status != 204)
            replies[1].ShouldBeRefused("group", $"No such object: {group}");
        replies[2].Status.ShouldBe(201, replies[2].Body);
        (await book.Client.GetAsync("contacts.json")).Results.ShouldAllBe(contact => contact!["groups"]!.AsArray().Count == 0);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_batch_that_waits_for_the_deletion_of_a_group_refuses_those_who_name_it_and_nobody_else()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = new Group
        {
            WorkspaceId = book.WorkspaceId,
            Id = Guid.Parse(await book.Client.MakeAsync("groups.json", new { name = "Devs" })),
            Name = "Devs",
            NameKey = "devs",
            CreatedOn = DateTime.UtcNow,
        };
        await using var lane = await book.HoldLaneAsync();
        var racing = Enumerable.Range(0, Callers).Select(number => book.ApplyAsync(
            Engine.ByUrn($"ext:{number}", $"Name {number}") with { Groups = number % 3 == 0 ? [new NamedGroup(group, "devs")] : null })).ToList();
        await using var deletion = await HeldDoor.CloseAsync(
            server, "WITH held AS (SELECT id FROM groups WHERE id = $1 FOR UPDATE) UPDATE groups g SET deleted_on = now() FROM held WHERE g.id = held.id", group.Id);
        await lane.OpenAsync();
        await deletion.UntilWaitingAsync(1);
        await deletion.CommitAsync();
        foreach (var (number, outcome) in (await Task.WhenAll(racing)).Index())
        {
            if (number % 3 == 0)
                outcome.Refusal.ShouldBe(new Refusal.GroupUnknown("devs"));
            else
                outcome.Effect.ShouldBe(ContactEffect.Created);
        }

        (await book.NameOfAsync("ext:3")).ShouldBeNull("a refused change makes nothing");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task An_action_on_a_group_that_goes_while_it_waits_is_refused()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = await book.Client.MakeAsync("groups.json", new { name = "Devs" });
        await book.ApplyAsync(Engine.ByUrn("ext:old"));
        await using var door = await HeldDoor.CloseAsync(
            server,
            "WITH held AS (SELECT id FROM groups WHERE id = $1 FOR UPDATE) UPDATE groups g SET deleted_on = now() FROM held WHERE g.id = held.id",
            Guid.Parse(group));
        var action = book.Client.PostAsync("contact_actions.json", new { contacts = new[] { "ext:old" }, action = "add", group });
        await door.UntilWaitingAsync(1);
        await door.CommitAsync();
        (await action).ShouldBeRefused("group", $"No such object: {group}");
    }

    [Fact]
    public async Task A_group_and_a_field_that_get_another_name_meanwhile_are_the_same()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = await book.Client.MakeAsync("groups.json", new { name = "Devs" });
        await book.Client.MakeAsync("fields.json", new { label = "Age", value_type = "text" });
        await book.Client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        await using var door = await HeldDoor.CloseAsync(
            server, "SELECT FROM contacts c JOIN contact_urns u ON u.contact_id = c.id WHERE u.workspace_id = $1 AND identity = 'ext:1' FOR UPDATE OF c", book.WorkspaceId);
        var racing = book.Client.PostAsync("contacts.json?urn=ext:1", new { groups = new[] { "Devs" }, fields = new { age = "39" } });
        await door.UntilWaitingAsync(1);
        (await book.Client.PostAsync($"groups.json?uuid={group}", new { name = "Reporters" })).Status.ShouldBe(200);
        (await book.Client.PostAsync("fields.json?key=age", new { label = "Years", value_type = "numeric" })).Status.ShouldBe(200);
        await door.RollBackAsync();
        (await racing).Status.ShouldBe(200);
        var stored = (await book.Client.GetAsync("contacts.json?urn=ext:1")).Results.ShouldHaveSingleItem()!;
        stored["groups"]![0]!["name"]!.ToString().ShouldBe("Reporters");
        stored["fields"]!["age"]!.ToString().ShouldBe("39");
    }

    [Fact]
    public async Task A_batch_in_a_deadlock_with_a_foreign_transaction_starts_over()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var made = await book.ApplyListAsync(Engine.New("ext:0"), Engine.New("ext:1"), Engine.New("ext:2"));
        await using var middle = await HoldAsync(made[1].Contact!.Id);
        await using var foreign = new NpgsqlConnection(server.Database);
        await foreign.OpenAsync();
        await using var transaction = await foreign.BeginTransactionAsync();
        await LockAsync(foreign, made[2].Contact!.Id);

        // The batch has the first and waits for the second; the foreign one has the third and waits for the first.
        var bulk = book.ApplyListAsync([.. Enumerable.Range(0, 3).Select(number => Engine.ByUrn($"ext:{number}", $"Bulk {number}"))]);
        await middle.UntilWaitingAsync(1);
        var foreignLock = LockAsync(foreign, made[0].Contact!.Id);
        await middle.UntilWaitingAsync(2);
        await Task.Delay(BeyondFirstLook);
        await middle.RollBackAsync();
        await foreignLock;
        await transaction.CommitAsync();
        (await bulk).Select(outcome => outcome.Contact!.Name).ShouldBe(["Bulk 0", "Bulk 1", "Bulk 2"]);
        (await server.CountAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")).ShouldBeGreaterThan(0, "there was a deadlock, and the batch gave way");
    }

    [Fact]
    public async Task Bulk_jobs_and_single_calls_on_the_same_contacts_all_succeed()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var order = Enumerable.Range(0, 60).ToArray();
        await book.ApplyListAsync([.. order.Select(number => Engine.New($"ext:{number}"))]);
        var bulks = Enumerable.Range(0, 4).Select(job => book.ApplyListAsync(
            [.. (job % 2 == 0 ? order : order.Reverse()).Select(number => Engine.ByUrn($"ext:{number}", $"Job {job}"))])).ToList();
        var singles = Enumerable.Range(0, 600).Select(call => book.ApplyAsync(Engine.ByUrn($"ext:{call * 7 % 60}") with { Language = "por" })).ToList();
        (await Task.WhenAll(bulks)).SelectMany(outcomes => outcomes).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Updated);
        (await Task.WhenAll(singles)).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Updated && outcome.Contact!.Language == "por");
        await server.ShouldBeConsistentAsync();
    }

    private Task<HeldDoor> HoldAsync(Guid contact) => HeldDoor.CloseAsync(server, "SELECT FROM contacts WHERE id = $1 FOR UPDATE", contact);

    private static async Task LockAsync(NpgsqlConnection connection, Guid contact)
    {
        await using var command = new NpgsqlCommand("SELECT FROM contacts WHERE id = $1 FOR UPDATE", connection) { Parameters = { new() { Value = contact } } };
        await command.ExecuteNonQueryAsync();
    }
}
