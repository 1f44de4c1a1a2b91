using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core;

/// <summary>Several changes in one transaction: each sees those before it, and each is answered on its own.</summary>
public sealed class ContactBatchTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Changes_see_each_other_in_their_order()
    {
        var book = await OpenAsync();
        var outcomes = await book.ApplyAsync(
            ByUrn("ext:1") with { Name = "One" }, ByUrn("ext:1") with { Name = "Two", Language = "por" }, ByUrn("ext:1") with { Name = "Three" });
        outcomes.Select(outcome => outcome.Effect).ShouldBe([ContactEffect.Created, ContactEffect.Updated, ContactEffect.Updated]);
        outcomes.Select(outcome => outcome.Contact!.Name).ShouldBe(["One", "Two", "Three"], "an answer shows the contact right after its own change");
        outcomes.Select(outcome => outcome.Contact!.Id).Distinct().ShouldHaveSingleItem();
        var stored = await book.FindAsync("ext:1");
        (stored!.Name, stored.Language).ShouldBe(("Three", "por"));
        outcomes.Select(outcome => outcome.Contact!.ModifiedOn).ShouldBeInOrder(SortDirection.Ascending);
        stored.ModifiedOn.ShouldBe(outcomes[2].Contact!.ModifiedOn);
    }

    [Fact]
    public async Task A_contact_is_one_by_whichever_urn_or_id_it_is_named()
    {
        var book = await OpenAsync();
        var made = (await book.ApplyAsync(Create("whatsapp:5582912345678", "ext:1")))[0].Contact!;
        var outcomes = await book.ApplyAsync(
            ByUrn("ext:1") with { Name = "Ana" },
            ByUrn("whatsapp:558212345678") with { Language = "por" },
            new ContactChange { Id = made.Id, Urns = Urns("ext:2") },
            ByUrn("ext:2") with { Name = "Bea" });
        outcomes.ShouldAllBe(outcome => outcome.Effect == ContactEffect.Updated && outcome.Contact!.Id == made.Id);
        var stored = await book.FindAsync("ext:2");
        (stored!.Name, stored.Language, stored.Urns.Count).ShouldBe(("Bea", "por", 1));
        (await book.FindAsync("ext:1")).ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_change_refuses_only_itself()
    {
        var book = await OpenAsync();
        await book.ApplyAsync(Create("ext:taken"));
        var outcomes = await book.ApplyAsync(
            ByUrn("ext:1"), Create("ext:2", "ext:taken"), new ContactChange { Id = Guid.CreateVersion7(), Name = "Nobody" }, Create("ext:1"), Create("ext:2"));
        outcomes.Select(outcome => outcome.Effect).ShouldBe(
            [ContactEffect.Created, ContactEffect.Refused, ContactEffect.Refused, ContactEffect.Refused, ContactEffect.Created]);
        outcomes[1].Refusal.ShouldBeOfType<Refusal.UrnTaken>().Identity.ShouldBe("ext:taken");
        outcomes[2].Refusal.ShouldBe(new Refusal.NotFound());
        outcomes[3].Refusal.ShouldBe(new Refusal.UrnTaken("ext:1", outcomes[0].Contact!.Id), "a change of the same batch has it");
        (await book.CountAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_urn_moves_from_contact_to_contact_within_a_batch()
    {
        var book = await OpenAsync();
        var made = await book.ApplyAsync(Create("ext:a", "ext:moving", "ext:last"), Create("ext:b"), Create("ext:c"));
        var ids = made.Select(outcome => outcome.Contact!.Id).ToArray();
        var outcomes = await book.ApplyAsync(
            new ContactChange { Id = ids[1], Urns = Urns("ext:b", "ext:moving") },
            ByUrn("ext:moving") with { Name = "It is b's" },
            new ContactChange { Id = ids[2], Urns = Urns("ext:moving", "ext:c") },
            ByUrn("ext:moving") with { Language = "por" });
        outcomes.ShouldAllBe(outcome => outcome.Effect == ContactEffect.Updated);
        outcomes[1].Contact!.Id.ShouldBe(ids[1]);
        outcomes[3].Contact!.Id.ShouldBe(ids[2]);
        Show(await book.FindAsync("ext:a")).ShouldBe("ext:a ext:last");
        Show(await book.FindAsync("ext:b")).ShouldBe("ext:b");
        Show(await book.FindAsync("ext:c")).ShouldBe("ext:moving ext:c");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_urn_that_comes_back_is_where_it_was()
    {
        var book = await OpenAsync();
        var made = await book.ApplyAsync(Create("ext:1", "ext:2"), Create("ext:3"));
        await book.ApplyAsync(
            new ContactChange { Id = made[1].Contact!.Id, Urns = Urns("ext:1") },
            new ContactChange { Id = made[0].Contact!.Id, Urns = Urns("ext:1", "ext:2") });
        Show(await book.FindAsync("ext:1")).ShouldBe("ext:1 ext:2");
        (await book.FindAsync("ext:3")).ShouldBeNull("the list of the second contact replaced it");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_urn_is_made_deleted_and_made_again_within_a_batch()
    {
        var book = await OpenAsync();
        var outcomes = await book.ApplyAsync(
            ByUrn("ext:1") with { Name = "First" }, new ContactChange { Urn = Urn("ext:1"), Delete = true },
            new ContactChange { Urn = Urn("ext:1"), Delete = true }, ByUrn("ext:1") with { Name = "Second" });
        outcomes.Select(outcome => outcome.Effect).ShouldBe(
            [ContactEffect.Created, ContactEffect.Deleted, ContactEffect.Refused, ContactEffect.Created]);
        var stored = await book.FindAsync("ext:1");
        stored!.Id.ShouldBe(outcomes[3].Contact!.Id);
        stored.Id.ShouldNotBe(outcomes[0].Contact!.Id);
        (await book.CountAsync()).ShouldBe(2, "the first one is a tombstone");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_stored_contact_is_deleted_and_its_urn_given_on_within_a_batch()
    {
        var book = await OpenAsync();
        var before = (await book.ApplyAsync(Create("ext:1", "ext:2")))[0].Contact!;
        var outcomes = await book.ApplyAsync(
            new ContactChange { Id = before.Id, Delete = true }, new ContactChange { Id = before.Id, Name = "Too late" }, Create("ext:2"));
        outcomes[1].Refusal.ShouldBe(new Refusal.ContactDeleted());
        (await book.FindAsync("ext:2"))!.Id.ShouldBe(outcomes[2].Contact!.Id);
        (await book.FindAsync("ext:1")).ShouldBeNull();
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Five_hundred_changes_are_one_batch()
    {
        var book = await OpenAsync();
        var changes = Enumerable.Range(0, 500).Select(number => ByUrn($"ext:{number % 400}") with { Name = $"Name {number}" }).ToArray();
        var outcomes = await book.ApplyAsync(changes);
        outcomes.Count(outcome => outcome.Effect == ContactEffect.Created).ShouldBe(400);
        outcomes.Select(outcome => outcome.Contact!.Name).ShouldBe(changes.Select(change => change.Name.Value));
        (await book.FindAsync("ext:99"))!.Name.ShouldBe("Name 499");
        (await book.CountAsync()).ShouldBe(400);
    }

    [Fact]
    public async Task A_change_that_the_database_cannot_hold_fails_alone()
    {
        var book = await OpenAsync();
        var changes = Enumerable.Range(0, 9).Select(number => ByUrn($"ext:{number}") with { Name = number == 4 ? "a\0b" : $"Name {number}" }).ToArray();
        var outcomes = await book.ApplyAsync(changes);
        outcomes[4].Refusal.ShouldBeOfType<Refusal.Failed>().Error.Message.ShouldContain("0x00");
        outcomes.Where((_, number) => number != 4).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Created);
        (await book.CountAsync()).ShouldBe(8);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Batches_that_race_for_the_same_urns_make_each_contact_once()
    {
        var book = await OpenAsync();
        var batches = await Racing.RunAsync(8, number => book.ApplyAsync([.. Enumerable.Range(0, 40)
            .Select(urn => ByUrn($"ext:{(number % 2 == 0 ? urn : 39 - urn)}") with { Name = $"By {number}" })]));
        batches.SelectMany(outcomes => outcomes).Count(outcome => outcome.Effect == ContactEffect.Created).ShouldBe(40);
        batches.SelectMany(outcomes => outcomes).Select(outcome => outcome.Refusal).ShouldAllBe(refusal => refusal == null);
        (await book.CountAsync()).ShouldBe(40);
        await server.ShouldBeConsistentAsync();
    }

    private static Urn Urn(string text)
    {
        Contacts.Urns.Urn.TryNormalize(text, null, out var urn).ShouldBe(UrnFault.None);
        return urn;
    }

    private static Urn[] Urns(params string[] texts) => [.. texts.Select(Urn)];

    private static ContactChange ByUrn(string urn) => new() { Urn = Urn(urn) };

    private static ContactChange Create(params string[] urns) => new() { Urns = Urns(urns) };

    private static string Show(Contact? contact) => string.Join(' ', contact!.Urns);

    private async Task<Book> OpenAsync()
    {
        var token = (await server.NewWorkspaceAsync()).Token;
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(token, CancellationToken.None);
        return new Book(server, caller!.Workspace);
    }

    private sealed class Book(TestServer server, Workspace workspace)
    {
        public Task<IReadOnlyList<ContactOutcome>> ApplyAsync(params ContactChange[] changes) =>
            server.Services.GetRequiredService<ContactWriter>().ApplyAsync(workspace, changes, CancellationToken.None);

        public Task<Contact?> FindAsync(string urn) =>
            server.Services.GetRequiredService<ContactLookUps>().FindAsync(workspace, Urn(urn), CancellationToken.None);

        /// <summary>All contacts, tombstones included.</summary>
        public Task<long> CountAsync() => server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1", workspace.Id);
    }
}
