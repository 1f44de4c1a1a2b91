using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Management;

/// <summary>The installation's workspaces through the management API: for administrators of the first one.</summary>
public sealed class WorkspacesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task They_are_listed_newest_first_without_anything_that_is_in_them()
    {
        using var api = ManagementClient.Of(server, await server.FirstWorkspaceAsync());
        using var other = await ManagementClient.NewAsync(server);
        var list = await api.GetAsync("workspaces?limit=1");
        list.Status.ShouldBe(200, list.Text);
        var line = list.Body.GetProperty("results")[0];
        line.EnumerateObject().Select(property => property.Name).ShouldBe(["uuid", "name", "standing", "created_on"]);
        line.GetProperty("uuid").GetGuid().ShouldBe(other.Workspace.Id);
        var next = await api.GetAsync($"workspaces?limit=1&cursor={list.Body.GetProperty("next").GetString()}");
        next.Body.GetProperty("results")[0].GetProperty("uuid").GetGuid().ShouldNotBe(other.Workspace.Id);
        (await api.GetAsync("workspaces?limit=0")).ShouldBeProblem(400);
        (await api.GetAsync("workspaces?cursor=x")).ShouldBeProblem(400);
    }

    [Fact]
    public async Task One_is_made_with_settings_and_its_key_is_shown_once()
    {
        using var api = ManagementClient.Of(server, await server.FirstWorkspaceAsync());
        var made = await api.PostAsync("workspaces", """{"name":" Loja Olinda ","country":"MX","timezone":"America/Recife","hourly_limit":2500}""");
        made.Status.ShouldBe(201, made.Text);
        made.Body.GetProperty("name").GetString().ShouldBe("Loja Olinda");
        var key = made.Body.GetProperty("key").GetString()!;
        using var opened = ManagementClient.Of(server, new TestWorkspace(Guid.Parse(made.Uuid), key));
        var settings = (await opened.GetAsync("workspace")).Body;
        settings.GetProperty("uuid").GetString().ShouldBe(made.Uuid);
        settings.GetProperty("mexican_prefix").GetBoolean().ShouldBeTrue();
        settings.GetProperty("hourly_limit").GetInt32().ShouldBe(2500);
        (await api.GetAsync("workspaces")).Text.ShouldNotContain(key);
        (await api.PostAsync("workspaces", """{"name":"LOJA OLINDA"}""")).ShouldBeProblem(409).Faults("name").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"X","country":"Brazil"}""", "country")]
    [InlineData("""{"name":"X","key":"mine"}""", "key")]
    public async Task A_wrong_one_is_refused_with_its_fault(string json, string attribute)
    {
        using var api = ManagementClient.Of(server, await server.FirstWorkspaceAsync());
        (await api.PostAsync("workspaces", json)).ShouldBeProblem(400).Faults(attribute).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Everybody_else_is_refused_whatever_they_ask_for()
    {
        using var other = await ManagementClient.NewAsync(server);
        (await other.GetAsync("workspaces")).ShouldBeProblem(403).Text.ShouldContain("first workspace");
        (await other.PostAsync("workspaces", "{}")).ShouldBeProblem(403);
        (await other.PostAsync("workspaces", """{"name":"Mine"}""")).ShouldBeProblem(403);
        using var editor = await ManagementClient.NewAsync(server, Role.Editor);
        (await editor.GetAsync("workspaces")).ShouldBeProblem(403);
    }
}
