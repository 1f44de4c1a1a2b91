using System.Text;
using Contacts.Tests.Management;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;

namespace Contacts.Tests.TestBench;

/// <summary>What a seed makes, and how all that is wrong with one is told.</summary>
public sealed class SeedTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_sample_is_read_through_both_dialects()
    {
        using var client = await ManagementClient.NewAsync(server, settings: workspace => workspace.MinuteLimit = null);
        var seeded = await client.PostAsync("seed", await File.ReadAllTextAsync(Repository.PathOf("requests", "seed.json")));
        seeded.Text.ShouldBe("""{"fields":3,"stages":2,"groups":2,"contacts":3,"automations":3}""");
        (await client.GetAsync("workspace")).Body.GetProperty("timezone").GetString().ShouldBe("America/Sao_Paulo");
        var ana = (await client.SendAsync(HttpMethod.Get, "/api/v2/contacts.json?urn=tel:%2B5582999331122")).Body.GetProperty("results")[0];
        ana.GetProperty("name").GetString().ShouldBe("Ana Lima");
        ana.GetProperty("urns").EnumerateArray().Select(urn => urn.GetString()).ShouldBe(["tel:+5582999331122", "whatsapp:5582999331122", "mailto:ana@example.com"]);
        ana.GetProperty("groups")[0].GetProperty("name").GetString().ShouldBe("Customers");
        ana.GetProperty("fields").GetRawText().ShouldBe("""{"nickname":"Aninha","age":"39","joined_on":"2026-01-31T10:00:00.000000-03:00"}""");
        var carla = (await client.SendAsync(HttpMethod.Get, "/api/v2/contacts.json?urn=ext:123456")).Body.GetProperty("results")[0];
        carla.GetProperty("blocked").GetBoolean().ShouldBeTrue();
        (await client.GetAsync("flows")).Names.ShouldBe(["Welcome"]);
        (await client.GetAsync("campaigns")).Names.ShouldBe(["Reminders"]);
        (await client.GetAsync("triggers")).Names.ShouldBe(["Hello"]);

        using var whaapy = await WhaapyClient.OfAsync(server, client.Workspace);
        var found = (await whaapy.SendAsync("GET", $"/contacts/v1/{ana.GetProperty("uuid").GetString()}")).Json["contact"]!;
        found["tags"]!.ToJsonString().ShouldBe("""["vip"]""");
        (await whaapy.SendAsync("GET", "/funnel/v1/stages")).Json["stages"]!.AsArray().Select(stage => stage!["name"]!.ToString()).ShouldBe(["Lead", "Customer"]);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_with_its_place_and_nothing_is_written()
    {
        using var client = await ManagementClient.NewAsync(server, settings: workspace => workspace.GroupLimit = 3);
        var refused = (await client.PostAsync("seed", Wrong)).ShouldBeProblem(400);
        foreach (var place in new[]
        {
            "workspace.country", "fields[0].label", "fields[2].label", "fields[3].label", "fields[4].type", "stages[0].color", "stages[1].name", "groups[1]", "groups[2]", "groups",
            "contacts[0].name", "contacts[0].language", "contacts[0].urns[1]", "contacts[0].groups[0]", "contacts[0].fields.unknown", "contacts[0].stage",
            "contacts[1].urns[0]", "contacts[1].groups", "contacts[2].status", "contacts[2].nickname", "contacts[3]", "contacts[4].urns", "contacts[5].urns[1]",
            "flows[0].type", "flows[1].name", "campaigns[0].groups", "triggers[0].groups[0]", "extra",
        })
            refused.Faults(place).ShouldHaveSingleItem(place);
        refused.Body.GetProperty("errors").EnumerateObject().Count().ShouldBe(28, refused.Text);
        refused.Faults("contacts[1].urns[0]").ShouldBe(["Is contacts[0]'s already."]);
        (await client.GetAsync("workspace")).Body.GetProperty("name").GetString().ShouldNotBe("Changed");
        (await server.CountAsync("SELECT (SELECT count(*) FROM groups WHERE workspace_id = $1) + (SELECT count(*) FROM contacts WHERE workspace_id = $1)", client.Workspace.Id))
            .ShouldBe(0);
    }

    [Theory]
    [InlineData("[]", "body")]
    [InlineData("7", "body")]
    [InlineData("{", "body")]
    [InlineData("""{"contacts":{}}""", "contacts")]
    [InlineData("""{"groups":[7]}""", "groups")]
    [InlineData("""{"workspace":[]}""", "workspace")]
    public async Task What_is_no_seed_is_refused(string body, string place)
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.PostAsync("seed", body)).ShouldBeProblem(400).Faults(place).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Only_an_empty_book_is_filled()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        (await client.PostAsync("seed", """{"groups":["Devs"],"contacts":[{"urns":["ext:1"],"groups":["devs"]}]}""")).Status.ShouldBe(200);
        (await client.PostAsync("seed", "{}")).ShouldBeProblem(409).Text.ShouldContain("reset");
        (await client.PostAsync("reset")).Status.ShouldBe(204);
        (await client.PostAsync("seed", """{"contacts":[{"urns":["ext:1"]}]}""")).Status.ShouldBe(200);
        (await other.PostAsync("seed", """{"contacts":[{"urns":["ext:1"]}]}""")).Status.ShouldBe(200, "another workspace has a book of its own");
    }

    [Fact]
    public async Task A_workspaces_name_that_is_taken_is_told()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        var taken = (await other.GetAsync("workspace")).Body.GetProperty("name").GetString();
        (await client.PostAsync("seed", $$"""{"workspace":{"name":"{{taken}}"},"groups":["Devs"]}""")).ShouldBeProblem(409).Faults("name").ShouldHaveSingleItem();
        (await server.CountAsync("SELECT count(*) FROM groups WHERE workspace_id = $1", client.Workspace.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task More_contacts_than_a_batch_come_in_their_order()
    {
        using var client = await ManagementClient.NewAsync(server);
        var contacts = string.Join(',', Enumerable.Range(0, 1200).Select(number => $$"""{"name":"Name {{number}}","urns":["ext:{{number}}"]}"""));
        (await client.PostAsync("seed", $$"""{"contacts":[{{contacts}}]}""")).Status.ShouldBe(200);
        (await server.CountAsync(
            "SELECT count(*) FROM (SELECT name, row_number() OVER (ORDER BY id) - 1 AS place FROM contacts WHERE workspace_id = $1) c WHERE name = 'Name ' || place",
            client.Workspace.Id)).ShouldBe(1200);
    }

    [Fact]
    public async Task A_seed_whose_client_goes_away_is_written_to_its_end()
    {
        using var client = await ManagementClient.NewAsync(server);
        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM workspaces WHERE id = $1 FOR UPDATE", client.Workspace.Id);
        using var left = new CancellationTokenSource();
        using var content = new StringContent("""{"workspace":{"country":"BR"},"groups":["Devs"],"contacts":[{"urns":["ext:1"],"groups":["Devs"]}]}""", Encoding.UTF8, "application/json");
        var seeding = client.Http.PostAsync(new Uri(ManagementClient.Root + "seed", UriKind.Relative), content, left.Token);
        await door.UntilWaitingAsync(1);
        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(seeding);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        await door.RollBackAsync();
        await Eventually.BecomesTrueAsync(
            async () => await server.CountAsync("SELECT count(*) FROM group_members WHERE workspace_id = $1", client.Workspace.Id) == 1, "the book is filled");
    }

    private const string Wrong = """
        {
          "workspace": {"name": "Changed", "country": "Brazil"},
          "fields": [{"label": "Créé"}, {"label": "Nick name"}, {"label": "nick-name"}, {"label": "uuid"}, {"label": "Age", "type": "number"}],
          "stages": [{"name": "Lead", "color": "red"}, {"name": ""}],
          "groups": ["Devs", "DEVS", "", "Others"],
          "contacts": [
            {"name": "", "language": "portuguese", "urns": ["ext:1", "tel:123"], "groups": ["Nobody"], "fields": {"unknown": "x"}, "stage": "Customer"},
            {"urns": ["ext:1"], "status": "blocked", "groups": ["Devs"]},
            {"status": "gone", "nickname": "x"},
            "Ana",
            {"urns": [7]},
            {"urns": ["ext:2", "ext:2"]}
          ],
          "flows": [{"name": "A", "type": "sms"}, {"name": "a", "type": "message"}],
          "campaigns": [{"name": "B", "groups": []}],
          "triggers": [{"name": "C", "type": "keyword", "groups": ["Nobody"]}],
          "extra": 1
        }
        """;
}
