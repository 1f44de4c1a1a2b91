using System.Text.Json;
using Contacts.Tests.Support;
using Contacts.Tests.Webhooks;

namespace Contacts.Tests.Management;

/// <summary>Webhooks through the management API.</summary>
public sealed class WebhookTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_secret_is_shown_when_it_is_made_and_never_again()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(subscriber.Secret["whsec_".Length..]).Length.ShouldBe(32);
        var rotated = await subscriber.Api.PostAsync(subscriber.Path + "/rotate-secret");
        var second = rotated.Body.GetProperty("secret").GetString()!;
        foreach (var answer in new[]
        {
            await subscriber.Api.GetAsync("webhooks"), await subscriber.Api.GetAsync(subscriber.Path), await subscriber.Api.PatchAsync(subscriber.Path, """{"name":"Other"}"""),
        })
        {
            answer.Status.ShouldBe(200);
            answer.Text.ShouldNotContain(subscriber.Secret);
            answer.Text.ShouldNotContain(second);
            answer.Text.ShouldNotContain("\"secret\"");
        }
    }

    [Fact]
    public async Task It_is_made_read_changed_and_deleted()
    {
        using var api = await ManagementClient.NewAsync(server, settings: workspace => workspace.AllowsPrivateTargets = true);
        var made = await api.PostAsync("webhooks", """{"name":" CRM ","url":"http://127.0.0.1:9/a","events":["contact_deleted","contact_created","contact_deleted"]}""");
        made.Status.ShouldBe(201, made.Text);
        made.Response.Headers.Location!.AbsolutePath.ShouldBe("/manage/api/webhooks/" + made.Uuid);
        made.Body.GetProperty("name").GetString().ShouldBe("CRM");
        made.Body.GetProperty("events").GetRawText().ShouldBe("""["contact_deleted","contact_created"]""");
        made.Body.GetProperty("active").GetBoolean().ShouldBeTrue();
        made.Body.GetProperty("signature_encoding").GetString().ShouldBe("hex");

        var changed = await api.PatchAsync("webhooks/" + made.Uuid, """{"name":"ERP","events":["contact_created","*"],"active":false,"signature_encoding":"base64","signature_prefix":true}""");
        changed.Body.GetProperty("events").GetRawText().ShouldBe("""["*"]""");
        changed.Body.GetProperty("active").GetBoolean().ShouldBeFalse();
        var read = await api.GetAsync("webhooks/" + made.Uuid);
        read.Text.ShouldBe(changed.Text);
        (await api.GetAsync("webhooks")).Names.ShouldBe(["ERP"]);
        (await api.DeleteAsync("webhooks/" + made.Uuid)).Status.ShouldBe(204);
        (await api.GetAsync("webhooks/" + made.Uuid)).ShouldBeProblem(404);
        (await api.DeleteAsync("webhooks/" + made.Uuid)).ShouldBeProblem(404);
    }

    [Theory]
    [InlineData("{}", "name,url,events")]
    [InlineData("""{"name":"","url":"https://8.8.8.8/","events":[]}""", "name,events")]
    [InlineData("""{"name":"A","url":"https://8.8.8.8/","events":["contact.created"]}""", "events")]
    [InlineData("""{"name":"A","url":"https://8.8.8.8/","events":["test"]}""", "events")]
    [InlineData("""{"name":"A","url":"https://8.8.8.8/","events":["*"],"secret":"mine"}""", "secret")]
    [InlineData("""{"name":1,"url":2,"events":3,"active":"yes","signature_encoding":"hmac"}""", "name,url,events,active,signature_encoding")]
    [InlineData("""{"name":"A","url":"ftp://8.8.8.8/","events":["*"]}""", "url")]
    [InlineData("""{"name":"A","url":"https://me:secret@8.8.8.8/","events":["*"]}""", "url")]
    public async Task What_is_wrong_is_told_attribute_by_attribute(string body, string attributes)
    {
        using var api = await ManagementClient.NewAsync(server);
        var refused = (await api.PostAsync("webhooks", body)).ShouldBeProblem(400);
        refused.Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)
            .ShouldBe(attributes.Split(',').Order(StringComparer.Ordinal));
        refused.Body.GetProperty("errors").EnumerateObject().ShouldAllBe(error => error.Value.GetArrayLength() == 1);
        refused.Text.ShouldNotContain("secret@");
    }

    [Fact]
    public async Task There_may_be_fifty()
    {
        using var api = await ManagementClient.NewAsync(server);
        for (var number = 0; number < 50; number++)
            (await api.PostAsync("webhooks", """{"name":"A","url":"https://8.8.8.8/","events":["*"],"active":false}""")).Status.ShouldBe(201);
        (await api.PostAsync("webhooks", """{"name":"A","url":"https://8.8.8.8/","events":["*"]}""")).ShouldBeProblem(409);
        (await api.GetAsync("webhooks")).Body.GetProperty("results").GetArrayLength().ShouldBe(50);
    }

    [Fact]
    public async Task Another_workspaces_webhook_is_not_there()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var attempt = (await subscriber.LogAsync(attempts: 1))[0].GetProperty("uuid").GetString();
        foreach (var answer in new[]
        {
            await other.GetAsync(subscriber.Path), await other.PatchAsync(subscriber.Path, """{"active":false}"""), await other.DeleteAsync(subscriber.Path),
            await other.PostAsync(subscriber.Path + "/test"), await other.PostAsync(subscriber.Path + "/rotate-secret"), await other.GetAsync(subscriber.Path + "/deliveries"),
            await other.GetAsync($"{subscriber.Path}/deliveries/{attempt}"), await other.PostAsync($"{subscriber.Path}/deliveries/{attempt}/replay"),
            await other.PostAsync(subscriber.Path + "/replay", """{"since":"2020-01-01"}"""),
        })
            answer.ShouldBeProblem(404);
        (await other.GetAsync("webhooks")).Names.ShouldBeEmpty();
        (await subscriber.ReadAsync()).GetProperty("active").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_test_is_sent_at_once_also_while_it_is_off_and_counts_as_nothing()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.Api.PatchAsync(subscriber.Path, """{"active":false}""");
        subscriber.Receiver.AnswerWith(500);
        var tested = await subscriber.Api.PostAsync(subscriber.Path + "/test");
        tested.Status.ShouldBe(200, tested.Text);
        (tested.Body.GetProperty("status").GetInt32(), tested.Body.GetProperty("error").GetString()).ShouldBe((500, "Answered 500."));
        subscriber.Receiver.All.ShouldHaveSingleItem().Event.ShouldBe("webhook.test");
        (await subscriber.ReadAsync()).GetProperty("failures").GetInt32().ShouldBe(0);
        var log = await subscriber.LogAsync(attempts: 1);
        log[0].GetProperty("event").GetString().ShouldBe("test");
        (await subscriber.Api.PostAsync($"{subscriber.Path}/deliveries/{log[0].GetProperty("uuid").GetString()}/replay")).ShouldBeProblem(404);
    }

    [Fact]
    public async Task The_log_has_the_request_and_pages()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        for (var number = 0; number < 5; number++)
            await subscriber.UpsertAsync("ext:1", new { name = $"Name {number}" });
        await subscriber.LogAsync(attempts: 5);
        var first = await subscriber.Api.GetAsync(subscriber.Path + "/deliveries?limit=3");
        var second = await subscriber.Api.GetAsync($"{subscriber.Path}/deliveries?limit=3&cursor={first.Body.GetProperty("next").GetString()}");
        var all = first.Body.GetProperty("results").EnumerateArray().Concat(second.Body.GetProperty("results").EnumerateArray()).ToArray();
        all.Select(attempt => attempt.GetProperty("uuid").GetString()).Distinct().Count().ShouldBe(5);
        second.Body.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await subscriber.Api.GetAsync(subscriber.Path + "/deliveries?limit=0")).ShouldBeProblem(400);

        var sent = subscriber.Receiver.All[^1];
        var read = await subscriber.Api.GetAsync($"{subscriber.Path}/deliveries/{all[0].GetProperty("uuid").GetString()}");
        read.Body.GetProperty("request").GetProperty("body").GetString().ShouldBe(System.Text.Encoding.UTF8.GetString(sent.Body));
        read.Body.GetProperty("request").GetProperty("headers").GetProperty("X-Webhook-Delivery-Id").GetString().ShouldBe(sent.DeliveryId);
        read.Body.GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task One_attempt_and_a_span_of_time_are_sent_again_under_the_same_ids_in_order()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var since = DateTime.UtcNow;
        for (var number = 0; number < 5; number++)
            await subscriber.UpsertAsync("ext:1", new { name = $"Name {number}" });
        var until = DateTime.UtcNow;
        await subscriber.UpsertAsync("ext:1", new { name = "After" });
        var log = await subscriber.LogAsync(attempts: 6);
        var again = await subscriber.Api.PostAsync($"{subscriber.Path}/deliveries/{log[5].GetProperty("uuid").GetString()}/replay");
        (again.Status, again.Body.GetProperty("count").GetInt32()).ShouldBe((202, 1));
        var told = await subscriber.Receiver.UntilAsync(7);
        (told[6].DeliveryId, told[6].Data("name")).ShouldBe((told[0].DeliveryId, "Name 0"));

        await subscriber.LogAsync(attempts: 7);
        var span = await subscriber.Api.PostAsync(subscriber.Path + "/replay", JsonSerializer.Serialize(new { since, until }));
        (span.Status, span.Body.GetProperty("count").GetInt32()).ShouldBe((202, 5));
        (await subscriber.Receiver.UntilAsync(12))[7..].Select(one => one.DeliveryId).ShouldBe(told[..5].Select(one => one.DeliveryId));
        (await subscriber.Api.PostAsync(subscriber.Path + "/replay", "{}")).ShouldBeProblem(400).Faults("since").ShouldBe(["Is required."]);
        (await subscriber.Api.PostAsync(subscriber.Path + "/replay", """{"since":"yesterday"}""")).ShouldBeProblem(400);
    }
}
