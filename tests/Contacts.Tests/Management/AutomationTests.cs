using System.Text.Json;
using Contacts.Tests.Support;

namespace Contacts.Tests.Management;

/// <summary>Flows, campaigns and triggers: every operation, and every refusal.</summary>
public sealed class AutomationTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_flow_is_made_read_archived_restored_and_deleted()
    {
        using var client = await ManagementClient.NewAsync(server);
        var devs = await client.NewGroupAsync("Devs");
        var all = await client.NewGroupAsync("All");
        var made = await client.PostAsync("flows", $$"""{"name":" Welcome ","type":"message","groups":["devs","{{all}}","{{devs}}"]}""");
        made.Status.ShouldBe(201, made.Text);
        made.Response.Headers.Location.ShouldBe(new Uri($"{server.Address}/manage/api/flows/{made.Uuid}"));
        var created = made.Body.GetProperty("created_on").GetDateTime();
        created.Kind.ShouldBe(DateTimeKind.Utc);
        made.Text.ShouldBe(JsonSerializer.Serialize(new
        {
            uuid = made.Uuid,
            name = "Welcome",
            type = "message",
            archived = false,
            groups = new[] { new { uuid = all, name = "All" }, new { uuid = devs, name = "Devs" } },
            created_on = created,
            modified_on = created,
        }));
        (await client.GetAsync("flows/" + made.Uuid)).Text.ShouldBe(made.Text);

        var archived = await client.PostAsync($"flows/{made.Uuid}/archive");
        archived.Status.ShouldBe(200, archived.Text);
        archived.Body.GetProperty("archived").GetBoolean().ShouldBeTrue();
        archived.Body.GetProperty("modified_on").GetDateTime().ShouldBeGreaterThan(created);
        (await client.PostAsync($"flows/{made.Uuid}/archive")).Text.ShouldBe(archived.Text, "archiving twice changes nothing");

        var restored = await client.PostAsync($"flows/{made.Uuid}/restore");
        restored.Body.GetProperty("archived").GetBoolean().ShouldBeFalse();
        restored.Body.GetProperty("groups").GetArrayLength().ShouldBe(2);
        (await client.PostAsync($"flows/{made.Uuid}/restore")).Text.ShouldBe(restored.Text, "restoring twice changes nothing");

        (await client.DeleteAsync("flows/" + made.Uuid)).Status.ShouldBe(204);
        (await client.GetAsync("flows/" + made.Uuid)).ShouldBeProblem(404);
        (await client.GetAsync("flows")).Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Triggers_have_a_number_that_is_never_given_twice_and_campaigns_have_no_type()
    {
        using var client = await ManagementClient.NewAsync(server);
        await client.NewGroupAsync("Devs");
        var first = await client.NewAsync("triggers", "Join");
        var second = await client.NewAsync("triggers", "Leave", "Devs");
        first.Body.GetProperty("id").GetInt32().ShouldBe(1);
        second.Body.GetProperty("id").GetInt32().ShouldBe(2);
        (await client.DeleteAsync("triggers/" + first.Uuid)).Status.ShouldBe(204);
        (await client.NewAsync("triggers", "Join")).Body.GetProperty("id").GetInt32().ShouldBe(3);

        var campaign = await client.NewAsync("campaigns", "Reminders", "Devs");
        campaign.Body.TryGetProperty("type", out _).ShouldBeFalse();
        campaign.Body.TryGetProperty("id", out _).ShouldBeFalse();
        (await client.SendAsync(HttpMethod.Get, "/api/v2/campaigns.json")).Names.ShouldBe(["Reminders"]);
    }

    [Theory]
    [InlineData("flows", "message voice background survey")]
    [InlineData("triggers", "keyword catch_all schedule inbound_call missed_call new_conversation referral closed_ticket opt_in opt_out")]
    public async Task Every_type_is_taken(string list, string types)
    {
        using var client = await ManagementClient.NewAsync(server);
        foreach (var type in types.Split(' '))
        {
            var made = await client.PostAsync(list, $$"""{"name":"A {{type}}","type":"{{type}}"}""");
            made.Status.ShouldBe(201, made.Text);
            made.Body.GetProperty("type").GetString().ShouldBe(type);
        }
    }

    [Theory]
    [InlineData("flows", "{}", "name type")]
    [InlineData("flows", """{"name":null,"type":null,"groups":null}""", "name type groups")]
    [InlineData("flows", """{"name":1,"type":[],"groups":"Devs"}""", "name type groups")]
    [InlineData("flows", """{"name":" ","type":"message"}""", "name")]
    [InlineData("flows", """{"name":"a\u0000","type":"message"}""", "name")]
    [InlineData("flows", """{"name":"a\nb","type":"message"}""", "name")]
    [InlineData("flows", """{"name":"\ud800","type":"message"}""", "name")]
    [InlineData("flows", """{"name":"x","type":"keyword"}""", "type")]
    [InlineData("flows", """{"name":"x","type":"Message"}""", "type")]
    [InlineData("flows", """{"name":"x","type":"message","groups":[1]}""", "groups")]
    [InlineData("flows", """{"name":"x","type":"message","groups":["\ud800"]}""", "groups")]
    [InlineData("flows", """{"name":"x","type":"message","groups":["Devs","Nosuch","c4e8a9d0-0000-7000-8000-000000000000"]}""", "groups[1] groups[2]")]
    [InlineData("flows", """{"name":"x","type":"message","groop":["Devs"],"\ud800":1}""", "groop \uFFFD")]
    [InlineData("triggers", """{"name":"x","type":"message"}""", "type")]
    [InlineData("triggers", """{"name":"x"}""", "type")]
    [InlineData("campaigns", """{"name":"x"}""", "groups")]
    [InlineData("campaigns", """{"name":"x","groups":[]}""", "groups")]
    [InlineData("campaigns", """{"name":"x","groups":["Devs","Devs"]}""", "groups")]
    [InlineData("campaigns", """{"name":"x","groups":["Nosuch"]}""", "groups[0]")]
    [InlineData("campaigns", """{"name":"x","type":"message","groups":["Devs"]}""", "type")]
    public async Task A_body_of_the_wrong_shape_is_refused_with_every_fault(string list, string json, string attributes)
    {
        using var client = await ManagementClient.NewAsync(server);
        await client.NewGroupAsync("Devs");
        var answer = await client.PostAsync(list, json);
        answer.ShouldBeProblem(400);
        answer.Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)
            .ShouldBe(attributes.Split(' ').Order(StringComparer.Ordinal), answer.Text);
        (await client.GetAsync(list)).Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_has_64_characters_at_most_and_an_automation_100_groups()
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.NewAsync("flows", new string('x', 64))).Status.ShouldBe(201);
        (await client.PostAsync("flows", $$"""{"name":"{{new string('x', 65)}}","type":"voice"}""")).ShouldBeProblem(400).Faults("name").ShouldHaveSingleItem();
        var groups = string.Join(',', Enumerable.Repeat("\"x\"", 101));
        (await client.PostAsync("flows", $$"""{"name":"x","type":"voice","groups":[{{groups}}]}""")).ShouldBeProblem(400).Faults("groups").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_name_is_one_automations_of_its_kind_in_use_in_any_case()
    {
        using var client = await ManagementClient.NewAsync(server);
        var first = await client.NewAsync("flows", "Olá");
        (await client.PostAsync("flows", """{"name":"OLÁ","type":"voice"}""")).ShouldBeProblem(409).Faults("name").ShouldHaveSingleItem();
        await client.NewAsync("triggers", "Olá");
        await client.PostAsync($"flows/{first.Uuid}/archive");
        var second = await client.NewAsync("flows", "olá");
        (await client.PostAsync($"flows/{first.Uuid}/restore")).ShouldBeProblem(409).Faults("name").ShouldHaveSingleItem();
        (await client.DeleteAsync("flows/" + second.Uuid)).Status.ShouldBe(204);
        (await client.PostAsync($"flows/{first.Uuid}/restore")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Of_racing_calls_for_one_name_one_makes_it()
    {
        using var client = await ManagementClient.NewAsync(server);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsync("triggers", """{"name":"Join","type":"keyword"}""")));
        answers.Select(answer => answer.Status).Order().ShouldBe([201, .. Enumerable.Repeat(409, 11)]);
    }

    [Fact]
    public async Task Lists_are_filtered_by_archived_and_group()
    {
        using var client = await ManagementClient.NewAsync(server);
        var devs = await client.NewGroupAsync("Devs");
        await client.NewGroupAsync("Others");
        var old = await client.NewAsync("flows", "Old", "Devs");
        await client.PostAsync($"flows/{old.Uuid}/archive");
        await client.NewAsync("flows", "New", "Devs", "Others");
        await client.NewAsync("flows", "Bare");
        await client.NewAsync("triggers", "Join", "Devs");

        (await client.GetAsync("flows")).Names.ShouldBe(["Bare", "New", "Old"]);
        (await client.GetAsync("flows?archived=false")).Names.ShouldBe(["Bare", "New"]);
        (await client.GetAsync("flows?archived=true")).Names.ShouldBe(["Old"]);
        (await client.GetAsync($"flows?group={devs}")).Names.ShouldBe(["New", "Old"]);
        (await client.GetAsync($"flows?group={devs}&archived=false")).Names.ShouldBe(["New"]);
        (await client.GetAsync($"triggers?group={devs}")).Names.ShouldBe(["Join"]);
        (await client.GetAsync($"flows?group={Guid.NewGuid()}")).Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("archived=perhaps", "archived")]
    [InlineData("group=Devs", "group")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=251", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=n123", "cursor")]
    [InlineData("cursor=n%00", "cursor")]
    [InlineData("archived=%ff&group=-1", "archived group")]
    public async Task A_bad_query_parameter_is_refused_by_its_name(string query, string parameters)
    {
        using var client = await ManagementClient.NewAsync(server);
        var answer = (await client.GetAsync("flows?" + query)).ShouldBeProblem(400);
        foreach (var parameter in parameters.Split(' '))
            answer.Faults(parameter).Length.ShouldBe(1, answer.Text);
    }

    [Fact]
    public async Task Pages_lead_forth_and_back_while_others_are_made_and_deleted()
    {
        using var client = await ManagementClient.NewAsync(server);
        var made = new List<ManagementAnswer>();
        for (var i = 1; i <= 7; i++)
            made.Add(await client.NewAsync("flows", $"Flow {i}"));
        var first = await client.GetAsync("flows?limit=3");
        first.Names.ShouldBe(["Flow 7", "Flow 6", "Flow 5"]);
        first.Body.GetProperty("previous").ValueKind.ShouldBe(JsonValueKind.Null);

        await client.NewAsync("flows", "Flow 8");
        (await client.DeleteAsync("flows/" + made[4].Uuid)).Status.ShouldBe(204);
        var second = await client.GetAsync("flows?limit=3&cursor=" + first.Body.GetProperty("next").GetString());
        second.Names.ShouldBe(["Flow 4", "Flow 3", "Flow 2"]);
        var third = await client.GetAsync("flows?limit=3&cursor=" + second.Body.GetProperty("next").GetString());
        third.Names.ShouldBe(["Flow 1"]);
        third.Body.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.GetAsync("flows?limit=3&cursor=" + third.Body.GetProperty("previous").GetString())).Names.ShouldBe(second.Names);
        (await client.GetAsync("flows?limit=3&cursor=" + second.Body.GetProperty("previous").GetString())).Names.ShouldBe(["Flow 8", "Flow 7", "Flow 6"]);
    }

    [Fact]
    public async Task One_workspace_never_sees_or_changes_anothers()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        foreach (var list in new[] { "flows", "campaigns", "triggers" })
        {
            var made = await client.NewAsync(list, "Mine", "Devs");
            (await other.GetAsync(list)).Names.ShouldBeEmpty();
            (await other.GetAsync($"{list}?group={group}")).Names.ShouldBeEmpty();
            (await other.GetAsync($"{list}/{made.Uuid}")).ShouldBeProblem(404);
            (await other.PostAsync($"{list}/{made.Uuid}/archive")).ShouldBeProblem(404);
            (await other.PostAsync($"{list}/{made.Uuid}/restore")).ShouldBeProblem(404);
            (await other.DeleteAsync($"{list}/{made.Uuid}")).ShouldBeProblem(404);
            (await other.PostAsync(list, $$"""{"name":"Theirs","type":"message","groups":["{{group}}"]}""")).ShouldBeProblem(400);
            (await client.GetAsync($"{list}/{made.Uuid}")).Text.ShouldBe(made.Text);
        }
    }

    [Fact]
    public async Task One_kind_is_not_found_in_the_list_of_another()
    {
        using var client = await ManagementClient.NewAsync(server);
        var flow = await client.NewAsync("flows", "Welcome");
        foreach (var list in new[] { "campaigns", "triggers" })
        {
            (await client.GetAsync($"{list}/{flow.Uuid}")).ShouldBeProblem(404);
            (await client.PostAsync($"{list}/{flow.Uuid}/archive")).ShouldBeProblem(404);
            (await client.DeleteAsync($"{list}/{flow.Uuid}")).ShouldBeProblem(404);
        }

        (await client.GetAsync("flows/" + flow.Uuid)).Text.ShouldBe(flow.Text);
    }
}
