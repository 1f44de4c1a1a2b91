using Contacts.Core;
using Contacts.Tests.Support;

namespace Contacts.Tests.Core;

/// <summary>Two contacts become one, in the engine: what no dialect's case can put in place or see.</summary>
public sealed class ContactMergeTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_answer_tells_the_contact_before_and_after()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var (kept, other) = (await MakeAsync(book, "ext:1"), await MakeAsync(book, "ext:2"));
        var outcome = await book.ApplyAsync(Merge(kept, other));
        outcome.Effect.ShouldBe(ContactEffect.Updated);
        outcome.Before!.Urns.Count.ShouldBe(1);
        outcome.Contact!.Urns.Select(urn => urn.Identity).ShouldBe(["ext:1", "ext:2"]);
        outcome.Contact.ModifiedOn.ShouldBeGreaterThan(outcome.Before.ModifiedOn);
        outcome.Contact.Tags.ShouldBeSameAs(outcome.Before.Tags, "what nobody has is not written");
        outcome.Contact.Profile.ShouldBeSameAs(outcome.Before.Profile);
        outcome.Contact.GroupIds.ShouldBeSameAs(outcome.Before.GroupIds);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Dynamic_groups_stay_with_their_searches()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var (kept, other) = (await MakeAsync(book, "ext:1"), await MakeAsync(book, "ext:2"));
        var group = Guid.CreateVersion7();
        await server.ExecuteAsync(
            $"INSERT INTO groups (workspace_id, id, name, name_key, query, created_on) VALUES ({book.WorkspaceId}, {group}, 'Old', 'old', 'age > 60', now())");
        await server.ExecuteAsync($"INSERT INTO group_members (workspace_id, group_id, contact_id) VALUES ({book.WorkspaceId}, {group}, {other})");
        await server.ExecuteAsync($"INSERT INTO group_counts (workspace_id, id, group_id, delta) VALUES ({book.WorkspaceId}, {group}, {group}, 1)");
        (await book.ApplyAsync(Merge(kept, other))).Contact!.GroupIds.ShouldBeEmpty();
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_group_that_is_gone_and_not_yet_cleaned_up_is_in_nobodys_way()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var gone = Guid.Parse(await book.Client.MakeAsync("groups.json", new { name = "Gone" }));
        var here = Guid.Parse(await book.Client.MakeAsync("groups.json", new { name = "Here" }));
        var kept = await MakeAsync(book, "ext:1");
        var other = Guid.Parse(await book.Client.MakeAsync("contacts.json", new { urns = new[] { "ext:2" }, groups = new[] { gone, here } }));
        await server.ExecuteAsync($"UPDATE groups SET deleted_on = now() WHERE workspace_id = {book.WorkspaceId} AND id = {gone}");
        (await book.ApplyAsync(Merge(kept, other))).Contact!.GroupIds.ShouldBe([here]);
        await server.ShouldBeConsistentAsync();
    }

    [Theory]
    [InlineData(ContactStatus.Active, ContactStatus.Stopped, ContactStatus.Stopped)]
    [InlineData(ContactStatus.Active, ContactStatus.Blocked, ContactStatus.Blocked)]
    [InlineData(ContactStatus.Active, ContactStatus.Archived, ContactStatus.Active)]
    [InlineData(ContactStatus.Stopped, ContactStatus.Active, ContactStatus.Stopped)]
    [InlineData(ContactStatus.Blocked, ContactStatus.Stopped, ContactStatus.Blocked)]
    public async Task Whoever_was_stopped_or_blocked_stays_so(ContactStatus keptStatus, ContactStatus otherStatus, ContactStatus expected)
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = await book.Client.MakeAsync("groups.json", new { name = "Devs" });
        var kept = Guid.Parse(await book.Client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" }, groups = new[] { group } }));
        var other = Guid.Parse(await book.Client.MakeAsync("contacts.json", new { urns = new[] { "ext:2" }, groups = new[] { group } }));
        await book.ApplyAsync(new ContactChange { Id = kept, Status = keptStatus });
        await book.ApplyAsync(new ContactChange { Id = other, Status = otherStatus });
        var merged = (await book.ApplyAsync(Merge(kept, other))).Contact!;
        merged.Status.ShouldBe(expected);
        merged.GroupIds.Count.ShouldBe(expected == ContactStatus.Active ? 1 : 0);
        await server.ShouldBeConsistentAsync();
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("2026-01-01", null, "2026-01-01")]
    [InlineData(null, "2026-01-02", "2026-01-02")]
    [InlineData("2026-01-01", "2026-01-02", "2026-01-02")]
    [InlineData("2026-01-03", "2026-01-02", "2026-01-03")]
    public async Task The_later_time_of_being_heard_of_counts(string? keptSeen, string? otherSeen, string? expected)
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var (kept, other) = (await MakeAsync(book, "ext:1"), await MakeAsync(book, "ext:2"));
        await server.ExecuteAsync($"UPDATE contacts SET last_seen_on = {keptSeen}::timestamptz WHERE workspace_id = {book.WorkspaceId} AND id = {kept}");
        await server.ExecuteAsync($"UPDATE contacts SET last_seen_on = {otherSeen}::timestamptz WHERE workspace_id = {book.WorkspaceId} AND id = {other}");
        (await book.ApplyAsync(Merge(kept, other))).Contact!.LastSeenOn?.ToString("yyyy-MM-dd", null).ShouldBe(expected);
    }

    [Fact]
    public async Task Merges_of_one_batch_see_each_other()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var group = Guid.Parse(await book.Client.MakeAsync("groups.json", new { name = "Devs" }));
        var one = await MakeAsync(book, "ext:1");
        var two = await MakeAsync(book, "ext:2");
        var three = Guid.Parse(await book.Client.MakeAsync("contacts.json", new { name = "Three", urns = new[] { "ext:3" }, groups = new[] { group } }));
        var outcomes = await book.ApplyListAsync(
            Merge(two, three), Merge(one, two), Merge(one, three), Merge(two, one), Merge(one, one), Engine.ByUrn("ext:3") with { Language = "spa" },
            Merge(one, Guid.CreateVersion7()), Merge(Guid.CreateVersion7(), one));
        outcomes.Select(outcome => outcome.Refusal).ShouldBe(
        [
            null, null, new Refusal.OtherNotFound(), new Refusal.ContactDeleted(), new Refusal.SameContact(), null, new Refusal.OtherNotFound(), new Refusal.NotFound(),
        ]);
        var contact = (await book.Client.GetAsync("contacts.json")).Results.ShouldHaveSingleItem()!;
        contact["uuid"]!.ToString().ShouldBe(one.ToString());
        (contact["name"]!.ToString(), contact["language"]!.ToString(), contact["groups"]!.AsArray().Count).ShouldBe(("Three", "spa", 1));
        contact["urns"]!.ToJsonString().ShouldBe("""["ext:1","ext:2","ext:3"]""");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task What_was_merged_and_deleted_in_one_batch_is_gone()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        var (kept, other) = (await MakeAsync(book, "ext:1"), await MakeAsync(book, "ext:2"));
        var outcomes = await book.ApplyListAsync(Merge(kept, other), new ContactChange { Id = kept, Delete = true }, Engine.ByUrn("ext:2", "New"));
        outcomes.Select(outcome => outcome.Effect).ShouldBe([ContactEffect.Updated, ContactEffect.Deleted, ContactEffect.Created]);
        (await book.Client.GetAsync("contacts.json")).Results.ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe("New");
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Another_workspaces_contact_is_not_there()
    {
        using var book = await Engine.OfNewWorkspaceAsync(server);
        using var elsewhere = await Engine.OfNewWorkspaceAsync(server);
        var (kept, other) = (await MakeAsync(book, "ext:1"), await MakeAsync(elsewhere, "ext:2"));
        (await book.ApplyAsync(Merge(kept, other))).Refusal.ShouldBe(new Refusal.OtherNotFound());
        (await book.ApplyAsync(Merge(other, kept))).Refusal.ShouldBe(new Refusal.NotFound());
    }

    private static ContactChange Merge(Guid kept, Guid other) => new() { Id = kept, Merge = other };

    private static async Task<Guid> MakeAsync(Engine book, string urn) => (await book.ApplyAsync(Engine.ByUrn(urn))).Contact!.Id;
}
