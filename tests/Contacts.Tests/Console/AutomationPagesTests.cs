using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>Flows, campaigns and triggers in the web interface.</summary>
public sealed class AutomationPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task An_editor_makes_changes_archives_restores_and_deletes_one()
    {
        using var api = await ManagementClient.NewAsync(server);
        var (devs, ops) = (await api.NewGroupAsync("Devs"), await api.NewGroupAsync("Ops <b>"));
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace, Role.Editor);
        var list = await browser.GetAsync("automations");
        list.Status.ShouldBe(200);
        list.Text.ShouldContain("No flows in use");

        var page = await browser.SubmitAsync(await browser.GetAsync("automations/new?kind=flow"), "save", ("name", " Welcome "), ("type", "voice"), ("groups", devs), ("groups", ops));
        page.Path.ShouldContain("done=created");
        page.Status.ShouldBe(200);
        page.TextsOf("h1").ShouldBe(["Welcome"]);
        page.TextsOf("dd a.tag").ShouldBe(["Devs", "Ops <b>"]);
        page.Document.QuerySelector("dd a.tag")!.GetAttribute("href").ShouldBe($"contacts?group={devs}");

        page = await browser.SubmitAsync(page, "save", ("name", "Hello"), ("groups", ops));
        page.Path.ShouldContain("done=saved");
        page.TextsOf("dd a.tag").ShouldBe(["Ops <b>"]);
        (await browser.GetAsync($"automations?group={ops}")).TextsOf("tbody td:first-child").ShouldBe(["Hello"]);
        (await browser.GetAsync($"automations?group={devs}")).Text.ShouldContain("it can be deleted");
        (await api.DeleteGroupAsync(ops)).Status.ShouldNotBe(204);

        page = await browser.SubmitAsync(page, "archive");
        page.Path.ShouldContain("done=archived");
        page.TextsOf("h1 ~ .tag.warning").ShouldBe(["archived"]);
        (await browser.GetAsync("automations?kind=flow")).Text.ShouldContain("No flows in use");
        (await browser.GetAsync("automations?kind=flow&archived=yes")).Text.ShouldContain("Hello");
        page = await browser.SubmitAsync(page, "archive");
        page.Path.ShouldContain("done=restored");
        page = await browser.SubmitAsync(page, "delete");
        page.Path.ShouldBe("/console/automations?kind=flow&done=deleted");
        page.Text.ShouldNotContain("Hello");
    }

    [Fact]
    public async Task What_is_wrong_is_told_beside_the_input_and_what_was_typed_stays()
    {
        using var api = await ManagementClient.NewAsync(server);
        var group = await api.NewGroupAsync("Devs");
        await api.NewAsync("campaigns", "Taken", group);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var empty = await browser.GetAsync("automations/new?kind=campaign");
        var page = await browser.SubmitAsync(empty, "save", ("name", "Reminders"), ("groups", null));
        page.Status.ShouldBe(400);
        page.TextsOf(".fault").ShouldBe(["A campaign has exactly one group."]);
        page.Document.QuerySelector("input[name=name]")!.GetAttribute("value").ShouldBe("Reminders");
        (await browser.SubmitAsync(empty, "save", ("name", ""), ("groups", group))).TextsOf(".fault").ShouldHaveSingleItem().ShouldStartWith("Must have 1 to 64");
        page = await browser.SubmitAsync(empty, "save", ("name", "taken"), ("groups", group));
        page.Status.ShouldBe(409);
        page.TextsOf(".fault").ShouldBe(["Another one in use has this name."]);
        page.Document.QuerySelector("input[name=groups]")!.HasAttribute("checked").ShouldBeTrue();
        (await browser.SubmitAsync(empty, "save", ("name", "Gone"), ("groups", Guid.NewGuid().ToString()))).Status.ShouldBe(400);
        (await browser.SubmitAsync(await browser.GetAsync("automations/new?kind=trigger"), "save", ("name", "X"), ("type", "nonsense"))).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("pt", "Deve ter de 1 a 64 caracteres, nenhum deles de controle.", "Uma campanha tem exatamente um grupo.")]
    [InlineData("es", "Debe tener de 1 a 64 caracteres, ninguno de ellos de control.", "Una campaña tiene exactamente un grupo.")]
    public async Task What_is_wrong_is_told_in_the_readers_language(string language, params string[] faults)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace, Role.Editor, language);
        var page = await browser.SubmitAsync(await browser.GetAsync("automations/new?kind=campaign"), "save", ("name", ""), ("groups", null));
        page.Status.ShouldBe(400);
        page.TextsOf(".fault").ShouldBe(faults);
    }

    [Fact]
    public async Task The_list_is_filtered_and_paged()
    {
        using var api = await ManagementClient.NewAsync(server);
        var group = await api.NewGroupAsync("Devs");
        for (var number = 0; number < 51; number++)
            await api.NewAsync("triggers", $"Trigger {number}", group);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var first = await browser.GetAsync("automations?kind=trigger");
        first.TextsOf("tbody tr").Count.ShouldBe(50);
        var second = await browser.GetAsync(first.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        second.TextsOf("tbody td:first-child").ShouldBe(["Trigger 0"]);
        (await browser.GetAsync(second.Document.QuerySelector("a[rel=prev]")!.GetAttribute("href")!)).TextsOf("tbody tr").Count.ShouldBe(50);
        var found = await browser.SubmitAsync(first, "filters", ("name", "ER 49"));
        found.TextsOf("tbody td:first-child").ShouldBe(["Trigger 49"]);
        (await browser.GetAsync("automations?kind=nonsense&cursor=nonsense&group=")).Status.ShouldBe(404);
        (await browser.GetAsync("automations?kind=nonsense&cursor=nonsense&archived=nonsense")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_viewer_reads_and_changes_nothing()
    {
        using var api = await ManagementClient.NewAsync(server);
        var made = await api.NewAsync("flows", "Welcome", await api.NewGroupAsync("Devs"));
        using var editor = await ConsoleClient.OfAsync(server, api.Workspace, Role.Editor);
        using var viewer = await ConsoleClient.OfAsync(server, api.Workspace, Role.Viewer);
        var page = await viewer.GetAsync($"automations/flow/{made.Uuid}");
        page.Status.ShouldBe(200);
        page.Document.QuerySelectorAll("main form").ShouldBeEmpty();
        (await viewer.GetAsync("automations")).Document.QuerySelector("#new").ShouldBeNull();
        (await viewer.GetAsync("automations/new")).Status.ShouldBe(403);

        // A form from elsewhere, with a guard of the viewer's own.
        var guard = page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var form = await editor.GetAsync($"automations/flow/{made.Uuid}");
        (await viewer.SubmitAsync(form, "delete", ("__RequestVerificationToken", guard))).Status.ShouldBe(403);
        (await api.GetAsync($"flows/{made.Uuid}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Those_of_another_workspace_are_not_there()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        var group = await api.NewGroupAsync("Secret group");
        var made = await api.NewAsync("flows", "Secret flow", group);
        using var owner = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        using var browser = await ConsoleClient.OfAsync(server, other.Workspace.Token);
        foreach (var path in new[] { $"automations/flow/{made.Uuid}", $"automations/campaign/{made.Uuid}", $"automations?group={group}", "automations", "automations/new" })
            (await browser.GetAsync(path)).Text.ShouldNotContain("Secret");
        (await browser.GetAsync($"automations/flow/{made.Uuid}")).Status.ShouldBe(404);
        var form = await owner.GetAsync($"automations/flow/{made.Uuid}");
        var guard = (await browser.GetAsync("automations/new")).Document.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        foreach (var handler in new[] { "save", "archive", "delete" })
            (await browser.SubmitAsync(form, handler, ("__RequestVerificationToken", guard))).Status.ShouldBeInRange(400, 404);
        (await api.GetAsync($"flows/{made.Uuid}")).Body.GetProperty("archived").GetBoolean().ShouldBeFalse();

        // A group of another workspace can't be used.
        var page = await browser.SubmitAsync(await browser.GetAsync("automations/new"), "save", ("name", "Thief"), ("type", "message"), ("groups", group));
        page.Status.ShouldBe(400);
    }
}
