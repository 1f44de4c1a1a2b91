using System.Net.Http.Headers;
using System.Text.Json;
using Contacts.Calls;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Calls;

/// <summary>What is recorded of each kind of call.</summary>
public sealed class RecordingTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public async Task A_call_is_recorded_as_it_came_and_was_answered()
    {
        using var observer = await Observer.NewAsync(server);
        const string body = """{"name": "Ana  Lima","urns":["ext:1"]}""";
        var sent = await observer.SendAsync("POST", Contacts + "?urn=ext%3A1", body, headers: [("X-Crm", "Zoho"), ("X-Request-Id", "crm-7")]);
        ((int)sent.StatusCode).ShouldBe(400);
        await observer.SendAsync("POST", Contacts + "?urn=ext%3A1", """{"name": "Ana  Lima"}""", headers: [("X-Request-Id", "crm-8")]);

        var call = await observer.ReadAsync("\"status\":\"201\"");
        (call.Text("dialect"), call.Text("method"), call.Text("path"), call.Text("query")).ShouldBe(("weni", "POST", Contacts, "?urn=ext%3A1"));
        call.Text("token", "name").ShouldBe("tests");
        call.Text("request_id").ShouldBe("crm-8");
        call.Text("address").ShouldBe("127.0.0.1");
        call.Text("request", "body").ShouldBe("""{"name": "Ana  Lima"}""");
        call.GetProperty("request").GetProperty("size").GetInt32().ShouldBe(21);
        call.Text("request", "headers", "Content-Type").ShouldBe("application/json");
        call.Text("answer", "headers", "X-Request-Id").ShouldBe("crm-8");
        JsonDocument.Parse(call.Text("answer", "body")!).RootElement.Text("name").ShouldBe("Ana  Lima");
        call.GetProperty("duration_ms").GetDouble().ShouldBeGreaterThan(0);
        call.GetProperty("time").GetDateTime().ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(1));
        call.GetProperty("why").GetArrayLength().ShouldBe(0);

        var refused = await observer.ReadAsync("\"errors\":true");
        refused.Text("request", "body").ShouldBe(body);
        refused.Text("request", "headers", "X-Crm").ShouldBe("Zoho");
        refused.Text("contact").ShouldBe("null");
        refused.TryGetProperty("changes", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_key_is_masked_wherever_it_is_sent()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("GET", $"{Contacts}?access_token=hush-hush-hush&name=x", headers: [("X-Api-Key", "hush-hush-hush"), ("Cookie", "s=hush-hush-hush"), ("X-Hub-Signature", "hush-hush-hush")]);
        var call = await observer.ReadAsync();
        call.Text("request", "headers", "Authorization").ShouldBe($"Token ********{observer.Token[^4..]}");
        call.Text("query").ShouldBe("?access_token=********&name=x");
        call.GetRawText().ShouldNotContain("hush-hush");
        call.GetRawText().ShouldNotContain(observer.Token);
    }

    [Fact]
    public async Task A_key_in_the_query_is_masked_in_the_answers_next_as_well()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana"}""");
        await observer.SendAsync("POST", Contacts, """{"name":"Bia"}""");
        var answer = await observer.SendAsync("GET", $"{Contacts}?limit=1&access_token=hush%2Bhush");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("access_token=hush%2Bhush");
        var call = await observer.ReadAsync("\"method\":\"GET\"");
        call.Text("answer", "body")!.ShouldContain("access_token=********");
        call.GetRawText().ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("https://me:hush@127.0.0.1/hooks", "https://********@127.0.0.1/hooks")]
    [InlineData("https://127.0.0.1/hooks?api_key=hush&x=1", "https://127.0.0.1/hooks?api_key=********&x=1")]
    public async Task A_secret_in_an_address_is_masked(string url, string shown)
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.AllowsPrivateTargets = true);
        await observer.SendAsync("POST", "/manage/api/webhooks", $$"""{"name":"CRM","url":"{{url}}","events":["*"]}""");
        var call = await observer.ReadAsync("\"dialect\":\"management\",\"path\":\"webhooks\"");
        call.Text("request", "body")!.ShouldContain(shown);
        call.GetRawText().ShouldNotContain("hush");
    }

    [Fact]
    public async Task A_form_is_recorded_as_its_pairs()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, "name=Ana+Lima&urns=ext%3A1&urns=ext%3A2", "application/x-www-form-urlencoded");
        var call = await observer.ReadAsync();
        call.GetProperty("status").GetInt32().ShouldBe(201);
        call.Text("request", "body").ShouldBe("name=Ana%20Lima&urns=ext%3A1&urns=ext%3A2");
        call.GetProperty("request").GetProperty("form").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_throttled_call_is_recorded_with_its_wait()
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.HourlyLimit = 1);
        await observer.SendAsync("GET", Contacts);
        await observer.SendAsync("GET", Contacts);
        var call = await observer.ReadAsync("\"status\":\"429\"");
        call.Text("answer", "headers", "Retry-After").ShouldNotBeNull();
        call.Text("answer", "body")!.ShouldContain("throttled");
    }

    [Fact]
    public async Task Head_is_recorded_without_a_body()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("HEAD", Contacts);
        var call = await observer.ReadAsync("\"method\":\"head\"");
        call.GetProperty("status").GetInt32().ShouldBe(200);
        call.Text("answer", "body").ShouldBe("null");
    }

    [Fact]
    public async Task Bulk_is_recorded_for_each_of_its_contacts()
    {
        using var observer = await Observer.NewAsync(server);
        var contacts = Enumerable.Range(0, 150).Select(number => new { urn = $"ext:{number}", name = $"Name {number}" });
        await observer.SendAsync("POST", "/api/v2/contacts_bulk.json", JsonSerializer.Serialize(new { contacts }));
        var call = await observer.ReadAsync();
        call.GetProperty("changes").GetArrayLength().ShouldBe(100, "more are only counted");
        call.Text("contact").ShouldBe("null");
        var contact = call.GetProperty("changes")[42].Text("id");
        (await observer.ListAsync($"?contact={contact}")).ShouldHaveSingleItem().Text("uuid").ShouldBe(call.Text("uuid"));
    }

    [Fact]
    public async Task Lines_are_recorded_from_their_beginning()
    {
        using var observer = await Observer.NewAsync(server);
        var lines = string.Concat(Enumerable.Range(0, 900).Select(number => $"{{\"urn\":\"ext:{number}\",\"name\":\"{new string('x', 90)}\"}}\n"));
        await (await observer.SendAsync("POST", "/api/v2/contacts_bulk.json", lines, "application/x-ndjson")).Content.ReadAsStringAsync();
        var call = await observer.ReadAsync();
        call.Text("request", "body")!.Length.ShouldBe(CallRecord.MaxBody);
        lines.ShouldStartWith(call.Text("request", "body")!);
        call.GetProperty("request").GetProperty("size").GetInt32().ShouldBe(lines.Length);
        call.GetProperty("request").GetProperty("truncated").GetBoolean().ShouldBeTrue();
        call.Text("answer", "body")!.ShouldStartWith("""{"status":201,"contact":{""");
        call.GetProperty("answer").GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_large_body_is_cut_between_characters_and_a_body_that_is_no_text_is_kept_in_base64()
    {
        using var observer = await Observer.NewAsync(server);
        var large = $$"""{"name":"{{new string('ä', 40_000)}}"}""";
        await observer.SendAsync("POST", Contacts, large);
        var call = await observer.ReadAsync("\"status\":\"400\"");
        large.ShouldStartWith(call.Text("request", "body")!);
        call.Text("request", "body")!.Length.ShouldBeGreaterThan(32_000);
        call.GetProperty("request").GetProperty("truncated").GetBoolean().ShouldBeTrue();

        using var client = new WeniClient(server, observer.Api.Workspace);
        byte[] bytes = [0xFF, 0x00, 0xFE];
        await client.PostBytesAsync("contacts.json", bytes);
        var binary = await observer.ReadAsync("\"text\":\"/wD+\"");
        binary.GetProperty("request").GetProperty("base64").GetBoolean().ShouldBeTrue();
        Convert.FromBase64String(binary.Text("request", "body")!).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_replayed_answer_says_so()
    {
        using var observer = await Observer.NewAsync(server);
        for (var time = 0; time < 2; time++)
            await observer.SendAsync("POST", Contacts, """{"name":"Ana"}""", headers: ("Idempotency-Key", "k1"));
        var calls = await observer.WaitAsync(2);
        calls.Select(call => call.GetProperty("replayed").GetBoolean()).ShouldBe([false, true]);
        var (first, again) = (await observer.ReadAsync(calls[0]), await observer.ReadAsync(calls[1]));
        again.Text("answer", "body").ShouldBe(first.Text("answer", "body"));
        again.Text("request", "body").ShouldBe("""{"name":"Ana"}""");
        again.TryGetProperty("changes", out _).ShouldBeFalse("nothing was done again");
    }

    [Fact]
    public async Task The_management_api_is_recorded_without_its_secrets()
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.AllowsPrivateTargets = true);
        var token = await observer.Api.PostAsync("tokens", """{"name":"n8n","role":"editor"}""");
        var webhook = await observer.Api.PostAsync("webhooks", """{"name":"CRM","url":"http://127.0.0.1:9/","events":["*"],"active":false}""");
        var (key, secret) = (token.Body.Text("key")!, webhook.Body.Text("secret")!);
        var made = await observer.ReadAsync("\"dialect\":\"management\",\"path\":\"tokens\"");
        made.Text("request", "body").ShouldBe("""{"name":"n8n","role":"editor"}""");
        JsonDocument.Parse(made.Text("answer", "body")!).RootElement.Text("key").ShouldBe("********");
        made.GetRawText().ShouldNotContain(key);
        var hook = await observer.ReadAsync("\"dialect\":\"management\",\"path\":\"webhooks\"");
        JsonDocument.Parse(hook.Text("answer", "body")!).RootElement.Text("name").ShouldBe("CRM");
        hook.GetRawText().ShouldNotContain(secret);

        using var whaapy = await WhaapyClient.OfAsync(server, observer.Api.Workspace);
        var made2 = await whaapy.SendAsync("POST", "/user-webhooks", new { name = "n8n", url = "http://127.0.0.1:9/", events = new[] { "contact.created" } });
        var hook2 = await observer.ReadAsync("\"dialect\":\"whaapy\"");
        hook2.Text("answer", "body")!.ShouldContain("\"secret\":\"********\"", Case.Sensitive, made2.Body);
        hook2.GetRawText().ShouldNotContain(whaapy.Key);
    }

    [Fact]
    public async Task A_body_whose_secrets_cannot_be_told_is_not_kept()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.Api.PostAsync("tokens", """{"name":"n8n","key":"hush-hush" """);
        var call = await observer.ReadAsync("\"dialect\":\"management\"");
        call.GetProperty("request").GetProperty("hidden").GetBoolean().ShouldBeTrue();
        call.GetRawText().ShouldNotContain("hush");
    }

    [Fact]
    public async Task Calls_that_nobody_knows_belong_to_the_oldest_workspace_and_other_keys_to_theirs()
    {
        using var observer = await Observer.NewAsync(server);
        using var oldest = server.NewClient(await Oldest.TokenAsync(server));
        using var stranger = server.NewClient("0123456789abcdef0123456789abcdef01234567");
        var name = Guid.NewGuid().ToString("N");
        stranger.DefaultRequestHeaders.Add("X-Request-Id", name);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "Ana")]);
        ((int)(await stranger.PostAsync($"{Contacts}?urn=tel:+250788123123", form)).StatusCode).ShouldBe(403);
        var found = await Oldest.WaitAsync(oldest, name);
        found.Text("token").ShouldBe("null");
        found.GetProperty("status").GetInt32().ShouldBe(403);
        found.Text("query").ShouldBe("null", "it may be any workspace's");
        var all = JsonDocument.Parse(await oldest.GetStringAsync($"/manage/api/calls/{found.Text("uuid")}")).RootElement;
        all.Text("request", "body").ShouldBe("null");
        all.GetRawText().ShouldNotContain("788123123");
        all.GetProperty("why").GetArrayLength().ShouldBe(1, "the mistake is explained");

        using var whaapy = await WhaapyClient.OfAsync(server, observer.Api.Workspace);
        using var mistaken = server.NewClient(whaapy.Key);
        ((int)(await mistaken.GetAsync(Contacts)).StatusCode).ShouldBe(403);
        (await observer.ReadAsync("\"status\":\"403\"")).Text("token", "name").ShouldBe("whaapy");
        var viewer = await server.Services.AddTokenAsync(observer.WorkspaceId, Role.Viewer);
        using var viewing = server.NewClient(viewer);
        ((int)(await viewing.GetAsync("/manage/api/workspace")).StatusCode).ShouldBe(403);
        (await observer.ReadAsync("\"dialect\":\"management\"")).Text("token", "name").ShouldBe("added");
    }

    [Fact]
    public async Task Calls_with_a_revoked_key_belong_to_its_workspace()
    {
        using var observer = await Observer.NewAsync(server);
        var tokens = server.Services.GetRequiredService<TokenService>();
        var key = await server.Services.AddTokenAsync(observer.WorkspaceId, Role.Administrator);
        var whaapyKey = ApiToken.NewKey("whaapy");
        (await tokens.AddAsync(observer.WorkspaceId, whaapyKey, Role.Editor, "whaapy", CancellationToken.None)).Value.ShouldNotBeNull();
        (await tokens.RevokeAsync(key, CancellationToken.None)).ShouldBeTrue();
        (await tokens.RevokeAsync(whaapyKey, CancellationToken.None)).ShouldBeTrue();
        using var former = server.NewClient(key);
        ((int)(await former.GetAsync(Contacts + "?name=Ana")).StatusCode).ShouldBe(403);
        ((int)(await former.GetAsync("/manage/api/tokens")).StatusCode).ShouldBe(401);
        using var formerWhaapy = server.NewClient();
        formerWhaapy.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", whaapyKey);
        ((int)(await formerWhaapy.GetAsync("/contacts/v1?search=Ana")).StatusCode).ShouldBe(401);

        var call = await observer.ReadAsync("\"status\":\"403\"");
        (call.Text("query"), call.Text("token", "name")).ShouldBe(("?name=Ana", "added"));
        call.GetRawText().ShouldNotContain(key);
        (await observer.ReadAsync("\"dialect\":\"management\"")).GetProperty("status").GetInt32().ShouldBe(401);
        (await observer.ReadAsync("\"dialect\":\"whaapy\"")).Text("token", "name").ShouldBe("whaapy");
    }

    [Fact]
    public async Task An_anonymous_workspace_keeps_nothing_in_which_addresses_stand()
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.IsAnonymous = true);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","urns":["tel:+250788123123"]}""");
        await observer.SendAsync("POST", Contacts, "urns=tel%3A%2B250788123124", "application/x-www-form-urlencoded");
        await observer.SendAsync("GET", Contacts + "?urn=tel:%2B250788123123");
        foreach (var call in await observer.WaitAsync(3))
        {
            var read = await observer.ReadAsync(call);
            (read.Text("query"), read.Text("request", "body"), read.Text("answer", "body")).ShouldBe(("null", "null", "null"));
            read.GetProperty("request").GetProperty("hidden").GetBoolean().ShouldBe(read.Text("method") == "POST");
            read.GetProperty("answer").GetProperty("hidden").GetBoolean().ShouldBeTrue();
            read.GetRawText().ShouldNotContain("7881231");
        }

        (await observer.ListAsync("?text=7881231")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_health_and_reading_calls_are_not_recorded()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("GET", "/health/live");
        await observer.SendAsync("GET", "/swagger/index.html");
        await observer.ListAsync();
        (await observer.Api.DeleteAsync("calls")).Status.ShouldBe(204);
        await observer.SendAsync("GET", Contacts);
        await observer.WaitAsync(1);
        (await observer.ListAsync()).ShouldHaveSingleItem().Text("dialect").ShouldBe("weni");
    }

    [Theory]
    [InlineData(Recording.Errors, 1)]
    [InlineData(Recording.Off, 0)]
    public async Task A_workspace_may_want_less(Recording recording, int expected)
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.Recording = recording);
        await observer.SendAsync("GET", Contacts);
        await observer.SendAsync("POST", Contacts, "{");
        (await observer.Api.PatchAsync("workspace", """{"recording":"all"}""")).Status.ShouldBe(200);
        await observer.SendAsync("GET", "/api/v2/groups.json");
        await observer.WaitAsync(1, "\"path\":\"groups\"");
        (await observer.ListAsync("?path=contacts")).Length.ShouldBe(expected);
    }
}
