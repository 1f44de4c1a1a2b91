using Contacts.Core;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Core.Races;

/// <summary>Merges against whatever else wants the same contacts: no URN, group or word gets lost, and every answer is true.</summary>
public sealed class MergeRaces(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    private const int Rounds = 30;

    [Fact]
    public async Task An_upsert_by_a_urn_that_moves_finds_the_contact_that_has_it()
    {
        using var book = await BookAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var (kept, other) = (await book.MakeAsync($"ext:a{round}"), await book.MakeAsync($"ext:b{round}"));
            var replies = await Racing.RunAsync(6, number => number == 2
                ? book.MergeAsync(kept, other)
                : book.PostAsync($"contacts.json?urn=ext:b{round}", new { language = "por" }));
            replies.ShouldAllBe(status => status == 200);
            var contact = (await book.Weni.GetAsync($"contacts.json?urn=ext:b{round}")).Results.ShouldHaveSingleItem()!;
            contact["uuid"]!.ToString().ShouldBe(kept);
            contact["urns"]!.ToJsonString().ShouldBe($"""["ext:a{round}","ext:b{round}"]""");
            contact["language"]!.ToString().ShouldBe("por");
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_list_that_takes_the_urns_comes_before_the_merge_or_after_it()
    {
        using var book = await BookAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var (kept, other) = (await book.MakeAsync($"ext:a{round}"), await book.MakeAsync($"ext:b{round}"));
            var taker = await book.MakeAsync($"ext:c{round}");
            var replies = await Racing.RunAsync(
                () => book.MergeAsync(kept, other),
                () => book.PostAsync($"contacts.json?uuid={taker}", new { urns = new[] { $"ext:b{round}", $"ext:c{round}" } }));
            replies.ShouldBe([200, 200]);
            (await book.UrnsAsync(taker)).ShouldBe([$"ext:b{round}", $"ext:c{round}"]);
            (await book.UrnsAsync(kept)).ShouldBe([$"ext:a{round}"]);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Of_two_merges_that_cross_one_is_done()
    {
        using var book = await BookAsync();
        for (var round = 0; round < Rounds; round++)
        {
            string[] ids = [await book.MakeAsync($"ext:a{round}"), await book.MakeAsync($"ext:b{round}")];
            var replies = await Racing.RunAsync(2, number => book.MergeAsync(ids[number], ids[1 - number]));
            replies.Order().ShouldBe([200, 404]);
            var kept = ids[Array.IndexOf(replies, 200)];
            (await book.UrnsAsync(kept)).ShouldBe([$"ext:a{round}", $"ext:b{round}"], ignoreOrder: true);
        }

        (await book.Weni.GetAsync("contacts.json")).Results.Count.ShouldBe(Rounds);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Many_merges_among_few_contacts_lose_nothing()
    {
        using var book = await BookAsync();
        var random = new Random(5);
        for (var round = 0; round < 5; round++)
        {
            var ids = new List<string>();
            for (var number = 0; number < 8; number++)
                ids.Add(await book.MakeAsync($"ext:{round}-{number}"));
            var pairs = Enumerable.Range(0, 16).Select(_ => (Kept: ids[random.Next(8)], Other: ids[random.Next(8)])).Where(pair => pair.Kept != pair.Other).ToList();
            var replies = await Racing.RunAsync(pairs.Count, number => book.MergeAsync(pairs[number].Kept, pairs[number].Other));
            replies.ShouldAllBe(status => status == 200 || status == 404);
            var left = (await book.Weni.GetAsync("contacts.json")).Results.SelectMany(contact => contact!["urns"]!.AsArray())
                .Select(urn => urn!.ToString()).Where(urn => urn.StartsWith($"ext:{round}-", StringComparison.Ordinal));
            left.ShouldBe(Enumerable.Range(0, 8).Select(number => $"ext:{round}-{number}"), ignoreOrder: true);
            var living = ids.Count - replies.Count(status => status == 200);
            (await server.CountAsync("SELECT count(*) FROM contacts WHERE deleted_on IS NULL AND id = ANY ($1)", ids.ConvertAll(Guid.Parse).ToArray())).ShouldBe(living);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_deletion_of_the_other_comes_before_the_merge_or_after_it()
    {
        using var book = await BookAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var (kept, other) = (await book.MakeAsync($"ext:a{round}"), await book.MakeAsync($"ext:b{round}"));
            var replies = await Racing.RunAsync(
                () => book.MergeAsync(kept, other),
                async () => (await book.Weni.DeleteAsync($"contacts.json?uuid={other}")).Status);
            string.Join(" ", replies).ShouldBeOneOf("200 404", "404 204");
            (await book.UrnsAsync(kept)).ShouldBe(replies[0] == 200 ? [$"ext:a{round}", $"ext:b{round}"] : [$"ext:a{round}"]);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_group_that_the_other_gets_into_is_the_kept_ones_then()
    {
        using var book = await BookAsync();
        var group = await book.Weni.MakeAsync("groups.json", new { name = "Devs" });
        for (var round = 0; round < Rounds; round++)
        {
            var (kept, other) = (await book.MakeAsync($"ext:a{round}"), await book.MakeAsync($"ext:b{round}"));
            var replies = await Racing.RunAsync(
                () => book.MergeAsync(kept, other),
                () => book.PostAsync($"contacts.json?uuid={other}", new { groups = new[] { group } }));
            replies[0].ShouldBe(200);
            var contact = (await book.Weni.GetAsync($"contacts.json?uuid={kept}")).Results.ShouldHaveSingleItem()!;
            contact["groups"]!.AsArray().Count.ShouldBe(replies[1] == 200 ? 1 : 0);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_merge_waits_for_the_deletion_of_a_group_and_leaves_it_out()
    {
        using var book = await BookAsync();
        var group = await book.Weni.MakeAsync("groups.json", new { name = "Devs" });
        var (kept, other) = (await book.MakeAsync("ext:1"), await book.MakeAsync("ext:2", group));
        await using var door = await HeldDoor.CloseAsync(
            server,
            "WITH held AS (SELECT id FROM groups WHERE id = $1 FOR UPDATE) UPDATE groups g SET deleted_on = now() FROM held WHERE g.id = held.id",
            Guid.Parse(group));
        var merge = book.MergeAsync(kept, other);
        await door.UntilWaitingAsync(1);
        await door.CommitAsync();
        (await merge).ShouldBe(200);
        (await server.CountAsync("SELECT count(*) FROM group_members WHERE group_id = $1", Guid.Parse(group))).ShouldBe(0);
        (await book.UrnsAsync(kept)).ShouldBe(["ext:1", "ext:2"]);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_deletion_of_a_group_waits_for_the_merge_that_brings_a_contact_into_it()
    {
        using var book = await BookAsync();
        var group = await book.Weni.MakeAsync("groups.json", new { name = "Devs" });
        var (kept, other) = (await book.MakeAsync("ext:1"), await book.MakeAsync("ext:2", group));
        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM contact_urns WHERE identity = $1 FOR UPDATE", "ext:2");
        var merge = book.MergeAsync(kept, other);
        await door.UntilWaitingAsync(1);
        var deletion = book.Weni.DeleteAsync($"groups.json?uuid={group}");
        await door.UntilWaitingAsync(2);
        await door.RollBackAsync();
        ((await merge), (await deletion).Status).ShouldBe((200, 204));
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        (await server.CountAsync("SELECT count(*) FROM group_members WHERE group_id = $1", Guid.Parse(group))).ShouldBe(0);
        await server.ShouldBeConsistentAsync();
    }

    private async Task<Book> BookAsync()
    {
        var whaapy = await WhaapyClient.OfNewWorkspaceAsync(server);
        return new Book(new WeniClient(server, whaapy.Workspace), whaapy);
    }

    /// <summary>Both dialects over one workspace.</summary>
    private sealed record Book(WeniClient Weni, WhaapyClient Whaapy) : IDisposable
    {
        public Task<string> MakeAsync(string urn, params string[] groups) => Weni.MakeAsync("contacts.json", new { urns = new[] { urn }, groups });

        public async Task<int> MergeAsync(string kept, string other) =>
            (await Whaapy.SendAsync("POST", $"/contacts/v1/{kept}/merge", new { mergeWith = other })).Status;

        public async Task<int> PostAsync(string path, object body) => (await Weni.PostAsync(path, body)).Status;

        public async Task<string[]> UrnsAsync(string id) =>
            [.. (await Weni.GetAsync($"contacts.json?uuid={id}")).Results.ShouldHaveSingleItem()!["urns"]!.AsArray().Select(urn => urn!.ToString())];

        public void Dispose()
        {
            Weni.Dispose();
            Whaapy.Dispose();
        }
    }
}
