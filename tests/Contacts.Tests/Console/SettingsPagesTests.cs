using System.Text.Json;
using Contacts.Console.Pages.Settings;
using Contacts.Management;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console;

/// <summary>The workspace's settings, its tokens, and the installation's workspaces.</summary>
public sealed class SettingsPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void Every_setting_has_its_line() =>
        WorkspaceSetting.All.Select(setting => setting.Name).Order(StringComparer.Ordinal).ShouldBe(
            typeof(WorkspaceRead).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
                .Except(["uuid", "created_on"]).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Settings_are_changed_and_only_those()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var form = await browser.GetAsync("workspace");
        form.TextsOf("main .about").Count.ShouldBe(WorkspaceSetting.All.Count);

        // What somebody else changes while the page is open stays.
        (await api.PatchAsync("workspace", """{"group_limit":77}""")).Status.ShouldBe(200);
        var page = await browser.SubmitAsync(
            form, "settings", ("country", "br"), ("timezone", "America/Recife"), ("languages", "por, eng"), ("date_style", "month_first"), ("anonymous", "true"), ("minute_limit", ""),
            ("hourly_limit", "2500"), ("verify_ninth_digit", null));
        page.Path.ShouldBe("/console/workspace?done=saved");
        page.Document.QuerySelector("input[name=country]")!.GetAttribute("value").ShouldBe("BR");
        page.Document.QuerySelector("input[name=anonymous]")!.HasAttribute("checked").ShouldBeTrue();
        var read = (await api.GetAsync("workspace")).Body;
        read.GetProperty("timezone").GetString().ShouldBe("America/Recife");
        read.GetProperty("languages").ToString().ShouldBe("""["por","eng"]""");
        read.GetProperty("minute_limit").ValueKind.ShouldBe(JsonValueKind.Null);
        read.GetProperty("hourly_limit").GetInt32().ShouldBe(2500);
        read.GetProperty("verify_ninth_digit").GetBoolean().ShouldBeFalse();
        read.GetProperty("group_limit").GetInt32().ShouldBe(77);
    }

    [Fact]
    public async Task Wrong_settings_are_told_beside_their_inputs_and_nothing_is_saved()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var before = (await api.GetAsync("workspace")).Text;
        var page = await browser.SubmitAsync(
            await browser.GetAsync("workspace"), "settings", ("name", ""), ("country", "Brazil"), ("timezone", "Mars"), ("hourly_limit", "many"), ("field_limit", "0"), ("anonymous", "true"));
        page.Status.ShouldBe(400);
        page.TextsOf(".fault").Count.ShouldBe(5);
        page.Document.QuerySelector("input[name=timezone]")!.GetAttribute("value").ShouldBe("Mars");
        (await api.GetAsync("workspace")).Text.ShouldBe(before);

        var taken = (await server.Services.GetRequiredService<WorkspaceService>().ListAsync(CancellationToken.None)).First(one => one.Id != api.Workspace.Id).Name;
        (await browser.SubmitAsync(page, "settings", ("name", taken), ("country", ""), ("timezone", "UTC"), ("hourly_limit", ""), ("field_limit", "250"))).Status.ShouldBe(409);
    }

    [Fact]
    public async Task A_suspended_workspace_is_set_back()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync("workspace"), "settings", ("standing", "suspended"));
        page.Text.ShouldContain("This workspace is suspended");
        (await browser.GetAsync("automations")).Document.QuerySelector("#new").ShouldBeNull();
        (await browser.SubmitAsync(page, "settings", ("standing", "good"))).Text.ShouldNotContain("This workspace is suspended");
    }

    [Fact]
    public async Task A_token_is_made_shown_once_works_and_is_revoked()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync("tokens/new"), "create", ("name", "n8n <b>"), ("role", "viewer"), ("dialect", "whaapy"));
        page.Path.ShouldStartWith("/console/tokens?made=");
        var key = page.TextsOf("#secret-text").ShouldHaveSingleItem();
        key.ShouldStartWith("wha_");
        page.Path.ShouldNotContain(key);
        page.TextsOf("#curl")[0].ShouldBe($"curl -sS '{server.Address}/contacts/v1' -H 'Authorization: Bearer {key}'");
        using var client = server.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        ((int)(await client.GetAsync(new Uri("/contacts/v1", UriKind.Relative))).StatusCode).ShouldBe(200);

        page = await browser.GetAsync(page.Path);
        page.Html.ShouldNotContain(key);
        page.TextsOf("tbody td:first-child").ShouldBe(["n8n <b>", "tests"]);
        (await browser.GetAsync("tokens?find=N8N")).TextsOf("tbody td:first-child").ShouldBe(["n8n <b>"]);
        (await browser.GetAsync("tokens?find=nobody")).Text.ShouldContain("No token has this");
        page.Text.ShouldContain("You are signed in with this token");
        var revoke = page.Document.QuerySelector("tbody input[name=_handler]")!.GetAttribute("value")!;
        page = await browser.SubmitAsync(page, revoke);
        page.Path.ShouldBe("/console/tokens?done=revoked");
        ((int)(await client.GetAsync(new Uri("/contacts/v1", UriKind.Relative))).StatusCode).ShouldBe(401);

        (await browser.SubmitAsync(await browser.GetAsync("tokens/new"), "create", ("name", ""), ("role", "king"), ("dialect", "klingon"))).TextsOf(".fault").Count.ShouldBe(3);
    }

    [Fact]
    public async Task Tokens_of_others_and_ones_own_stay()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        await api.PostAsync("tokens", """{"name":"second","role":"editor"}""");
        var page = await browser.GetAsync("tokens");
        var own = (await api.GetAsync("tokens")).Body.GetProperty("results")[0].GetProperty("uuid").GetGuid();
        var theirs = (await other.GetAsync("tokens")).Body.GetProperty("results")[0].GetProperty("uuid").GetGuid();
        var handler = page.Document.QuerySelector("tbody input[name=_handler]")!.GetAttribute("value")!;
        foreach (var id in new[] { own, theirs })
            (await browser.SubmitAsync(page, handler, ("_handler", $"revoke-{id:N}"))).Status.ShouldBe(400);
        (await api.GetAsync("tokens")).Status.ShouldBe(200);
        (await other.GetAsync("tokens")).Status.ShouldBe(200);
        page.Html.ShouldNotContain(theirs.ToString("N"));
    }

    [Fact]
    public async Task Only_administrators_see_these_pages()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var editor = await ConsoleClient.OfAsync(server, workspace, Role.Editor);
        foreach (var path in new[] { "workspace", "tokens", "tokens/new", "workspaces" })
            (await editor.GetAsync(path)).Status.ShouldBe(403, path);
    }
}

/// <summary>The installation's workspaces.</summary>
public sealed class WorkspacesPageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_first_workspaces_administrators_list_and_make_others_and_nobody_else()
    {
        var first = await server.FirstWorkspaceAsync();
        var second = await server.NewWorkspaceAsync();
        using var stranger = await ConsoleClient.OfAsync(server, second.Token);
        var refused = await stranger.GetAsync("workspaces");
        refused.Status.ShouldBe(403);
        refused.Text.ShouldContain("Only administrators of this installation's first workspace");
        refused.Document.QuerySelectorAll("main form, main table").ShouldBeEmpty();
        (await stranger.GetAsync("workspace")).Document.QuerySelector("main a[href=workspaces]").ShouldBeNull();

        using var browser = await ConsoleClient.OfAsync(server, first.Token);
        var page = await browser.GetAsync((await browser.GetAsync("workspace")).Document.QuerySelector("main a[href=workspaces]")!.GetAttribute("href")!);
        page.TextsOf("tbody tr").Count.ShouldBe(2);
        page.Html.ShouldNotContain(second.Token);
        var form = page;
        page = await browser.SubmitAsync(form, "create", ("name", "Loja Recife"), ("country", "mx"), ("timezone", "America/Recife"));
        page.Path.ShouldStartWith("/console/workspaces?made=");
        var key = page.TextsOf("#secret-text").ShouldHaveSingleItem();
        (await browser.GetAsync(page.Path)).Html.ShouldNotContain(key);
        page.TextsOf("tbody tr")[0].ShouldContain("Loja Recife");
        using var opened = await ConsoleClient.OfAsync(server, key);
        var settings = await opened.GetAsync("workspace");
        settings.Document.QuerySelector("input[name=name]")!.GetAttribute("value").ShouldBe("Loja Recife");
        settings.Document.QuerySelector("input[name=mexican_prefix]")!.HasAttribute("checked").ShouldBeTrue();

        (await browser.SubmitAsync(form, "create", ("name", "loja recife"))).Status.ShouldBe(409);
        (await browser.SubmitAsync(form, "create", ("name", ""), ("country", "x"))).TextsOf(".fault").Count.ShouldBe(2);

        // The form of the one is of no use to the other.
        var guard = (await stranger.GetAsync("workspace")).Document.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        (await stranger.SubmitAsync(form, "create", ("name", "Mine"), ("__RequestVerificationToken", guard))).Status.ShouldBeInRange(400, 403);
        (await browser.GetAsync("workspaces")).Text.ShouldNotContain("Mine");
    }
}
