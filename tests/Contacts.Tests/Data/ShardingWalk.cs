using Contacts.Audit;
using Contacts.Calls;
using Contacts.Console;
using Contacts.Core;
using Contacts.Data;
using Contacts.Imports;
using Contacts.Tests.Calls;
using Contacts.Tests.Imports;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Tests.Support.Cases;
using Contacts.Tests.Webhooks;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WeniCases = Contacts.Tests.Weni.ContractCases;
using WhaapyCases = Contacts.Tests.Whaapy.ContractCases;

namespace Contacts.Tests.Data;

/// <summary>A walk through everything that the server can be asked to do, so that each of its statements is sent at least once.</summary>
internal static class ShardingWalk
{
    private const int AtOnce = 8;

    // The other files are about shapes, whose calls come to the same statements.
    private static readonly string[] Files =
    [
        "anonymous", "bulk", "campaigns", "contact-actions", "contact-fields", "contact-groups", "contact-urns", "contacts-create", "contacts-delete", "contacts-lean",
        "contacts-list", "contacts-update", "fields", "flows", "group-deletion", "groups", "lists", "lists-combinations", "lookups", "mexican-prefix", "ninth-digit", "workspace",
    ];

    private const int TooLong = 20;

    /// <summary>Everything, once.</summary>
    /// <param name="server">The server.</param>
    public static async Task WalkAsync(TestServer server)
    {
        using var turns = new SemaphoreSlim(AtOnce);
        var cases = WeniCases.Files.Names.Where(name => Files.Contains(name.File)).Select(name => (File: WeniCases.Files, Name: name))
            .Concat(WhaapyCases.Files.Names.Select(name => (File: WhaapyCases.Files, Name: name)));
        await Task.WhenAll(cases.Where(one => IsShort(one.File.Find(one.Name))).Select(async one =>
        {
            await turns.WaitAsync();
            try
            {
                await one.File.RunAsync(server, one.Name);
            }
            finally
            {
                turns.Release();
            }
        }));
        await ManageAsync(server);
        await RepeatAsync(server);
        await TellAsync(server);
        await ImportAsync(server);
        await BreakAsync(server);
        await LookAsync(server);
        await RecordAsync(server);
        await BrowseAsync(server);
        await CleanAsync(server);
    }

    private static bool IsShort(ContractCase found) => found.Given.Append(found.Request).Concat(found.Then).Sum(step => step.Repeat) <= TooLong;

    private static async Task ManageAsync(TestServer server)
    {
        using var client = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        foreach (var list in new[] { "flows", "campaigns", "triggers" })
        {
            var made = await client.NewAsync(list, "Welcome", group);
            foreach (var query in new[] { "", $"?archived=false&group={group}", "?limit=1" })
                (await client.GetAsync(list + query)).Status.ShouldBe(200);
            (await client.GetAsync($"{list}/{made.Uuid}")).Status.ShouldBe(200);
            (await client.PostAsync($"{list}/{made.Uuid}/archive")).Status.ShouldBe(200);
            (await client.PostAsync($"{list}/{made.Uuid}/restore")).Status.ShouldBe(200);
            (await client.DeleteAsync($"{list}/{made.Uuid}")).Status.ShouldBe(204);
        }

        (await client.PatchAsync("workspace", """{"mexican_prefix":true}""")).Status.ShouldBe(200);
        var twins = new List<string>();
        foreach (var urn in new[] { "tel:+5215511111111", "tel:+525511111111" })
            twins.Add((await client.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", $$"""{"urns":["{{urn}}"],"groups":["Devs"]}""")).Uuid);
        (await client.GetAsync("duplicates")).Text.ShouldContain(twins[1]);
        (await client.PostAsync("duplicates/merge", $$"""{"keep":"{{twins[0]}}","merge":"{{twins[1]}}"}""")).Status.ShouldBe(200);

        (await client.PatchAsync("workspace", """{"name":"Sharded","hourly_limit":1000}""")).Status.ShouldBe(200);
        (await client.GetAsync("workspace")).Status.ShouldBe(200);
        foreach (var query in new[] { "", $"?since=2026-01-01&until=2036-01-02&token={Guid.NewGuid()}&channel=console&action=x", "?limit=1" })
            (await client.GetAsync("audit" + query)).Status.ShouldBe(200);
        await server.Services.GetRequiredService<AuditCleaner>().CleanAsync(CancellationToken.None);
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(204);
    }

    /// <summary>Calls under keys: of every kind, given again, taken over from a server that was stopped, and after their day.</summary>
    private static async Task RepeatAsync(TestServer server)
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.HourlyLimit = 1000);
        using var client = new KeyedClient(server, workspace.Token);
        foreach (var (path, body) in new[]
        {
            ("groups.json", """{"name":"Devs"}"""), ("fields.json", """{"label":"Age","value_type":"numeric"}"""), ("contacts.json?urn=ext:1", """{"groups":["Devs"]}"""),
        })
        {
            (await client.PostAsync(path, path, body)).Status.ShouldBe(201);
            (await client.PostAsync(path, path, body)).IsReplay.ShouldBeTrue();
        }

        await server.ExecuteAsync($"UPDATE idempotent_calls SET status = NULL, leased_until = expires_on - interval '2 days' WHERE workspace_id = {workspace.Id}");
        (await client.PostAsync("groups.json", "groups.json", """{"name":"Devs"}""")).IsReplay.ShouldBeTrue();
        await server.ExecuteAsync($"UPDATE idempotent_calls SET expires_on = leased_until WHERE workspace_id = {workspace.Id} AND key = 'fields.json'");
        (await client.PostAsync("fields.json", "fields.json", """{"label":"Age","value_type":"numeric"}""")).Status.ShouldBe(400);
        (await client.DeleteAsync("gone", "contacts.json?urn=ext:1")).Status.ShouldBe(204);
    }

    /// <summary>Webhooks: an event that fails and comes again, one that is replayed, and everything that can be done to a webhook.</summary>
    private static async Task TellAsync(TestServer server)
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.AnswerWith(500);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.LogAsync(attempts: 1);
        subscriber.Receiver.AnswerWith(200);
        await subscriber.UpsertAsync("ext:2", new { name = "Bia" });
        await subscriber.LogAsync(attempts: 2);
        (await subscriber.Api.PatchAsync(subscriber.Path, """{"name":"CRM","active":false}""")).Status.ShouldBe(200);
        (await subscriber.Api.GetAsync("webhooks")).Status.ShouldBe(200);
        (await subscriber.Api.DeleteAsync(subscriber.Path)).Status.ShouldBe(204);
        await ActivatorUtilities.CreateInstance<WebhookCleaner>(server.Services).CleanAsync(CancellationToken.None);
    }

    /// <summary>The bench for tests: a seed, a snapshot of it, faults of all sorts, a clock that is ahead, and resets.</summary>
    private static async Task BreakAsync(TestServer server)
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.PostAsync("seed", await File.ReadAllTextAsync(Repository.PathOf("requests", "seed.json")))).Status.ShouldBe(200);
        (await client.PostAsync("snapshots", """{"name":"seeded"}""")).Status.ShouldBe(201);
        (await client.GetAsync("snapshots")).Status.ShouldBe(200);
        (await client.PostAsync("faults", """{"effect":"status","status":503,"times":1}""")).Status.ShouldBe(201);
        var fault = await client.PostAsync("faults", """{"effect":"latency","latency_ms":1}""");
        (await client.SendAsync(HttpMethod.Get, "/api/v2/contacts.json")).Status.ShouldBe(503);
        (await client.GetAsync("faults")).Status.ShouldBe(200);
        (await client.DeleteAsync($"faults/{fault.Uuid}")).Status.ShouldBe(204);
        (await client.DeleteAsync("faults")).Status.ShouldBe(204);
        (await client.PutAsync("clock", """{"offset_seconds":60}""")).Status.ShouldBe(200);
        (await client.PutAsync("clock", """{"advance_seconds":60}""")).Status.ShouldBe(200);
        (await client.GetAsync("clock")).Status.ShouldBe(200);
        (await client.PostAsync("reset", """{"snapshot":"seeded"}""")).Status.ShouldBe(204);
        (await client.PostAsync("snapshots/seeded/restore")).Status.ShouldBe(204);
        (await client.DeleteAsync("snapshots/seeded")).Status.ShouldBe(204);
    }

    /// <summary>The web interface: in by a token and by a link, and out.</summary>
    private static async Task LookAsync(TestServer server)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        await browser.SubmitAsync(await browser.GetAsync("documents/weni"), "sign-out");
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None);
        await browser.GetAsync($"sign-in?link={await server.Services.GetRequiredService<Sessions>().OfferAsync(caller.ShouldNotBeNull(), CancellationToken.None)}");
    }

    /// <summary>Recorded calls: of every filter, waited for, counted, cut down to every limit, and deleted.</summary>
    private static async Task RecordAsync(TestServer server)
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.RecordedCalls = 1);
        await observer.SendAsync("POST", "/api/v2/contacts_bulk.json", """{"contacts":[{"urn":"ext:1"},{"urn":"ext:2"}]}""");
        await observer.SendAsync("GET", "/api/v2/contacts.json");
        var calls = await observer.WaitAsync(2, "\"path\":\"contacts\"");
        await observer.ReadAsync(calls[0]);
        foreach (var query in new[] { $"?contact={Guid.NewGuid()}", $"?token={Guid.NewGuid()}", "?status=4xx&method=GET&text=x&errors=true&dialect=weni", "?since=2026-01-01&until=2026-01-02", "?limit=1" })
            await observer.ListAsync(query);
        await server.Services.GetRequiredService<CallWriter>().FlushAsync(CancellationToken.None);
        (await observer.Api.GetAsync("calls/minutes")).Status.ShouldBe(200);
        await LookAtCallsAsync(server, observer);
        await ActivatorUtilities.CreateInstance<CallLogCleaner>(server.Services).CleanAsync(CancellationToken.None);
        (await observer.Api.DeleteAsync("calls")).Status.ShouldBe(204);
    }

    /// <summary>The pages of calls: the list, one that goes on by itself, one call, and sending it again.</summary>
    private static async Task LookAtCallsAsync(TestServer server, Observer observer)
    {
        await observer.SendAsync("POST", "/api/v2/contacts.json", """{"name":"Ana"}""");
        var call = (await observer.WaitAsync(1, "\"method\":\"POST\",\"path\":\"contacts.json\"")).ShouldHaveSingleItem();
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        using var stream = await EventStream.OpenAsync(server, browser.Cookies, "calls/live");
        foreach (var path in new[] { $"calls?contact={call.Text("contact")}&text=x", $"contacts/{call.Text("contact")}" })
            (await browser.GetAsync(path)).Status.ShouldBe(200, path);
        (await browser.SubmitAsync(await browser.GetAsync($"calls/{call.Text("uuid")}"), "again")).Path.ShouldContain("sent=1");
        await stream.RowsAsync();
    }

    /// <summary>A file in and out, tried, written, refused in part, and taken away; and what only pages ask for.</summary>
    private static async Task ImportAsync(TestServer server)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var importer = new Importer(browser);
        var page = await importer.UploadAsync("urn,name,Age,groups\next:1,Ana,39,Devs\nnothing,Bia,,\n");
        page = await browser.SubmitAsync(page, "read", ("delimiter", "comma"));
        page = await importer.RunAsync(await importer.CheckAsync(page, ("column-2", "new:numeric")));
        Importer.CountsOf(page).ShouldBe("1 0 0 1", page.Text);
        foreach (var path in new[] { "imports", $"{page.Path}/refused", "contacts/export", "contacts?field=age&value=3*", "contacts?q=ext:1&status=active", "fields?count=1", "groups?q=dev" })
            (await browser.GetAsync(path)).Status.ShouldBe(200, path);
        (await browser.SubmitAsync(page, "remove")).Status.ShouldBe(200);
        (await importer.UploadAsync("urn\next:1\n")).Status.ShouldBe(200);
        await server.Services.GetRequiredService<ImportWorker>().CleanAsync(CancellationToken.None);
    }

    /// <summary>What the web interface alone asks for.</summary>
    private static async Task BrowseAsync(TestServer server)
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.AnswerWith(500);
        var contact = await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.LogAsync(attempts: 1);
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var paths = new List<string>
        {
            "automations?name=x&archived=all", $"automations?group={Guid.Empty}", "automations/new", "tokens", "workspace", "audit", "workspaces", "webhooks", "webhooks/workbench",
            subscriber.Path, $"{subscriber.Path}?failed=1&event=contact_created&contact={contact}&after={Guid.Empty}",
        };
        paths.AddRange((await browser.GetAsync(subscriber.Path)).Document.QuerySelectorAll("#deliveries tbody a").Select(link => link.GetAttribute("href")!));
        foreach (var path in paths)
            (await browser.GetAsync(path)).Status.ShouldBeInRange(200, 404, path);
    }

    private static async Task CleanAsync(TestServer server)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await client.MakeAsync("groups.json", new { name = "Devs" });
        for (var number = 0; number < 40; number++)
            await client.MakeAsync("contacts.json", new { groups = new[] { group } });
        var contacts = Enumerable.Range(0, 600).Select(number => new { urn = $"ext:{number}" });
        (await client.PostAsync("contacts_bulk.json", new { contacts })).Status.ShouldBe(200);
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        (await client.DeleteAsync($"groups.json?uuid={group}")).Status.ShouldBe(204);
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        await server.Services.GetRequiredService<Throttle>().ShareAsync(CancellationToken.None);
        await server.Services.GetRequiredService<CallCleaner>().CleanAsync(CancellationToken.None);
        await ActivatorUtilities.CreateInstance<FirstStatistics>(server.Services).GatherAsync(CancellationToken.None);
        (await server.Client.GetAsync(new Uri("/health/ready", UriKind.Relative))).EnsureSuccessStatusCode();
    }
}
