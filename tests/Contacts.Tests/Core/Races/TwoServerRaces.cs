using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Core.Races;

/// <summary>Two servers on one database, the second with a clock that a test moves, so that the age of what it remembers is known.</summary>
public sealed class TwoServerRaces : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private readonly TestServer _first = new();
    private readonly ManualClock _clock = new();
    private SecondServer? _second;
    private TestWorkspace? _workspace;

    private WeniClient Here { get; set; } = null!;

    private WeniClient There { get; set; } = null!;

    public async Task InitializeAsync()
    {
        await _first.InitializeAsync();
        _second = new SecondServer(_first, _clock);
        await _second.InitializeAsync();
        _workspace = await _first.NewWorkspaceAsync();
        Here = new WeniClient(_first, _workspace);
        There = new WeniClient(_second, _workspace);
    }

    public async ValueTask DisposeAsync()
    {
        Here.Dispose();
        There.Dispose();
        await _second!.DisposeAsync();
        await _first.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task One_new_urn_makes_one_contact_on_both()
    {
        for (var round = 0; round < 8; round++)
        {
            var path = $"contacts.json?urn=ext:{round}";
            var replies = await Racing.RunAsync(64, number => (number % 2 == 0 ? Here : There).PostAsync(path, new { name = $"Caller {number}" }));
            replies.Select(reply => reply.Status).Order().ShouldBe([.. Enumerable.Repeat(200, 63), 201]);
            replies.Select(reply => reply.Text("uuid")).Distinct().ShouldHaveSingleItem();
            (await Here.GetAsync(path)).Body.ShouldBe((await There.GetAsync(path)).Body);
        }

        await _first.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_label_and_a_name_are_given_once_on_both()
    {
        for (var round = 0; round < 8; round++)
        {
            var fields = await Racing.RunAsync(2, number => (number == 0 ? Here : There).PostAsync("fields.json", new { label = $"Shoe {round}", value_type = "text" }));
            fields.Select(reply => reply.Status).Order().ShouldBe([201, 400]);
            var groups = await Racing.RunAsync(2, number => (number == 0 ? Here : There).PostAsync("groups.json", new { name = $"Devs {round}" }));
            groups.Select(reply => reply.Status).Order().ShouldBe([201, 400]);
        }
    }

    [Fact]
    public async Task What_one_makes_the_other_can_use_at_once()
    {
        await There.GetAsync("contacts.json");
        await Here.MakeAsync("fields.json", new { label = "Nick Name", value_type = "text" });
        var group = await Here.MakeAsync("groups.json", new { name = "Devs" });
        var reply = await There.PostAsync("contacts.json?urn=ext:1", new { fields = new { nick_name = "Nina" }, groups = new[] { "devs" } });
        reply.Status.ShouldBe(201, reply.Body);
        reply.Json!["fields"]!["nick_name"]!.ToString().ShouldBe("Nina");
        reply.Json["groups"]![0]!["uuid"]!.ToString().ShouldBe(group);
    }

    [Fact]
    public async Task What_one_makes_the_other_shows_within_two_seconds()
    {
        await There.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        await Here.MakeAsync("fields.json", new { label = "Nick Name", value_type = "text" });
        var group = await Here.MakeAsync("groups.json", new { name = "Devs" });
        (await Here.PostAsync("contacts.json?urn=ext:1", new { fields = new { nick_name = "Nina" }, groups = new[] { group } })).Status.ShouldBe(200);
        _clock.Advance(Promise);
        (await There.GetAsync("contacts.json?urn=ext:1")).Body.ShouldBe((await Here.GetAsync("contacts.json?urn=ext:1")).Body);
    }

    [Fact]
    public async Task A_value_of_a_field_that_the_other_does_not_know_yet_is_kept()
    {
        await Here.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" });
        await There.MakeAsync("contacts.json", new { urns = new[] { "ext:1" }, fields = new { age = "39" } });
        await Here.MakeAsync("fields.json", new { label = "Nick Name", value_type = "text" });
        (await Here.PostAsync("contacts.json?urn=ext:1", new { fields = new { nick_name = "Nina" } })).Status.ShouldBe(200);
        (await There.PostAsync("contacts.json?urn=ext:1", new { name = "Ana", fields = new { age = "40" } })).Status.ShouldBe(200);
        (await Here.GetAsync("contacts.json?urn=ext:1")).Results[0]!["fields"]!.ToJsonString().ShouldBe("""{"age":"40","nick_name":"Nina"}""");
    }

    [Fact]
    public async Task A_group_that_one_deleted_takes_no_contact_on_the_other()
    {
        var group = await Here.MakeAsync("groups.json", new { name = "Devs" });
        (await There.PostAsync("contacts.json?urn=ext:1", new { groups = new[] { group } })).Status.ShouldBe(201);
        (await Here.DeleteAsync($"groups.json?uuid={group}")).Status.ShouldBe(204);
        (await There.PostAsync("contacts.json?urn=ext:2", new { groups = new[] { group } })).ShouldBeRefused("groups", $"No such object: {group}");
        _clock.Advance(Promise);
        (await There.GetAsync("contacts.json?urn=ext:1")).Results[0]!["groups"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_of_groups_replaces_also_one_that_the_other_does_not_know_yet()
    {
        await There.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        var group = await Here.MakeAsync("groups.json", new { name = "Devs" });
        (await Here.PostAsync("contacts.json?urn=ext:1", new { groups = new[] { group } })).Status.ShouldBe(200);
        (await There.PostAsync("contacts.json?urn=ext:1", new { groups = Array.Empty<string>() })).Status.ShouldBe(200);
        (await Here.GetAsync($"contacts.json?group={group}")).Results.ShouldBeEmpty();
        (await Here.GetAsync("groups.json")).Results[0]!["count"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_revoked_token_and_a_changed_setting_are_noticed_within_two_seconds()
    {
        await There.GetAsync("contacts.json");
        await _first.ExecuteAsync($"UPDATE workspaces SET country = 'RW' WHERE id = {_workspace!.Id}");
        _clock.Advance(Promise);
        (await There.PostAsync("contacts.json", new { urns = new[] { "tel:0788123123" } })).Texts("urns").ShouldBe(["tel:+250788123123"]);
        await _first.ExecuteAsync($"UPDATE api_tokens SET revoked_on = now() WHERE hash = {ApiToken.HashOf(_workspace.Token)}");
        _clock.Advance(Promise);
        (await There.GetAsync("contacts.json")).Status.ShouldBe(403);
    }

    private sealed class SecondServer(TestServer first, ManualClock clock) : TestServer
    {
        protected override TimeProvider Clock => clock;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings:Contacts"] = first.Database };
    }
}
