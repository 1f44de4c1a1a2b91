using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>The pages of groups and fields.</summary>
public sealed class CatalogPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Groups_are_made_renamed_and_deleted()
    {
        using var weni = await WeniClient.OfNewWorkspaceAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        var page = await browser.GetAsync("groups");
        page.Document.GetElementById("empty").ShouldNotBeNull();
        page = await browser.SubmitAsync(page, "create", ("name", " Devs "));
        page.Text.ShouldContain("The group was made.");
        (await browser.SubmitAsync(page, "create", ("name", "DEVS"))).Text.ShouldContain("Another one is called so already.");
        (await browser.SubmitAsync(page, "create", ("name", ""))).Status.ShouldBe(400);
        (await browser.SubmitAsync(page, "create", ("name", "-x"))).Text.ShouldContain("begins with a letter");
        await weni.MakeAsync("contacts.json", new { name = "Ana", groups = new[] { "Devs" } });
        (await browser.GetAsync("groups")).TextsOf("td.number").ShouldBe(["1"]);
        (await browser.GetAsync("groups?q=zzz")).Document.GetElementById("empty").ShouldNotBeNull();
        var group = await browser.GetAsync(page.Document.QuerySelector("td a[href^='groups/']")!.GetAttribute("href")!);
        (await browser.SubmitAsync(group, "rename", ("name", "Coders"))).TextsOf("tbody td:first-child").ShouldBe(["Coders"]);
        (await browser.SubmitAsync(group, "delete")).Text.ShouldContain("The group was deleted.");
        (await browser.GetAsync(group.Path)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_group_in_use_says_what_uses_it()
    {
        using var weni = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await weni.MakeAsync("groups.json", new { name = "Devs" });
        await weni.MakeAsync("campaigns.json", new { name = "Welcome <b>", group });
        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync($"groups/{group}"), "delete");
        page.Status.ShouldBe(409);
        page.TextsOf("#users li").ShouldBe(["Campaign: Welcome <b>"]);
        page.Text.ShouldContain("Automations of other kinds may use it too");
        page.Document.QuerySelector("#users a")!.GetAttribute("href").ShouldBe($"automations?group={group}");
    }

    [Fact]
    public async Task Letters_that_nobody_sees_are_named_where_no_element_can_be()
    {
        using var weni = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await weni.MakeAsync("groups.json", new { name = "Devs\u202Egpj" });
        await weni.MakeAsync("contacts.json", new { name = "Ana" });
        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        (await browser.GetAsync($"groups/{group}")).Document.Title.ShouldBe("DevsU+202Egpj · Contacts");
        var contacts = await browser.GetAsync("contacts");
        contacts.TextsOf("#i-group option").ShouldContain("DevsU+202Egpj");
        contacts.TextsOf("#i-target option").ShouldContain("DevsU+202Egpj");
    }

    [Fact]
    public async Task Fields_are_made_changed_and_counted()
    {
        using var weni = await WeniClient.OfNewWorkspaceAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync("fields"), "create", ("label", "Nick name"), ("type", "numeric"));
        page.TextsOf("tbody tr td").Take(3).ShouldBe(["Nick name", "nick_name", "number"]);
        foreach (var (label, text) in new[] { ("Nick name", "called so already"), ("Nick_name", "Another field has the key"), ("uuid", "No field may have the key"), ("ção", "without accents"), ("", "may not be empty") })
        {
            var refused = await browser.SubmitAsync(page, "create", ("label", label), ("type", "text"));
            refused.Status.ShouldBe(400);
            refused.Text.ShouldContain(text);
        }

        (await browser.SubmitAsync(page, "create", ("label", "x"), ("type", "nonsense"))).Status.ShouldBe(400);
        await weni.MakeAsync("contacts.json", new { name = "Ana", fields = new { nick_name = "7" } });
        (await browser.GetAsync("fields?count=1")).TextsOf("td.number").ShouldBe(["1"]);
        var field = await browser.GetAsync("fields/nick_name");
        page = await browser.SubmitAsync(field, "change", ("label", "Nick"), ("type", "text"));
        page.TextsOf("tbody tr td").Take(3).ShouldBe(["Nick", "nick_name", "text"]);
        (await browser.GetAsync("fields/none")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Viewers_change_nothing_and_workspaces_are_apart()
    {
        using var weni = await WeniClient.OfNewWorkspaceAsync(server);
        var group = await weni.MakeAsync("groups.json", new { name = "Devs" });
        await weni.MakeAsync("fields.json", new { label = "Age", value_type = "text" });
        using var viewer = await ConsoleClient.OfAsync(server, weni.Workspace, Role.Viewer);
        foreach (var path in new[] { "groups", $"groups/{group}", "fields", "fields/age" })
            (await viewer.GetAsync(path)).Document.QuerySelectorAll("main form[method=post]").ShouldBeEmpty(path);
        using var stranger = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        (await stranger.GetAsync($"groups/{group}")).Status.ShouldBe(404);
        (await stranger.GetAsync("fields/age")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("pt", "Grupos", "Campos", "Contatos", "Importações")]
    [InlineData("es", "Grupos", "Campos", "Contactos", "Importaciones")]
    public async Task Pages_speak_the_readers_language(string language, params string[] titles)
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token, language);
        foreach (var (path, title) in new[] { "groups", "fields", "contacts", "imports" }.Zip(titles))
            (await browser.GetAsync(path)).TextsOf("h1").ShouldBe([title]);
    }
}
