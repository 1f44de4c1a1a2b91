using System.Text;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Whaapy;

/// <summary>Webhooks through the dialect, and its own changes told.</summary>
public sealed class UserWebhookTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_new_contact_is_told_as_on_the_page()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = await SubscribeAsync(receiver, "contact.created");
        var id = await client.MakeAsync(new { phone_number = "+5215512345678", name = "Juan Pérez", email = "juan@email.com", tags = new[] { "cliente", "premium" } });
        var told = (await receiver.UntilAsync(1))[0];
        told.Json["data"]!.AsObject().Select(property => property.Key).ShouldBe(
            ["contact_id", "phone_number", "name", "email", "tags", "source", "created_at", "updated_by"]);
        told.ContactId.ShouldBe(id);
        told.Json["data"]!["tags"]!.ToJsonString().ShouldBe("""["cliente","premium"]""");
        (told.Data("phone_number"), told.Data("email"), told.Data("source"), told.Data("updated_by")).ShouldBe(("+5215512345678", "juan@email.com", "api", "whaapy"));
        var read = await client.SendAsync("GET", "/contacts/v1/" + id);
        told.Data("created_at").ShouldBe(read.Json["contact"]!["created_at"]!.ToString());
    }

    [Fact]
    public async Task Changes_and_moves_are_told_apart()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = await SubscribeAsync(receiver, "*");
        var first = await StageAsync(client, "Lead");
        var second = await StageAsync(client, "Won");
        var id = await client.MakeAsync(new { phone_number = "+5215512345678", name = "Juan" });
        await client.SendAsync("POST", $"/funnel/v1/contacts/{id}/move", new { stage_id = first });
        await client.SendAsync("PATCH", "/contacts/v1/" + id, new { name = "Juan P", notes = "x", custom_fields = new { role = "CEO" }, add_tags = new[] { "vip" }, funnel_stage_id = second });
        await client.SendAsync("PATCH", "/funnel/v1/stages/" + second, new { name = "Closed" });
        await client.SendAsync("POST", $"/funnel/v1/contacts/{id}/move", new { stage_id = (string?)null });
        var told = await receiver.UntilAsync(8);
        told.Where(one => one.Event.StartsWith("funnel", StringComparison.Ordinal)).Select(one => $"{one.Event} {one.Data("name")}")
            .Order(StringComparer.Ordinal).ShouldBe(["funnel_stage.created Lead", "funnel_stage.created Won", "funnel_stage.updated Closed"]);
        var contact = told.Where(one => one.Event.StartsWith("contact", StringComparison.Ordinal)).ToArray();
        contact.Select(one => one.Event).ShouldBe(
            ["contact.created", "contact.stage_changed", "contact.updated", "contact.stage_changed", "contact.stage_changed"]);
        Keys(contact[1]).ShouldBe(["contact_id", "phone_number", "new_stage_id", "new_stage_name", "moved_at", "updated_by"]);
        contact[2].Json["data"]!["updated_fields"]!.ToJsonString().ShouldBe("""["name","tags","notes","custom_fields"]""");
        (contact[3].Data("previous_stage_id"), contact[3].Data("previous_stage_name"), contact[3].Data("new_stage_id"), contact[3].Data("new_stage_name"))
            .ShouldBe((first, "Lead", second, "Won"));
        Keys(contact[4]).ShouldBe(["contact_id", "phone_number", "previous_stage_id", "previous_stage_name", "moved_at", "updated_by"]);
        contact[4].Data("previous_stage_name").ShouldBe("Closed");
    }

    [Fact]
    public async Task It_is_listed_changed_tried_logged_and_deleted()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("thanks")).AsTask();
        using var client = await OpenAsync();
        var made = await client.SendAsync("POST", "/user-webhooks", new { name = "CRM", url = receiver.Url, events = new[] { "contact.created", "contact.stage_changed" } });
        made.Status.ShouldBe(201, made.Body);
        made.Json.AsObject().Select(property => property.Key).ShouldBe(["id", "name", "url", "events", "isActive", "failureCount", "createdAt", "secret"]);
        made.Json["secret"]!.ToString().ShouldStartWith("whsec_");
        var path = "/user-webhooks/" + made.Json["id"];

        var changed = await client.SendAsync("PATCH", path, new { isActive = false, events = new[] { "*" } });
        changed.Json["isActive"]!.GetValue<bool>().ShouldBeFalse(changed.Body);
        var listed = (await client.SendAsync("GET", "/user-webhooks")).Json["data"]!.AsArray().ShouldHaveSingleItem()!;
        listed.AsObject().ContainsKey("secret").ShouldBeFalse();
        listed["events"]!.ToJsonString().ShouldBe("""["*"]""");

        var tested = await client.SendAsync("POST", path + "/test");
        tested.Json["success"]!.GetValue<bool>().ShouldBeTrue(tested.Body);
        tested.Json["data"]!["response_preview"]!.ToString().ShouldBe("thanks");
        tested.Json["data"]!["status"]!.GetValue<int>().ShouldBe(200);
        var line = (await client.SendAsync("GET", path + "/logs?limit=50")).Json["data"]!.AsArray().ShouldHaveSingleItem()!;
        line.AsObject().Select(property => property.Key).ShouldBe(["id", "event", "status", "duration_ms", "timestamp", "error"]);
        line["event"]!.ToString().ShouldBe("webhook.test");

        (await client.SendAsync("DELETE", path)).Json["success"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var (method, rest) in new[] { ("DELETE", ""), ("PATCH", ""), ("POST", "/test"), ("GET", "/logs") })
        {
            var gone = await client.SendAsync(method, path + rest, method == "PATCH" ? "{}" : null);
            (gone.Status, gone.Json["message"]!.ToString()).ShouldBe((404, "Webhook no encontrado"));
        }
    }

    [Theory]
    [InlineData("{}", "url,events")]
    [InlineData("""{"name":"A","url":"http://127.0.0.1/","events":["contact.exploded"]}""", "events")]
    [InlineData("""{"name":"A","url":"ftp://8.8.8.8/","events":["*"]}""", "url")]
    [InlineData("""{"url":"https://8.8.8.8/","events":"*","isActive":"yes"}""", "is_active")]
    public async Task What_is_wrong_is_told(string body, string attributes)
    {
        using var client = await OpenAsync();
        var refused = await client.SendAsync("POST", "/user-webhooks", body);
        refused.Status.ShouldBe(400, refused.Body);
        refused.Json["details"]!.AsObject().Select(detail => detail.Key).ShouldBe(attributes.Split(','));
    }

    [Theory]
    [InlineData(Role.Editor)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Surveyor)]
    public async Task Only_an_administrators_key_may(Role role)
    {
        using var client = await WhaapyClient.OfAsync(server, await server.NewWorkspaceAsync(), role);
        (await client.SendAsync("GET", "/user-webhooks")).Status.ShouldBe(403);
        (await client.SendAsync("POST", "/user-webhooks", "{}")).Status.ShouldBe(403);
    }

    private static string[] Keys(Received told) => [.. told.Json["data"]!.AsObject().Select(property => property.Key)];

    private static async Task<string> StageAsync(WhaapyClient client, string name)
    {
        var made = await client.SendAsync("POST", "/funnel/v1/stages", new { name });
        made.Status.ShouldBe(201, made.Body);
        return made.Json["stage"]!["id"]!.ToString();
    }

    private async Task<WhaapyClient> OpenAsync() => await WhaapyClient.OfAsync(
        server, await server.NewWorkspaceAsync(workspace => (workspace.AllowsPrivateTargets, workspace.MinuteLimit) = (true, null)));

    private async Task<WhaapyClient> SubscribeAsync(Receiver receiver, params string[] events)
    {
        var client = await OpenAsync();
        var made = await client.SendAsync("POST", "/user-webhooks", new { name = "Test", url = receiver.Url, events });
        made.Status.ShouldBe(201, made.Body);
        return client;
    }
}
