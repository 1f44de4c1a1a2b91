using System.Text;
using Contacts.Tests.Support;
using Contacts.Tests.Webhooks;

namespace Contacts.Tests.Console;

/// <summary>The signature workbench, with requests that were really sent.</summary>
public sealed class WorkbenchPageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_real_request_verifies_with_its_secret_with_its_webhook_and_straight_from_the_log()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("tel:+5215512345678", new { name = "Juan Pérez ✓ 😀 <b>" });
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        var (body, headers) = (Encoding.UTF8.GetString(told.Body), HeadersOf(told));
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var empty = await browser.GetAsync("webhooks/workbench");
        foreach (var values in new[]
        {
            new[] { ("secret", (string?)subscriber.Secret), ("body", body) }, [("webhook", subscriber.Id), ("body", body)], [("body", body)],
            [("secret", subscriber.Secret), ("body", Convert.ToBase64String(told.Body)), ("base64", "true")],
        })
        {
            var page = await browser.SubmitAsync(empty, "check", [("headers", headers), .. values]);
            page.Status.ShouldBe(200);
            page.Path.ShouldBe("/console/webhooks/workbench");
            page.TextsOf("#verdict .notice.done").ShouldHaveSingleItem(page.Text);
            page.Html.ShouldNotContain(subscriber.Secret);
            page.Html.ShouldNotContain(subscriber.Secret[6..]);
        }

        var attempt = (await subscriber.LogAsync(1))[0].GetProperty("uuid").GetString();
        var prefilled = await browser.GetAsync($"webhooks/workbench?webhook={subscriber.Id}&attempt={attempt}");
        prefilled.TextsOf("textarea[name=body]").ShouldBe([body]);
        (await browser.SubmitAsync(prefilled, "check")).TextsOf("#verdict .notice.done").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_body_that_was_parsed_is_compared_with_the_log()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("tel:+5215512345678", new { name = "Juan Pérez", fields = new { } });
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        await subscriber.LogAsync(1);
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token, "es");
        var empty = await browser.GetAsync("webhooks/workbench");
        var data = told.Json["data"]!.AsObject().Reverse().Select(pair => $"\"{pair.Key}\": {pair.Value!.ToJsonString()}");
        var parsed = $$"""{"event": "{{told.Event}}", "data": {{{string.Join(", ", data)}}}, "timestamp": "{{told.Json["timestamp"]}}", "businessId": "{{told.Json["businessId"]}}"}""";
        var page = await browser.SubmitAsync(empty, "check", ("body", parsed), ("headers", HeadersOf(told)), ("webhook", subscriber.Id));
        page.TextsOf("#verdict .notice.error").ShouldBe(["No se verifica tal como está."]);
        foreach (var mistake in new[] { "reserialized", "key_order", "spaces" })
            page.Document.QuerySelector($"[data-mistake={mistake}]").ShouldNotBeNull(page.Text);
        page.TextsOf("#signed").ShouldBe([Encoding.UTF8.GetString(told.Body)]);

        page = await browser.SubmitAsync(empty, "check", ("body", """{"event":"contact.deleted"}"""), ("headers", HeadersOf(told)), ("webhook", subscriber.Id));
        page.Text.ShouldContain("son de entregas distintas");
    }

    [Fact]
    public async Task What_can_not_be_checked_is_said()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, subscriber.Api.Workspace.Token);
        var empty = await browser.GetAsync("webhooks/workbench");
        (await browser.SubmitAsync(empty, "check", ("body", "{}"), ("headers", "X-Webhook-Signature: aa"))).Text.ShouldContain("Choose a webhook or give a secret.");
        (await browser.SubmitAsync(empty, "check", ("body", "%%%"), ("base64", "true"), ("secret", "x"))).Status.ShouldBe(400);
        (await browser.SubmitAsync(empty, "check", ("body", new string('x', 300_000)), ("secret", "x"))).Text.ShouldContain("256 KB");
        var page = await browser.SubmitAsync(
            empty, "check", ("body", "<script>alert(1)</script>"), ("headers", "X-Webhook-Signature: </textarea><script>alert(1)</script>"), ("secret", "hunter2hunter2"));
        page.Document.QuerySelectorAll("script:not([src])").ShouldBeEmpty();
        page.Html.ShouldNotContain("hunter2");
        (await browser.GetAsync("webhooks/workbench?webhook=nonsense&attempt=nonsense")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Another_workspaces_webhook_gives_away_nothing()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        var other = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, other.Token);
        var page = await browser.SubmitAsync(
            await browser.GetAsync("webhooks/workbench"), "check", ("body", Encoding.UTF8.GetString(told.Body)), ("headers", HeadersOf(told)), ("webhook", subscriber.Id));
        page.Text.ShouldContain("Choose a webhook or give a secret.");
    }

    private static string HeadersOf(Received told) => string.Join('\n', told.Headers.Select(header => $"{header.Key}: {header.Value}"));
}
