using Contacts.Tests.Support;

namespace Contacts.Tests.Whaapy;

/// <summary>Calls that come at once, and share no batches, as those to several servers do.</summary>
public sealed class RaceTests(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    private const int Calls = 24;

    [Theory]
    [InlineData("+5215512345678", "+5215512345678")]
    [InlineData("+5582999330011", "+558299330011")]
    [InlineData("+5215512345678", "+525512345678")]
    public async Task One_of_many_creations_of_a_number_wins_and_the_others_learn_who(string phone, string otherForm)
    {
        using var client = await WhaapyClient.OfAsync(server, await server.NewWorkspaceAsync(workspace =>
        {
            workspace.MinuteLimit = null;
            workspace.MexicanPrefix = true;
        }));
        var replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(
            call => client.SendAsync("POST", "/contacts/v1", new { phone_number = call % 2 == 0 ? phone : otherForm, name = $"{call}" })));
        var made = replies.Where(reply => reply.Status == 201).ShouldHaveSingleItem();
        var id = made.Json["contact"]!["id"]!.ToString();
        foreach (var refused in replies.Where(reply => reply.Status != 201))
        {
            refused.Status.ShouldBe(409, refused.Body);
            refused.Json["existing_contact_id"]!.ToString().ShouldBe(id);
        }

        (await client.SendAsync("GET", "/contacts/v1")).Json["pagination"]!["total"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task One_of_many_contacts_gets_a_number_that_all_want()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var ids = new List<string>();
        for (var number = 0; number < Calls; number++)
            ids.Add(await client.MakeAsync(new { phone_number = $"+52155000000{number:00}" }));
        var replies = await Task.WhenAll(ids.Select((id, call) => client.SendAsync(
            "PATCH", $"/contacts/v1/{id}", new { phone_number = call % 2 == 0 ? "+5582999330011" : "+558299330011" })));
        var winner = replies.Where(reply => reply.Status == 200).ShouldHaveSingleItem().Json["contact"]!["id"]!.ToString();
        foreach (var refused in replies.Where(reply => reply.Status != 200))
        {
            refused.Status.ShouldBe(409, refused.Body);
            refused.Json["existing_contact_id"]!.ToString().ShouldBe(winner);
        }
    }

    [Fact]
    public async Task Tags_and_custom_fields_of_calls_at_once_are_all_kept()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var id = await client.MakeAsync(new { phone_number = "+5215512345678" });
        var replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => client.SendAsync(
            "PATCH", $"/contacts/v1/{id}", new { add_tags = new[] { $"t{call}" }, custom_fields = new Dictionary<string, int> { [$"k{call}"] = call } })));
        replies.ShouldAllBe(reply => reply.Status == 200);
        var contact = (await client.SendAsync("GET", $"/contacts/v1/{id}")).Json["contact"]!;
        contact["tags"]!.AsArray().Count.ShouldBe(Calls);
        contact["custom_fields"]!.AsObject().Count.ShouldBe(Calls);
    }

    [Fact]
    public async Task Stages_made_at_once_have_places_of_their_own()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(
            call => client.SendAsync("POST", "/funnel/v1/stages", new { name = $"{call}", position = 0 })));
        replies.ShouldAllBe(reply => reply.Status == 201);
        (await client.SendAsync("GET", "/funnel/v1/stages")).Json["stages"]!.AsArray()
            .Select(stage => stage!["position"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, Calls));
    }

    [Fact]
    public async Task A_list_is_walked_while_it_is_written_to()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var made = new List<string>();
        for (var number = 0; number < 30; number++)
            made.Add(await client.MakeAsync(new { phone_number = $"+52155000000{number:00}", name = $"{number % 4}" }));
        foreach (var sort in new[] { "created_at", "name" })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = (await client.SendAsync("GET", $"/contacts/v1?limit=7&sort_by={sort}&sort_order=asc&cursor={cursor}")).Json;
                seen.AddRange(page["contacts"]!.AsArray().Select(contact => contact!["id"]!.ToString()));
                cursor = page["pagination"]!["next_cursor"]?.ToString();
                await client.SendAsync("PATCH", $"/contacts/v1/{seen[^1]}", new { notes = cursor });
            }
            while (cursor is not null);
            seen.ShouldBe(made, ignoreOrder: true);
        }
    }
}
