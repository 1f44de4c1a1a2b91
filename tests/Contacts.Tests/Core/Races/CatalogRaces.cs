using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Fields, groups and campaigns that are made at the same moment: a label and a name are given once, and a limit holds.</summary>
public sealed class CatalogRaces(TestServer server) : IClassFixture<TestServer>
{
    private const int Rounds = 10;
    private const int Callers = 8;

    [Fact]
    public async Task A_label_is_given_once()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var replies = await Racing.RunAsync(Callers, number => client.PostAsync("fields.json", Field(number % 2 == 0 ? $"Shoe {round}" : $"SHOE {round}")));
            ShouldSucceedOnce(replies, "label", "This field must be unique.");
        }
    }

    [Fact]
    public async Task A_key_is_given_once()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var replies = await Racing.RunAsync(2, number => client.PostAsync("fields.json", Field($"Shoe{(number == 0 ? ' ' : '-')}{round}")));
            ShouldSucceedOnce(replies, "label", $"Generated key \"shoe_{round}\" conflicts with an existing contact field.");
        }
    }

    [Fact]
    public async Task A_groups_name_is_given_once()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var replies = await Racing.RunAsync(Callers, number => client.PostAsync("groups.json", new { name = number % 2 == 0 ? $"Ação {round}" : $"AÇÃO {round}" }));
            ShouldSucceedOnce(replies, "name", "This field must be unique.");
        }
    }

    [Fact]
    public async Task A_name_is_given_once_to_a_new_group_and_a_renamed_one()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            var uuid = await client.MakeAsync("groups.json", new { name = $"Old {round}" });
            var replies = await Racing.RunAsync(
                () => client.PostAsync("groups.json", new { name = $"New {round}" }),
                () => client.PostAsync($"groups.json?uuid={uuid}", new { name = $"New {round}" }));
            replies.Count(reply => reply.Status < 300).ShouldBe(1);
            replies.Single(reply => reply.Status >= 300).ShouldBeRefused("name", "This field must be unique.");
        }
    }

    [Fact]
    public async Task A_campaigns_name_is_given_once()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Reporters" });
        for (var round = 0; round < Rounds; round++)
        {
            var replies = await Racing.RunAsync(Callers, _ => client.PostAsync("campaigns.json", new { name = $"Reminders {round}", group }));
            ShouldSucceedOnce(replies, "name", "This field must be unique.");
        }
    }

    [Theory]
    [InlineData("groups")]
    [InlineData("fields")]
    public async Task A_limit_holds_under_racing_calls(string kind)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        await FillAsync(client.Workspace, kind, 245);
        var replies = await Racing.RunAsync(24, number => kind == "groups"
            ? client.PostAsync("groups.json", new { name = $"Racer {number}" })
            : client.PostAsync("fields.json", Field($"Racer {number}")));
        replies.Count(reply => reply.Status == 201).ShouldBe(5);
        foreach (var reply in replies.Where(reply => reply.Status != 201))
        {
            reply.ShouldBeRefused(
                "non_field_errors",
                $"This org has 250 {(kind == "groups" ? "groups" : "contact fields")} and the limit is 250. You must delete existing ones before you can create new ones.");
        }

        (await client.GetAsync($"{kind}.json")).Results.Count.ShouldBe(250);
    }

    [Fact]
    public async Task A_group_is_deleted_or_gets_a_campaign_but_not_both()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds * 2; round++)
        {
            var group = await client.MakeAsync("groups.json", new { name = $"Group {round}" });
            var replies = await Racing.RunAsync(
                () => client.PostAsync("campaigns.json", new { name = $"Reminders {round}", group }),
                () => client.DeleteAsync($"groups.json?uuid={group}"));
            if (replies[0].Status == 201)
            {
                replies[1].Status.ShouldBe(400, replies[1].Body);
                replies[1].Text("detail").ShouldBe(
                    $"Group is being used by the following campaigns which must be archived first: {replies[0].Text("uuid")}");
            }
            else
            {
                replies[0].Status.ShouldBe(400, replies[0].Body);
                replies[1].Status.ShouldBe(204, replies[1].Body);
            }
        }

        await server.ShouldBeConsistentAsync();
    }

    private static object Field(string label) => new { label, value_type = "text" };

    private static void ShouldSucceedOnce(WeniReply[] replies, string attribute, string text)
    {
        replies.Count(reply => reply.Status == 201).ShouldBe(1);
        foreach (var reply in replies.Where(reply => reply.Status != 201))
            reply.ShouldBeRefused(attribute, text);
    }

    private Task FillAsync(TestWorkspace workspace, string kind, int count) => server.ExecuteAsync(kind == "groups"
        ? (FormattableString)$"INSERT INTO groups (workspace_id, id, name, name_key, created_on) SELECT {workspace.Id}, gen_random_uuid(), 'g' || n, 'g' || n, now() FROM generate_series(1, {count}) n"
        : $"INSERT INTO fields (workspace_id, id, key, label, label_key, value_type, created_on) SELECT {workspace.Id}, gen_random_uuid(), 'f' || n, 'f' || n, 'f' || n, 'Text', now() FROM generate_series(1, {count}) n");
}
