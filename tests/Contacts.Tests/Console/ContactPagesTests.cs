using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>The pages of contacts: searching, editing, merging, and acting on several at once.</summary>
public sealed class ContactPagesTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Hostile = "<script>alert(1)</script> \u202Egpj.exe";

    [Fact]
    public async Task Contacts_are_found_by_name_number_field_group_and_status()
    {
        using var weni = await NewAsync();
        await weni.MakeAsync("fields.json", new { label = "City", value_type = "text" });
        var group = await weni.MakeAsync("groups.json", new { name = "Devs" });
        await weni.MakeAsync("contacts.json", new { name = "Ana Reis", urns = new[] { "tel:+5511987654321" }, groups = new[] { "Devs" }, fields = new { city = "São Paulo" } });
        var bia = await weni.MakeAsync("contacts.json", new { name = "Bia 100%", urns = new[] { "mailto:bia@example.com" }, fields = new { city = "Santos" } });
        (await weni.PostAsync("contact_actions.json", new { contacts = new[] { bia }, action = "block" })).Status.ShouldBe(204);
        using var browser = await OpenAsync(weni);
        foreach (var query in new[]
        {
            "q=reis", "q=%2B5511987654321", "q=(11)%2098765-4321", "q=551187654321", "q=tel:%2B5511987654321", "q=whatsapp:5511987654321",
            $"group={group}", "status=active", "field=city&value=s%C3%A3o%20paulo", "field=city&value=*paulo",
        })
            (await browser.GetAsync("contacts?" + query)).TextsOf("tbody td:nth-child(2)").ShouldBe(["Ana Reis"], query);
        foreach (var query in new[] { "q=100%25", "q=BIA@example.com", $"q={bia}", "status=blocked", "field=city&value=santos" })
            (await browser.GetAsync("contacts?" + query)).TextsOf("tbody td:nth-child(2)").ShouldBe(["Bia 100%"], query);
        (await browser.GetAsync("contacts?field=city")).TextsOf("tbody td:nth-child(2)").Count.ShouldBe(2);
        foreach (var query in new[] { "q=nobody", "field=none", "group=none", "status=none", "q=%00" + "zzz", "at=nonsense&q=zzz", "field=city&value=s%25" })
            (await browser.GetAsync("contacts?" + query)).Document.GetElementById("empty").ShouldNotBeNull(query);
        (await browser.GetAsync("contacts/export?q=reis")).Html.Split("\r\n").Length.ShouldBe(3);
        (await browser.GetAsync("contacts/export?group=none")).Html.Split("\r\n").Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_list_is_walked_page_by_page_and_acted_on()
    {
        using var weni = await NewAsync();
        await weni.MakeAsync("groups.json", new { name = "Devs" });
        for (var number = 0; number < 60; number++)
            await weni.MakeAsync("contacts.json", new { name = $"Name {number}" });
        using var browser = await OpenAsync(weni);
        var page = await browser.GetAsync("contacts?order=created_first");
        page.TextsOf("tbody td:nth-child(2)").ShouldBe(Enumerable.Range(0, 50).Select(number => $"Name {number}"));
        var next = await browser.GetAsync(page.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        next.TextsOf("tbody td:nth-child(2)").ShouldBe(Enumerable.Range(50, 10).Select(number => $"Name {number}"));
        next.Document.QuerySelector("a[rel=next]").ShouldBeNull();
        (await browser.GetAsync(next.Document.QuerySelector("a[rel=prev]")!.GetAttribute("href")!)).TextsOf("tbody td:nth-child(2)").Count.ShouldBe(50);

        var all = page.Document.QuerySelectorAll("input[name=contact]").Select(box => ("contact", box.GetAttribute("value"))).ToArray();
        (await browser.SubmitAsync(page, "bulk", [.. all, ("action", "add")])).Text.ShouldContain("Choose a group");
        (await browser.SubmitAsync(page, "bulk", ("action", "block"))).Text.ShouldContain("Tick at least one contact");
        var group = page.Document.QuerySelector("#i-target option:last-child")!.GetAttribute("value");
        (await browser.SubmitAsync(page, "bulk", [.. all, ("action", "add"), ("target", group)])).Text.ShouldContain("50 contacts are in the group");
        (await weni.GetAsync("contacts.json?group=Devs")).Results.Count.ShouldBe(50);
        (await browser.SubmitAsync(page, "bulk", all[0], ("action", "block"))).Text.ShouldContain("1 contacts are blocked");
        var told = await browser.SubmitAsync(page, "bulk", all[0], all[1], ("action", "add"), ("target", group));
        told.Text.ShouldContain("1 were refused. Only active contacts can be in groups.");
        (await browser.SubmitAsync(page, "bulk", [.. all, ("action", "delete")])).Text.ShouldContain("50 contacts were deleted");
        (await weni.GetAsync("contacts.json")).Results.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_contact_is_made_shown_and_edited()
    {
        using var weni = await NewAsync();
        await weni.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" });
        await weni.MakeAsync("fields.json", new { label = "Joined", value_type = "datetime" });
        var devs = await weni.MakeAsync("groups.json", new { name = "Devs" });
        using var browser = await OpenAsync(weni);
        var page = await browser.SubmitAsync(
            await browser.GetAsync("contacts/new"), "contact", ("name", "Ana"), ("language", "por"), ("urns", "11 98765-4321\r\nmailto:ana@example.com"), ("group", devs), ("field-age", "39"));
        page.Status.ShouldBe(200, page.Text);
        page.Text.ShouldContain("The contact was made.");
        page.Document.GetElementById("json-weni")!.TextContent.ShouldContain("\"urns\": [");
        page.Document.GetElementById("json-whaapy")!.TextContent.ShouldContain("\"phone_number\": \"+5511987654321\"");
        var path = page.Path.Split('?')[0];

        page = await browser.SubmitAsync(await browser.GetAsync(path + "/edit"), "contact", ("name", "Ana Reis"), ("group", null), ("field-age", ""));
        page.Text.ShouldContain("Saved.");
        var found = (await weni.GetAsync("contacts.json?urn=mailto:ana@example.com")).Results.Single()!;
        (found["name"]!.ToString(), found["groups"]!.AsArray().Count, found["fields"]!["age"], found["urns"]!.AsArray().Count).ShouldBe(("Ana Reis", 0, null, 2));
    }

    [Fact]
    public async Task All_faults_are_told_and_nothing_typed_is_lost()
    {
        using var weni = await NewAsync();
        await weni.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" });
        await weni.MakeAsync("fields.json", new { label = "Joined", value_type = "datetime" });
        using var browser = await OpenAsync(weni);
        (string, string?)[] typed =
        [
            ("name", new string('x', 101)), ("language", "xx"), ("urns", "12\r\nnothing:5"), ("field-age", "many"), ("field-joined", "soon"),
        ];
        var page = await browser.SubmitAsync(await browser.GetAsync("contacts/new"), "contact", typed);
        page.Status.ShouldBe(400);
        page.TextsOf(".fault").Count.ShouldBe(5, page.Text);
        page.Document.GetElementById("i-urns")!.TextContent.ReplaceLineEndings("\n").Trim().ShouldBe("12\nnothing:5");
        page.Document.GetElementById("i-name")!.GetAttribute("value").ShouldBe(new string('x', 101));
        page.Document.GetElementById("i-field-age")!.GetAttribute("value").ShouldBe("many");
        (await weni.GetAsync("contacts.json")).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_not_overwritten_unseen()
    {
        using var weni = await NewAsync();
        var uuid = await weni.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        using var browser = await OpenAsync(weni);
        var form = await browser.GetAsync($"contacts/{uuid}/edit");
        (await weni.PostAsync("contacts.json?urn=ext:1", new { name = "Anna", language = "eng" })).Status.ShouldBe(200);
        var page = await browser.SubmitAsync(form, "contact", ("name", "Ana Reis"));
        page.Status.ShouldBe(409);
        page.TextsOf("#changed .before").ShouldBe(["Anna", "eng"]);
        page.TextsOf("#changed .after").ShouldBe(["Ana Reis", ""]);
        (await weni.GetAsync("contacts.json?urn=ext:1")).Results.Single()!["name"]!.ToString().ShouldBe("Anna");
        (await browser.SubmitAsync(page, "contact", ("language", "eng"))).Text.ShouldContain("Saved.");
        (await weni.GetAsync("contacts.json?urn=ext:1")).Results.Single()!["name"]!.ToString().ShouldBe("Ana Reis");
    }

    [Fact]
    public async Task The_address_of_another_contact_is_not_taken_in_any_form()
    {
        using var weni = await NewAsync();
        var other = await weni.MakeAsync("contacts.json", new { name = "Bia", urns = new[] { "whatsapp:5511987654321" } });
        var uuid = await weni.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        using var browser = await OpenAsync(weni);
        foreach (var path in new[] { $"contacts/{uuid}/edit", "contacts/new" })
        {
            var page = await browser.SubmitAsync(await browser.GetAsync(path), "contact", ("urns", "ext:1\r\nwhatsapp:551187654321"), ("name", "Ana"));
            page.Status.ShouldBe(409, page.Text);
            page.Text.ShouldContain("belongs to another contact");
        }

        var refused = await browser.SubmitAsync(await browser.GetAsync($"contacts/{uuid}/edit"), "contact", ("urns", "whatsapp:551187654321"));
        var merge = await browser.GetAsync(refused.Document.QuerySelector($"a[href*='merge?with={other}']")!.GetAttribute("href")!);
        merge.TextsOf("#result td.after")[0].ShouldBe("Ana");
        merge.TextsOf("#result td.after")[3].ShouldBe("ext:1, whatsapp:5511987654321");
        (await browser.SubmitAsync(merge, "join")).Text.ShouldContain("The two contacts are one now.");
        (await weni.GetAsync("contacts.json")).Results.Single()!["urns"]!.AsArray().Count.ShouldBe(2);
        (await browser.GetAsync($"contacts/{other}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_contact_is_blocked_made_active_and_deleted()
    {
        using var weni = await NewAsync();
        var uuid = await weni.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        using var browser = await OpenAsync(weni);
        var page = await browser.SubmitAsync(await browser.GetAsync($"contacts/{uuid}"), "status", ("status", "blocked"));
        page.Text.ShouldContain("The contact is blocked");
        (await browser.GetAsync($"contacts/{uuid}/edit")).Document.QuerySelector("input[name=group]").ShouldBeNull();
        page = await browser.SubmitAsync(page, "status", ("status", "active"));
        page.Text.ShouldContain("The contact is active.");
        page = await browser.SubmitAsync(page, "delete");
        page.Path.ShouldStartWith("/console/contacts?done=delete");
        (await browser.GetAsync($"contacts/{uuid}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_strangers_wrote_is_inert()
    {
        using var weni = await NewAsync();
        await weni.MakeAsync("fields.json", new { label = "Note", value_type = "text" });
        await weni.MakeAsync("groups.json", new { name = "a\"><img src=x onerror=alert(1)>" });
        var uuid = await weni.MakeAsync("contacts.json", new { name = Hostile, urns = new[] { "ext:\"><script>alert(1)</script>" }, groups = new[] { "a\"><img src=x onerror=alert(1)>" }, fields = new { note = "</textarea><script>alert(1)</script>\n" + new string('x', 2000) } });
        using var browser = await OpenAsync(weni);
        foreach (var path in new[] { "contacts", $"contacts/{uuid}", $"contacts/{uuid}/edit", $"contacts/{uuid}/merge", "groups", "contacts?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "contacts?done=%3Cscript%3E&why=x&refused=1" })
        {
            var page = await browser.GetAsync(path);
            page.Status.ShouldBe(200, path);
            page.Document.QuerySelectorAll("main script, main img").ShouldBeEmpty(path);
            page.Html.ShouldNotContain("<script>alert", Case.Sensitive, path);
        }

        (await browser.GetAsync($"contacts/{uuid}")).TextsOf("h1 .mark").ShouldBe(["U+202E"]);
    }

    [Fact]
    public async Task Viewers_read_and_other_workspaces_see_nothing()
    {
        using var weni = await NewAsync();
        var uuid = await weni.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        using var viewer = await ConsoleClient.OfAsync(server, weni.Workspace, Role.Viewer);
        var page = await viewer.GetAsync($"contacts/{uuid}");
        page.Status.ShouldBe(200);
        page.Document.QuerySelectorAll("main form").ShouldBeEmpty();
        (await viewer.GetAsync("contacts")).Document.QuerySelector("input[name=contact]").ShouldBeNull();
        (await viewer.GetAsync($"contacts/{uuid}/edit")).Document.GetElementById("save").ShouldBeNull();
        (await viewer.GetAsync("contacts/export")).Html.ShouldContain("Ana");

        using var editor = await OpenAsync(weni);
        var form = await editor.GetAsync($"contacts/{uuid}");
        (await viewer.SubmitAsync(form, "delete")).Status.ShouldBe(403);

        using var stranger = await OpenAsync(await NewAsync());
        foreach (var path in new[] { "", "/edit", "/merge" })
            (await stranger.GetAsync($"contacts/{uuid}{path}")).Status.ShouldBe(404);
        (await stranger.GetAsync($"contacts?q={uuid}")).Document.GetElementById("empty").ShouldNotBeNull();
        (await stranger.GetAsync("contacts/export")).Html.ShouldNotContain(uuid);
        (await weni.GetAsync("contacts.json")).Results.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Hidden_addresses_stay_hidden()
    {
        using var weni = new WeniClient(server, await server.NewWorkspaceAsync(workspace => workspace.IsAnonymous = true));
        var uuid = await weni.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "tel:+5511987654321" } });
        using var browser = await OpenAsync(weni);
        foreach (var path in new[] { "contacts", $"contacts/{uuid}", $"contacts/{uuid}/edit", $"contacts/{uuid}/merge?with={uuid}", "contacts/export" })
            (await browser.GetAsync(path)).Html.ShouldNotContain("98765", Case.Sensitive, path);
        (await browser.GetAsync("contacts?q=%2B5511987654321")).Document.GetElementById("empty").ShouldNotBeNull();
        (await browser.SubmitAsync(await browser.GetAsync($"contacts/{uuid}/edit"), "contact", ("name", "Bia"), ("urns", "ext:1"))).Text.ShouldContain("Saved.");
        (await weni.GetAsync("contacts.json")).Results.Single()!["urns"]!.AsArray().Single()!.ToString().ShouldBe("tel:********");
    }

    private async Task<WeniClient> NewAsync() => new(server, await server.NewWorkspaceAsync(workspace => workspace.Country = "BR"));

    private Task<ConsoleClient> OpenAsync(WeniClient weni) => ConsoleClient.OfAsync(server, weni.Workspace.Token);
}
