using System.Text.Json;
using Contacts.Audit;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Security;

/// <summary>Who did what to a workspace is written down before it is done, with what came of it, and stays.</summary>
public sealed class AuditTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    [Fact]
    public async Task A_call_of_the_management_api_is_written_with_who_what_where_and_outcome()
    {
        using var api = await ManagementClient.NewAsync(server);
        api.Http.DefaultRequestHeaders.Add("X-Request-Id", "audited-1");
        var made = await api.PostAsync("tokens", """{"name":"n8n","role":"editor"}""");
        var entry = (await EntriesAsync(api)).ShouldHaveSingleItem();
        entry.GetProperty("action").GetString().ShouldBe("createToken");
        entry.GetProperty("channel").GetString().ShouldBe("management");
        entry.GetProperty("path").GetString().ShouldBe("/manage/api/tokens");
        entry.GetProperty("subject").GetString().ShouldBe($"token {made.Uuid}");
        entry.GetProperty("status").GetInt32().ShouldBe(201);
        entry.GetProperty("token").GetProperty("name").GetString().ShouldBe("tests");
        entry.GetProperty("role").GetString().ShouldBe("administrator");
        entry.GetProperty("address").GetString().ShouldBe("127.0.0.1");
        entry.GetProperty("request_id").GetString().ShouldBe("audited-1");
        entry.GetProperty("time").GetDateTime().ShouldBe(server.Hands.GetUtcNow().UtcDateTime, TimeSpan.FromSeconds(1));
        entry.ToString().ShouldNotContain(made.Body.GetProperty("key").GetString()!);
    }

    [Fact]
    public async Task What_was_refused_has_its_outcome_and_reading_leaves_no_entry()
    {
        using var api = await ManagementClient.NewAsync(server);
        await api.PostAsync("tokens", """{"name":""}""");
        Pass();
        await api.DeleteAsync($"tokens/{Guid.Empty}");
        Pass();
        await api.PatchAsync("workspace", """{"country":"BR"}""");
        await api.GetAsync("workspace");
        await api.PostAsync("calls/wait", """{"timeout_ms":0}""");
        await api.PostAsync("flows", "{");
        (await EntriesAsync(api)).Select(entry => $"{entry.GetProperty("action")} {entry.GetProperty("status")} {entry.GetProperty("subject")}")
            .ShouldBe([$"changeWorkspace 200 workspace {api.Workspace.Id}", "revokeToken 404 ", "createToken 400 "]);
    }

    [Fact]
    public async Task Whoever_may_not_leaves_no_entry_and_sees_none()
    {
        using var administrator = await ManagementClient.NewAsync(server);
        var key = ApiToken.NewKey();
        await server.Services.GetRequiredService<TokenService>().AddAsync(administrator.Workspace.Id, key, Role.Editor, "editor", CancellationToken.None);
        using var editor = ManagementClient.Of(server, administrator.Workspace with { Token = key });
        (await editor.PostAsync("tokens", """{"name":"x","role":"viewer"}""")).Status.ShouldBe(403);
        (await editor.GetAsync("audit")).Status.ShouldBe(403);
        (await EntriesAsync(administrator)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Signing_in_and_the_forms_of_the_console_are_written()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        Pass();
        await browser.SubmitAsync(await browser.GetAsync("tokens/new"), "create", ("name", "CRM"), ("role", "viewer"), ("dialect", "weni"));
        var token = (await EntriesAsync(api))[0].GetProperty("subject").GetString()!["token ".Length..];
        Pass();
        await browser.SubmitAsync(await browser.GetAsync("tokens"), $"revoke-{Guid.Parse(token):N}");
        Pass();
        await browser.SubmitAsync(await browser.GetAsync("groups"), "create", ("name", ""));
        Pass();
        await browser.SubmitAsync(await browser.GetAsync("groups"), "sign-out");
        (await EntriesAsync(api)).Select(entry => $"{entry.GetProperty("channel")} {entry.GetProperty("action")} {entry.GetProperty("status")}")
            .ShouldBe(["console sign-out sign-out 302", "console groups create 400", "console tokens revoke 302", "console tokens/new create 302", "console sign-in 302"]);
    }

    [Fact]
    public async Task A_form_without_its_guard_is_no_action()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        (await browser.SubmitAsync(await browser.GetAsync("tokens/new"), "create", ("name", "CRM"), ("__RequestVerificationToken", null))).Status.ShouldBe(400);
        (await EntriesAsync(api)).Count.ShouldBe(1, "the sign-in");
    }

    [Fact]
    public async Task A_failure_leaves_an_entry_without_an_outcome()
    {
        await using var broken = new ClockedServer();
        await broken.InitializeAsync();
        using var api = await ManagementClient.NewAsync(broken);
        await broken.ExecuteAsync($"ALTER TABLE automations RENAME TO gone");
        (await api.PostAsync("flows", """{"name":"x","type":"message","groups":[]}""")).Status.ShouldBeInRange(400, 500);
        (await api.PostAsync("reset")).Status.ShouldBe(500);
        (await EntriesAsync(api))[0].GetProperty("status").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Nothing_is_done_that_could_not_be_written_down()
    {
        await using var broken = new ClockedServer();
        await broken.InitializeAsync();
        using var api = await ManagementClient.NewAsync(broken);
        using var browser = await ConsoleClient.OfAsync(broken, api.Workspace.Token);
        var form = await browser.GetAsync("groups");
        await broken.ExecuteAsync($"ALTER TABLE audit_log RENAME TO gone");
        (await api.PostAsync("tokens", """{"name":"n8n","role":"editor"}""")).Status.ShouldBe(500);
        (await browser.SubmitAsync(form, "create", ("name", "Devs"))).Status.ShouldBe(500);
        (await api.GetAsync("tokens")).Body.GetProperty("results").GetArrayLength().ShouldBe(1);
        (await api.SendAsync(HttpMethod.Get, "/api/v2/groups.json")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_list_has_pages_and_filters()
    {
        using var api = await ManagementClient.NewAsync(server);
        for (var i = 0; i < 5; i++)
        {
            server.Hands.Advance(TimeSpan.FromSeconds(1));
            await api.PostAsync(i % 2 == 0 ? "faults" : "tokens", "{}");
        }

        var seen = new List<string>();
        var page = (await api.GetAsync("audit?limit=2")).Body;
        while (true)
        {
            seen.AddRange(page.GetProperty("results").EnumerateArray().Select(entry => entry.GetProperty("uuid").GetString()!));
            if (page.GetProperty("next").GetString() is not { } next)
                break;
            page = (await api.GetAsync($"audit?limit=2&cursor={next}")).Body;
        }

        seen.Count.ShouldBe(5);
        seen.ShouldBe(seen.Order(StringComparer.Ordinal).Reverse());
        (await EntriesAsync(api, "?action=createFault")).Count.ShouldBe(3);
        (await EntriesAsync(api, "?channel=console")).ShouldBeEmpty();
        (await EntriesAsync(api, $"?token={Guid.NewGuid()}")).ShouldBeEmpty();
        (await EntriesAsync(api, $"?since={Uri.EscapeDataString((server.Hands.GetUtcNow() - TimeSpan.FromSeconds(1.5)).ToString("O"))}")).Count.ShouldBe(2);
        (await api.GetAsync("audit?limit=0")).Status.ShouldBe(400);
        (await api.GetAsync("audit?cursor=x")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task An_entry_outlives_a_reset_and_its_token_and_goes_with_its_age()
    {
        await using var aged = new ClockedServer();
        await aged.InitializeAsync();
        using var api = await ManagementClient.NewAsync(aged);
        (await api.PostAsync("reset")).Status.ShouldBe(204);
        (await EntriesAsync(api)).ShouldHaveSingleItem().GetProperty("action").GetString().ShouldBe("reset");
        aged.Hands.Advance(TimeSpan.FromDays(364));
        await aged.Services.GetRequiredService<AuditCleaner>().CleanAsync(CancellationToken.None);
        (await EntriesAsync(api)).Count.ShouldBe(1);
        aged.Hands.Advance(TimeSpan.FromDays(2));
        await aged.Services.GetRequiredService<AuditCleaner>().CleanAsync(CancellationToken.None);
        (await EntriesAsync(api)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", "Audit log")]
    [InlineData("pt", "Registro de alterações")]
    [InlineData("es", "Registro de cambios")]
    public async Task The_page_shows_it_in_every_language(string language, string title)
    {
        using var api = await ManagementClient.NewAsync(server);
        await api.PatchAsync("workspace", """{"country":"BR"}""");
        Pass();
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token, language);
        (await browser.GetAsync("workspace")).Document.QuerySelector("a[href='audit']").ShouldNotBeNull();
        var page = await browser.GetAsync("audit");
        page.Status.ShouldBe(200);
        page.TextsOf("h1").ShouldBe([title]);
        var rows = page.TextsOf("#audit tbody td:nth-child(4)");
        rows.ShouldBe(["sign-in", "changeWorkspace"]);
        (await browser.GetAsync("audit?action=changeWorkspace&channel=management")).TextsOf("#audit tbody td:nth-child(4)").ShouldBe(["changeWorkspace"]);
        (await browser.GetAsync("audit?action=nothing")).Document.QuerySelector("#audit").ShouldBeNull();
    }

    /// <summary>Entries of one moment have no order.</summary>
    private void Pass() => server.Hands.Advance(TimeSpan.FromSeconds(1));

    private static async Task<List<JsonElement>> EntriesAsync(ManagementClient api, string query = "")
    {
        var answer = await api.GetAsync("audit" + query);
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Body.GetProperty("results").EnumerateArray()];
    }
}
