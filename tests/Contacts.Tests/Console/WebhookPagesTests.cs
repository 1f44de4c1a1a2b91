using Contacts.Tests.Support;
using Contacts.Tests.Webhooks;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>Webhooks in the web interface: subscriptions, what was sent, what waits.</summary>
public sealed class WebhookPagesTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task One_is_made_changed_switched_and_deleted_and_its_secret_is_shown_once()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var page = await browser.SubmitAsync(
            await browser.GetAsync("webhooks/new"), "save", ("name", "CRM"), ("url", subscriber.Receiver.Url), ("events", "contact_created"), ("encoding", "base64"), ("prefix", "true"));
        page.Path.ShouldContain("done=created");
        page.Path.ShouldNotContain("whsec");
        var secret = page.TextsOf("#secret-text").ShouldHaveSingleItem();
        secret.ShouldStartWith("whsec_");
        page.Text.ShouldContain("(sha256=…)");
        (await browser.GetAsync(page.Path)).Html.ShouldNotContain(secret);
        var path = page.Path.Split('?')[0];

        page = await browser.SubmitAsync(page, "switch");
        page.Path.ShouldEndWith("done=off");
        page.TextsOf(".head .tag").ShouldBe(["off"]);
        page = await browser.SubmitAsync(page, "switch");
        page.Path.ShouldEndWith("done=on");

        page = await browser.SubmitAsync(page, "rotate");
        var next = page.TextsOf("#secret-text").ShouldHaveSingleItem();
        next.ShouldNotBe(secret);
        page.Text.ShouldContain("The secret before signs until");
        (await browser.GetAsync(path)).Html.ShouldNotContain("whsec_");

        var edit = await browser.GetAsync($"{path}/edit");
        edit.Document.QuerySelectorAll("input[name=events][checked]").Select(box => box.GetAttribute("value")).ShouldBe(["contact_created"]);
        page = await browser.SubmitAsync(edit, "save", ("name", "Other"), ("events", "*"), ("prefix", null));
        page.TextsOf("h1").ShouldBe(["Other"]);
        page.Text.ShouldNotContain("(sha256=…)");
        page = await browser.SubmitAsync(page, "delete");
        page.Path.ShouldBe("/console/webhooks?done=deleted");
        page.TextsOf("tbody td:first-child").ShouldBe(["Test"]);
        page.Html.ShouldNotContain("whsec_");
    }

    [Fact]
    public async Task What_is_wrong_with_one_is_told_beside_its_input()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var form = await browser.GetAsync("webhooks/new");
        var page = await browser.SubmitAsync(form, "save", ("name", "CRM"), ("url", "http://127.0.0.1:9/"));
        page.Status.ShouldBe(400);
        page.TextsOf(".fault").ShouldHaveSingleItem().ShouldContain("loopback");
        page.Document.QuerySelector("input[name=url]")!.GetAttribute("value").ShouldBe("http://127.0.0.1:9/");
        (await browser.SubmitAsync(form, "save", ("name", "CRM"), ("url", "ftp://example.com/"))).TextsOf(".fault").ShouldBe(["Must begin with http:// or https://."]);
        (await browser.SubmitAsync(form, "save", ("name", ""), ("url", "https://example.com/"), ("events", null))).TextsOf(".fault").Count.ShouldBe(2);
        (await browser.GetAsync("webhooks")).Text.ShouldContain("No webhooks yet");
    }

    [Fact]
    public async Task A_test_and_its_request_are_shown_as_they_were_sent()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync(subscriber.Path), "test");
        page.Path.ShouldContain("done=tested");
        page.Text.ShouldContain("The test arrived.");
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        page.TextsOf("#request-body").ShouldBe([System.Text.Encoding.UTF8.GetString(told.Body)]);
        var lines = page.TextsOf("#request-head")[0].Split('\n').Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        foreach (var (name, value) in told.Headers)
            lines.GetValueOrDefault(name).ShouldBe(value, name);
        page.Html.ShouldNotContain(subscriber.Secret);
    }

    [Fact]
    public async Task A_request_from_before_a_rotation_keeps_its_signatures()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync(subscriber.Path), "test");
        var before = page.TextsOf("#request-head")[0];
        await browser.SubmitAsync(await browser.GetAsync(subscriber.Path), "rotate");
        (await browser.GetAsync(page.Path)).TextsOf("#request-head")[0].ShouldBe(before);
    }

    [Fact]
    public async Task Deliveries_are_filtered_and_sent_again_and_what_waits_has_its_time()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.AnswerWith(500);
        var ana = await subscriber.UpsertAsync("ext:1", new { name = "Ana <script>" });
        await subscriber.LogAsync(attempts: 1);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana B" });
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var page = await browser.GetAsync(subscriber.Path);
        var waiting = page.TextsOf("#waiting tbody tr");
        waiting.Count.ShouldBe(2);
        waiting[0].ShouldContain("Answered 500.");
        page.Document.QuerySelectorAll("#waiting tbody tr:first-child td:last-child time").Length.ShouldBe(1);
        waiting[1].ShouldContain("behind an earlier event");
        page.Document.QuerySelector("#deliveries")!.HasAttribute("data-again").ShouldBeTrue();

        subscriber.Receiver.AnswerWith(200);
        await subscriber.UpsertAsync("ext:2", new { name = "Bia" });
        await subscriber.UntilEmptyAsync();
        page = await browser.GetAsync(subscriber.Path);
        page.TextsOf("#waiting tbody tr").ShouldBeEmpty();
        var all = page.TextsOf("#deliveries tbody tr").Count;
        var failed = await browser.SubmitAsync(page, "filters", ("failed", "1"));
        failed.TextsOf("#deliveries tbody tr").Count.ShouldBeInRange(1, all - 1);
        failed.TextsOf("#deliveries tbody tr").ShouldAllBe(row => row.Contains("Answered 500."));
        (await browser.SubmitAsync(page, "filters", ("contact", ana), ("event", "contact_updated"))).TextsOf("#deliveries tbody tr").ShouldHaveSingleItem();
        (await browser.SubmitAsync(page, "filters", ("contact", "nobody"))).Text.ShouldContain("Must be a UUID.");
        (await browser.GetAsync($"{subscriber.Path}?pause=1")).Document.QuerySelector("#deliveries")!.HasAttribute("data-again").ShouldBeFalse();

        var one = await browser.GetAsync(page.Document.QuerySelector("#deliveries tbody a")!.GetAttribute("href")!);
        one.Status.ShouldBe(200);
        var count = subscriber.Receiver.All.Length;
        page = await browser.SubmitAsync(one, "replay");
        page.Path.ShouldEndWith("done=replayed&count=1");
        await subscriber.Receiver.UntilAsync(count + 1);
        page = await browser.SubmitAsync(page, "replay", ("since", "2026-01-01T00:00"), ("until", ""));
        page.Text.ShouldContain("Sent again:");
        await subscriber.Receiver.UntilAsync(count + 2);
        (await browser.SubmitAsync(page, "replay", ("since", "nonsense"))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Only_administrators_see_them()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        using var editor = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace, Role.Editor);
        foreach (var path in new[] { "webhooks", "webhooks/new", "webhooks/workbench", subscriber.Path, $"{subscriber.Path}/edit" })
            (await editor.GetAsync(path)).Status.ShouldBe(403, path);
    }

    [Fact]
    public async Task Those_of_another_workspace_are_not_there()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var test = await subscriber.Api.PostAsync(subscriber.Path + "/test");
        var other = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, other.Token);
        foreach (var path in new[] { subscriber.Path, $"{subscriber.Path}/edit", $"{subscriber.Path}/deliveries/{test.Uuid}" })
        {
            var page = await browser.GetAsync(path);
            page.Status.ShouldBe(404, path);
            page.Html.ShouldNotContain(subscriber.Receiver.Url);
        }

        var guard = (await browser.GetAsync("webhooks/new")).Document.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var owner = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var form = await owner.GetAsync(subscriber.Path);
        foreach (var handler in new[] { "switch", "test", "rotate", "delete", "replay" })
            (await browser.SubmitAsync(form, handler, ("__RequestVerificationToken", guard))).Status.ShouldBeInRange(400, 404, handler);
        (await subscriber.ReadAsync()).GetProperty("active").GetBoolean().ShouldBeTrue();
        var prefilled = await browser.GetAsync($"webhooks/workbench?webhook={subscriber.Id}&attempt={test.Uuid}");
        prefilled.TextsOf("textarea").ShouldBe(["", ""]);
        prefilled.Document.QuerySelector("main")!.InnerHtml.ShouldNotContain(subscriber.Id);
    }
}
