using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core;

/// <summary>What lists and forms ask of the write engine beside what the dialects do: to add without taking, to refuse what was not seen, and to try.</summary>
public sealed class ContactAdditionTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Addresses_are_added_and_never_taken()
    {
        using var engine = await Engine.OfNewWorkspaceAsync(server);
        var ana = (await engine.ApplyAsync(Engine.New("ext:ana", "whatsapp:5511987654321"))).Contact!;
        await engine.ApplyAsync(Engine.New("ext:bia"));

        // By whichever address anybody has, and not twice in two forms.
        var added = await engine.ApplyAsync(Adding("tel:+5511987654321", "whatsapp:551187654321"));
        added.Contact!.Id.ShouldBe(ana.Id);
        added.Contact.Urns.Select(urn => urn.Identity).ShouldBe(["ext:ana", "whatsapp:5511987654321", "tel:+5511987654321"]);
        (await engine.ApplyAsync(Adding("whatsapp:551187654321"))).Before.ShouldBeNull("it is there in its other form");
        (await engine.ApplyAsync(Adding("ext:bia", "ext:ana"))).Refusal.ShouldBeOfType<Refusal.UrnTaken>().ContactId.ShouldBe(ana.Id);
        (await engine.ApplyAsync(Adding("ext:new", "whatsapp:5511987650000", "whatsapp:551187650000"))).Contact!.Urns.Count.ShouldBe(2);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_change_of_what_was_not_seen_is_refused()
    {
        using var engine = await Engine.OfNewWorkspaceAsync(server);
        var seen = (await engine.ApplyAsync(Engine.New("ext:1"))).Contact!;
        var change = new ContactChange { Id = seen.Id, SeenOn = seen.ModifiedOn, Name = "Ana" };
        (await engine.ApplyAsync(change)).Effect.ShouldBe(ContactEffect.Updated);
        (await engine.ApplyAsync(change with { Name = "Bia" })).Refusal.ShouldBeOfType<Refusal.ContactChanged>().Contact.Name.ShouldBe("Ana");
    }

    [Fact]
    public async Task A_contact_is_made_once_under_an_id_of_its_own()
    {
        using var engine = await Engine.OfNewWorkspaceAsync(server);
        var id = RowId.Of(new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc), engine.WorkspaceId, 7);
        var change = new ContactChange { Id = id, MakesId = true, Name = "Ana" };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => engine.ApplyAsync(change)));
        outcomes.Count(outcome => outcome.Effect == ContactEffect.Created).ShouldBe(1);
        outcomes.ShouldAllBe(outcome => outcome.Contact!.Id == id);
    }

    [Fact]
    public async Task A_try_answers_as_the_engine_would_and_writes_nothing()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var engine = await Engine.OfAsync(server, workspace);
        await engine.ApplyAsync(Engine.New("ext:1"));
        ContactChange[] changes = [Engine.ByUrn("ext:1", "Ana"), Engine.ByUrn("ext:2", "Bia"), Engine.ByUrn("ext:2", "Bia"), Engine.New("ext:1"), new() { Id = Guid.NewGuid(), Delete = true }];
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None);
        var tried = await server.Services.GetRequiredService<ContactWriter>().TryAsync(caller!.Workspace, changes, CancellationToken.None);
        (await engine.NameOfAsync("ext:2")).ShouldBeNull();
        (await engine.NameOfAsync("ext:1")).ShouldBeNull();
        var applied = await engine.ApplyListAsync(changes);
        tried.Select(outcome => (outcome.Effect, outcome.Refusal?.GetType(), outcome.Before is null))
            .ShouldBe(applied.Select(outcome => (outcome.Effect, outcome.Refusal?.GetType(), outcome.Before is null)));
    }

    [Fact]
    public async Task The_same_moment_in_other_words_changes_nothing_when_moments_are_compared()
    {
        using var engine = await Engine.OfNewWorkspaceAsync(server);
        var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var field = Guid.NewGuid();
        var value = FieldValue.Read("31-12-2014", TimeZoneInfo.Utc, DateStyle.DayFirst, now)!;
        var made = (await engine.ApplyAsync(new ContactChange { Fields = new Dictionary<Guid, FieldValue?> { [field] = value } })).Contact!;
        var shown = FieldValue.Read(value.Show(FieldType.Datetime), TimeZoneInfo.Utc, DateStyle.DayFirst, now);
        var change = new ContactChange { Id = made.Id, Fields = new Dictionary<Guid, FieldValue?> { [field] = shown } };
        (await engine.ApplyAsync(change with { ComparesMoments = true })).Before.ShouldBeNull();
        (await engine.ApplyAsync(change)).Before.ShouldNotBeNull();
    }

    private static ContactChange Adding(params string[] urns) => new() { AddUrns = [.. urns.Select(Engine.Urn)] };
}
