using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Contacts.Tests.Contract;
using Contacts.Tests.Support;
using Contacts.Tests.TestBench;
using Contacts.Workspaces;
using Xunit.Abstractions;

namespace Contacts.Tests.Security;

/// <summary>
/// Another workspace's objects answer as if they did not exist: every route that names an object is asked for those of every kind, and then for nobody's.
/// The answers are the same, the word that all of them are called by is in none, and no row of the other workspace has changed.
/// Weni's queries and bodies are held by <see cref="Weni.IsolationTests"/>, byte for byte.
/// </summary>
public sealed class OthersObjectsTests(OthersObjectsTests.IdleServer server, ITestOutputHelper output) : IClassFixture<OthersObjectsTests.IdleServer>
{
    // Objects that are named elsewhere than in the path.
    private static readonly (string Door, string Method, string Path, string? Body)[] Calls =
    [
        ("weni", "POST", "/api/v2/contact_actions.json", """{"contacts":["{contact}"],"action":"add","group":"{group}"}"""),
        ("weni", "POST", "/api/v2/contact_actions.json", """{"contacts":["{contact}"],"action":"delete"}"""),
        ("weni", "POST", "/api/v2/contacts_bulk.json", """{"contacts":[{"uuid":"{contact}","name":"Changed"}]}"""),
        ("weni", "GET", "/api/v2/contacts_lean.json?uuid={contact}", null),
        ("weni", "GET", "/api/v2/contacts_lean.json?group={group}", null),
        ("weni", "GET", "/api/v2/flows.json?uuid={flow}", null),
        ("whaapy", "POST", "/contacts/v1", """{"phone_number":"+250788000009","funnel_stage_id":"{stage}"}"""),
        ("whaapy", "PATCH", "/contacts/v1/{own}", """{"funnel_stage_id":"{stage}"}"""),
        ("whaapy", "POST", "/contacts/v1/{own}/merge", """{"merge_with":"{contact}"}"""),
        ("whaapy", "POST", "/contacts/v1/{own}/merge", """{"source_contact_id":"{contact}"}"""),
        ("whaapy", "POST", "/contacts/v1/bulk", """{"operation":"delete","contact_ids":["{contact}"]}"""),
        ("whaapy", "POST", "/contacts/v1/bulk", """{"operation":"update","contact_ids":["{contact}"],"data":{"name":"Changed"}}"""),
        ("whaapy", "POST", "/contacts/v1/bulk", """{"operation":"tag","contact_ids":["{contact}"],"tags":["x"]}"""),
        ("whaapy", "POST", "/contacts/v1/bulk", """{"operation":"set_funnel_stage","contact_ids":["{own}"],"funnel_stage_id":"{stage}"}"""),
        ("whaapy", "POST", "/contacts/v1/search", """{"funnel_stage_id":"{stage}"}"""),
        ("whaapy", "GET", "/contacts/v1?funnel_stage_id={stage}", null),
        ("whaapy", "PATCH", "/funnel/v1/stages/reorder", """{"stage_ids":["{stage}"]}"""),
        ("whaapy", "POST", "/funnel/v1/contacts/{own}/move", """{"stage_id":"{stage}"}"""),
        ("whaapy", "POST", "/funnel/v1/contacts/{contact}/move", """{"stage_id":"{stage}"}"""),
        ("management", "GET", "/manage/api/calls?contact={contact}", null),
        ("management", "GET", "/manage/api/calls?token={token}", null),
        ("management", "POST", "/manage/api/calls/wait", """{"contact":"{contact}","timeout_ms":0}"""),
        ("management", "GET", "/manage/api/audit?token={token}", null),
        ("management", "GET", "/manage/api/flows?group={group}", null),
        ("management", "POST", "/manage/api/flows", """{"name":"New","type":"message","groups":["{group}"]}"""),
        ("management", "POST", "/manage/api/duplicates/merge", """{"keep":"{own}","merge":"{contact}"}"""),
        ("management", "POST", "/manage/api/duplicates/merge", """{"keep":"{contact}","merge":"{own}"}"""),
        ("management", "POST", "/manage/api/reset", """{"snapshot":"{snapshot}"}"""),
        ("console", "GET", "/console/contacts?group={group}", null),
        ("console", "GET", "/console/contacts?field={key}&value=x", null),
        ("console", "GET", "/console/contacts/export?group={group}", null),
        ("console", "GET", "/console/contacts/{own}/merge?with={contact}", null),
        ("console", "GET", "/console/automations?group={group}", null),
        ("console", "GET", "/console/calls?contact={contact}", null),
        ("console", "GET", "/console/tokens?made={token}", null),
        ("console", "GET", "/console/audit?token={token}", null),
    ];

    [Fact]
    public async Task Anothers_objects_answer_as_if_they_did_not_exist()
    {
        var others = await OthersObjects.MakeAsync(server);
        var intruders = await IntrudersAsync();
        var before = await RowsAsync(others.Workspace.Id);
        var asked = 0;
        var faults = new List<string>();
        foreach (var route in ServedRoute.Of(server.Services).Where(route => route.HasPlaces && DoorOf(route.Pattern) is not null))
        {
            foreach (var id in others.Ids.Keys)
            {
                var path = route.PathOf(place => ValueOf(place, id));
                asked++;
                if (await DifferenceAsync(others, intruders, DoorOf(route.Pattern)!, route.Method, path, """{"name":"Changed"}""") is { } fault)
                    faults.Add(fault);
            }
        }

        foreach (var (door, method, path, body) in Calls)
        {
            asked++;
            if (await DifferenceAsync(others, intruders, door, method, path, body) is { } fault)
                faults.Add(fault);
        }

        output.WriteLine($"{asked} calls, each with another workspace's object and with nobody's");
        faults.ShouldBeEmpty();
        await ShouldBeUntouchedAsync(others, before);
    }

    /// <summary>Every form of every page that another workspace's administrator sees, sent with one's own session and one's own guard.</summary>
    [Fact]
    public async Task Anothers_forms_change_nothing_of_theirs()
    {
        var others = await OthersObjects.MakeAsync(server);
        using var theirs = await ConsoleClient.OfAsync(server, others.Workspace.Token);
        var pages = ServedRoute.Of(server.Services).Where(route => route is { Method: "GET" } && DoorOf(route.Pattern) == "console" && !route.Pattern.Contains("live", StringComparison.Ordinal))
            .SelectMany(route => route.HasPlaces ? others.Ids.Keys.Select(id => route.PathOf(place => ValueOf(place, id))) : [route.Pattern])
            .Select(others.Fill).Distinct(StringComparer.Ordinal).ToList();
        var forms = new List<(ConsoleReply Page, IHtmlFormElement Form)>();
        foreach (var path in pages.Where(path => !path.Contains("sign-", StringComparison.Ordinal)))
        {
            var page = await theirs.GetAsync(path);
            if (page.Headers.GetValueOrDefault("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) == true)
                forms.AddRange(page.Document.Forms.OfType<IHtmlFormElement>().Where(form => form.Method == "post" && HandlerOf(form) is not (null or "sign-out")).Select(form => (page, form)));
        }

        var before = await RowsAsync(others.Workspace.Id);
        using var mine = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var guard = ConsoleClient.FormOf(await mine.GetAsync("documents/weni"), "sign-out").QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")!.Value;
        foreach (var (page, form) in forms)
        {
            var ticked = form.Elements.OfType<IHtmlInputElement>().Where(box => box.Type == "checkbox").Select(box => (box.Name!, (string?)box.Value));
            var action = form.QuerySelectorAll<IHtmlButtonElement>("button[name]").ToList() is [.., var last] ? last : null;
            (string, string?)[] values = [("__RequestVerificationToken", guard), .. ticked, .. action is null ? [] : new[] { (action.Name!, (string?)action.Value) }];
            (await mine.SubmitAsync(form, page, values)).Status.ShouldBeLessThan(500, $"{page.Path} {HandlerOf(form)}");
        }

        output.WriteLine($"{forms.Count} forms of {pages.Count} pages");
        forms.Count.ShouldBeGreaterThan(30);
        await ShouldBeUntouchedAsync(others, before);
    }

    private async Task<string?> DifferenceAsync(OthersObjects others, Dictionary<string, (Visitor Visitor, string Contact)> intruders, string door, string method, string path, string? body)
    {
        var answers = new List<string>();
        foreach (var named in new[] { others, others.OfNobody() })
        {
            var (visitor, own) = intruders[door];
            var to = named.Fill(path).Replace("{own}", own, StringComparison.Ordinal);
            using var request = visitor.Request(method, to, door);
            if (method is "POST" or "PUT" or "PATCH" && door != "console")
                request.Content = new StringContent(named.Fill(body ?? "{}").Replace("{own}", own, StringComparison.Ordinal), Encoding.UTF8, "application/json");
            else if (method == "POST")
                request.Content = new FormUrlEncodedContent([]);
            using var answer = await server.Client.SendAsync(request);
            answers.Add($"{(int)answer.StatusCode} {named.Hide(await answer.Content.ReadAsStringAsync())}");
        }

        if (answers[0] == answers[1] && !answers[0].Contains(OthersObjects.Word, StringComparison.OrdinalIgnoreCase))
            return null;
        return $"{method} {path}\n  another's: {answers[0]}\n  nobody's:  {answers[1]}";
    }

    private async Task<Dictionary<string, (Visitor Visitor, string Contact)>> IntrudersAsync()
    {
        var all = new Dictionary<string, (Visitor, string)>(StringComparer.Ordinal);
        foreach (var door in new[] { "weni", "whaapy", "management", "console" })
        {
            var workspace = await server.NewWorkspaceAsync(settings => settings.MinuteLimit = null);
            using var client = new WeniClient(server, workspace);
            var own = await client.MakeAsync("contacts.json", new { name = "Mine" });
            all[door] = (door switch
            {
                "console" => await Visitor.OfSessionAsync(server, workspace.Id, Role.Administrator),
                _ => await Visitor.OfKeyAsync(server, workspace.Id, Role.Administrator, door == "whaapy" ? "whaapy" : "weni"),
            }, own);
        }

        return all;
    }

    /// <summary>The id of every kind in every place; where a path names two objects, the second one is an attempt to deliver.</summary>
    private static string ValueOf(string place, string id) => place switch
    {
        "list" => id is "campaign" or "trigger" ? id + "s" : "flows",
        "KindText" => id is "campaign" or "trigger" ? id : "flow",
        "attempt" or "AttemptId" => "{attempt}",
        "Path" or "Name" => $"{{{id}}}",
        _ => $"{{{id}}}",
    };

    private static string? DoorOf(string pattern)
    {
        var first = pattern.Split('/')[1];
        return first switch
        {
            "api" => "weni",
            "manage" => "management",
            "console" => pattern.Contains("{Name}", StringComparison.Ordinal) ? null : "console",
            "contacts" or "funnel" or "user-webhooks" => "whaapy",
            _ => null,
        };
    }

    private static string? HandlerOf(IHtmlFormElement form) => form.QuerySelector<IHtmlInputElement>("input[name=_handler]")?.Value;

    private async Task<Dictionary<string, string>> RowsAsync(Guid workspaceId)
    {
        // Sessions go on while pages are looked at, and calls are recorded of whoever makes them.
        var tables = (await server.TablesAsync()).Where(table => table is not ("console_sessions" or "request_log" or "request_log_contacts" or "call_minutes" or "request_counts" or "audit_log"));
        return await server.RowsAsync(workspaceId, tables);
    }

    private async Task ShouldBeUntouchedAsync(OthersObjects others, Dictionary<string, string> before)
    {
        foreach (var (table, rows) in await RowsAsync(others.Workspace.Id))
            rows.ShouldBe(before[table], table);
        before.Values.Count(rows => rows.Length > 0).ShouldBeGreaterThan(12);
    }

    /// <summary>A server that does nothing by itself: what changes was changed by a call.</summary>
    public sealed class IdleServer : TestServer
    {
        protected override bool WorksInBackground => false;
    }
}
