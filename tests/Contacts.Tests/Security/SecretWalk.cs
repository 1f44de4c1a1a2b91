using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Console;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Tests.Security;

/// <summary>
/// Uses much of a server, as people and programs do, rightly and wrongly, and remembers every secret that it used or was given, and every answer that
/// must not have one in it.
/// </summary>
/// <param name="url">Where the server is.</param>
/// <param name="token">The key of the first workspace's administrator.</param>
/// <param name="database">The database, to make the link that signs in.</param>
internal sealed class SecretWalk(string url, string token, string database) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(url) };
    private readonly StringBuilder _errors = new();

    /// <summary>The secrets, by what they are.</summary>
    public Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal) { ["first token"] = token };

    /// <summary>All answers of 400 and more.</summary>
    public string Errors => _errors.ToString();

    /// <summary>How many calls were made.</summary>
    public int Calls { get; private set; }

    /// <summary>Everything, once.</summary>
    /// <param name="receiver">Where webhooks go.</param>
    public async Task WalkAsync(string receiver)
    {
        await ManageAsync(receiver);
        await SpeakWeniAsync();
        await SpeakWhaapyAsync(receiver);
        await MistakeAsync();
        await BreakAsync();
        await LookAsync(receiver);
        await LinkAsync();
    }

    /// <summary>Sends a call, and keeps its answer when it is a refusal.</summary>
    public async Task<(int Status, JsonNode? Json)> SendAsync(string method, string path, string? authorization, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization).ShouldBeTrue();
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        Calls++;
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode >= 400)
            _errors.Append(text).Append(answer.Headers);
        var isJson = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && text.Length > 0;
        return ((int)answer.StatusCode, isJson ? JsonNode.Parse(text) : null);
    }

    public void Dispose() => _http.Dispose();

    private string Keep(string what, string? secret) => Secrets[what] = secret.ShouldNotBeNull(what);

    private async Task ManageAsync(string receiver)
    {
        var admin = $"Token {token}";
        (await SendAsync("PATCH", "/manage/api/workspace", admin, """{"allows_private_targets":true,"recording":"all"}""")).Status.ShouldBe(200);
        foreach (var (role, dialect) in new[] { ("editor", "weni"), ("viewer", "weni"), ("surveyor", "weni"), ("administrator", "whaapy"), ("viewer", "whaapy") })
            Keep($"{dialect} {role}", (await SendAsync("POST", "/manage/api/tokens", admin, $$"""{"name":"{{role}}","role":"{{role}}","dialect":"{{dialect}}"}""")).Json!["key"]!.ToString());
        Keep("workspace's key", (await SendAsync("POST", "/manage/api/workspaces", admin, """{"name":"Another"}""")).Json!["key"]!.ToString());
        var inUrl = Keep("key in a URL", ApiToken.NewKey());
        var made = (await SendAsync("POST", "/manage/api/webhooks", admin, JsonSerializer.Serialize(new { name = "CRM", url = $"{receiver}?api_key={inUrl}", events = new[] { "*" } }))).Json!;
        Keep("webhook's secret", made["secret"]!.ToString());
        Keep("webhook's next secret", (await SendAsync("POST", $"/manage/api/webhooks/{made["uuid"]}/rotate-secret", admin)).Json!["secret"]!.ToString());
        (await SendAsync("POST", $"/manage/api/webhooks/{made["uuid"]}/test", admin)).Status.ShouldBe(200);
        var password = Keep("password in a URL", $"hush{Guid.NewGuid():N}");
        (await SendAsync("POST", "/manage/api/webhooks", admin, JsonSerializer.Serialize(new { name = "CRM", url = $"http://me:{password}@127.0.0.1/", events = new[] { "*" } }))).Status.ShouldBe(400);
        (await SendAsync("PATCH", $"/manage/api/webhooks/{made["uuid"]}", admin, JsonSerializer.Serialize(new { url = $"{receiver}?api_key={inUrl}&x=1" }))).Status.ShouldBe(200);
        (await SendAsync("PATCH", $"/manage/api/webhooks/{made["uuid"]}", admin, $$"""{"secret":"{{Secrets["webhook's secret"]}}"}""")).Status.ShouldBe(400);
        (await SendAsync("POST", "/manage/api/tokens", admin, $$"""{"name":"x","role":"viewer","key":"{{Keep("key that somebody chose", ApiToken.NewKey())}}"}""")).Status.ShouldBe(400);
        (await SendAsync("POST", "/manage/api/tokens", admin, $$"""{"name":"x","key":"{{Secrets["key that somebody chose"]}}" """)).Status.ShouldBe(400);
    }

    private async Task SpeakWeniAsync()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"me@example.com:{Secrets["weni editor"]}"));
        Keep("Basic", basic);
        (await SendAsync("POST", "/api/v2/contacts.json?urn=tel:%2B250788123123", $"Token {Secrets["weni editor"]}", """{"name":"Ana"}""")).Status.ShouldBe(201);
        (await SendAsync("POST", "/api/v2/contacts.json?urn=tel:%2B250788123124", $"Basic {basic}", """{"name":"Bia"}""", ("Idempotency-Key", "one"))).Status.ShouldBe(201);
        (await SendAsync("GET", $"/api/v2/contacts.json?limit=1&token={Secrets["weni editor"]}", $"Token {Secrets["weni editor"]}")).Status.ShouldBe(200);
        (await SendAsync("POST", "/api/v2/groups.json", $"Token {Secrets["weni viewer"]}", """{"name":"x"}""")).Status.ShouldBe(403);
        (await SendAsync("POST", "/api/v2/contact_actions.json", $"Token {Secrets["weni surveyor"]}", "{}")).Status.ShouldBe(403);
        (await SendAsync("GET", "/api/v2/contacts.json", $"Token {Secrets["workspace's key"]}")).Status.ShouldBe(200);
    }

    private async Task SpeakWhaapyAsync(string receiver)
    {
        var key = $"Bearer {Secrets["whaapy administrator"]}";
        (await SendAsync("POST", "/contacts/v1", key, """{"phone_number":"+5215512345678","name":"Juan"}""")).Status.ShouldBe(201);
        var made = await SendAsync("POST", "/user-webhooks", key, JsonSerializer.Serialize(new { name = "n8n", url = receiver, events = new[] { "contact.created" } }));
        made.Status.ShouldBeInRange(200, 201, made.Json?.ToJsonString());
        foreach (var (what, value) in SecretsIn(made.Json!))
            Keep($"user webhook's {what}", value);
        (await SendAsync("POST", "/user-webhooks", key, """{"name":1}""")).Status.ShouldBe(400);
        (await SendAsync("DELETE", "/contacts/v1/none", $"Bearer {Secrets["whaapy viewer"]}")).Status.ShouldBe(403);
        (await SendAsync("GET", "/auth/me", key)).Status.ShouldBe(200);
    }

    /// <summary>Keys where they do not belong, and keys that open nothing.</summary>
    private async Task MistakeAsync()
    {
        var wrong = Keep("unknown key", ApiToken.NewKey());
        foreach (var (path, header) in new[] { ("/api/v2/contacts.json", $"Token {wrong}"), ("/contacts/v1", $"Bearer {wrong}"), ("/manage/api/workspace", $"Token {wrong}"), ("/api/v2/contacts.json", $"Token {wrong} x") })
            (await SendAsync("GET", path, header)).Status.ShouldBeInRange(401, 403);
        var key = Secrets["weni editor"];
        (await SendAsync("GET", $"/api/v2/contacts.json?api_key={key}", null)).Status.ShouldBe(403);
        (await SendAsync("GET", $"/manage/api/workspace?token={key}", null)).Status.ShouldBe(401);
        (await SendAsync("GET", "/api/v2/contacts.json", null, null, ("X-Api-Key", key), ("X-Auth-Token", key), ("Cookie", $"{Gate.Cookie}={key}"))).Status.ShouldBe(403);
        (await SendAsync("GET", "/contacts/v1", $"Bearer {key}")).Status.ShouldBe(401);
        (await SendAsync("GET", "/contacts/v1", $"Bearer{key}")).Status.ShouldBe(401);
        (await SendAsync("GET", "/api/v2/contacts.json", key)).Status.ShouldBe(403);
        (await SendAsync("GET", "/manage/api/workspace", $"Bearer {token}")).Status.ShouldBe(401);
        (await SendAsync("GET", "/manage/api/tokens/none", $"Token {token}")).Status.ShouldBe(405);
        var revoked = (await SendAsync("POST", "/manage/api/tokens", $"Token {token}", """{"name":"short","role":"viewer"}""")).Json!;
        Keep("revoked key", revoked["key"]!.ToString());
        (await SendAsync("DELETE", $"/manage/api/tokens/{revoked["uuid"]}", $"Token {token}")).Status.ShouldBe(204);
        (await SendAsync("GET", "/api/v2/contacts.json", $"Token {revoked["key"]}")).Status.ShouldBe(403);
    }

    /// <summary>Injected faults, bodies that are none, and paths that are nowhere.</summary>
    private async Task BreakAsync()
    {
        var admin = $"Token {token}";
        (await SendAsync("POST", "/manage/api/faults", admin, """{"effect":"status","status":500,"path":"/api/v2/fields","times":1}""")).Status.ShouldBe(201);
        (await SendAsync("GET", "/api/v2/fields.json", admin)).Status.ShouldBe(500);
        foreach (var body in new[] { "{", "[]", "\"x\"" })
        {
            foreach (var path in new[] { "/api/v2/contacts.json", "/manage/api/tokens", "/manage/api/webhooks" })
                (await SendAsync("POST", path, admin, body)).Status.ShouldBe(400, path);
        }

        (await SendAsync("GET", "/api/v2/nothing.json", admin)).Status.ShouldBe(404);
        (await SendAsync("GET", "/nothing", admin)).Status.ShouldBe(404);
        (await SendAsync("PUT", "/api/v2/contacts.json", admin, "{}")).Status.ShouldBe(405);
    }

    private async Task LookAsync(string receiver)
    {
        using var browser = ConsoleClient.OfNobody(url);
        (await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", Secrets["unknown key"]))).Status.ShouldBe(403);
        (await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", token))).Path.ShouldBe("/console/calls");
        Keep("session", browser.Cookies.GetAllCookies().Single(cookie => cookie.Name == Gate.Cookie).Value);
        Keep("guard of forms", browser.Cookies.GetAllCookies().Single(cookie => cookie.Name == "contacts_form").Value);
        var made = await browser.SubmitAsync(await browser.GetAsync("tokens/new"), "create", ("name", "Console"), ("role", "viewer"), ("dialect", "weni"));
        Keep("key made in the console", ShownIn(made));
        var webhook = await browser.SubmitAsync(await browser.GetAsync("webhooks/new"), "save", ("name", "Console"), ("url", receiver), ("events", "*"));
        Keep("webhook made in the console", ShownIn(webhook));
        Keep("webhook's secret in the console, anew", ShownIn(await browser.SubmitAsync(webhook, "rotate")));
        var typed = Keep("secret typed at the workbench", $"whsec_{Convert.ToBase64String(Guid.NewGuid().ToByteArray())}");
        (await browser.SubmitAsync(await browser.GetAsync("webhooks/workbench"), "check", ("body", "{}"), ("headers", "X-Signature: 00"), ("secret", typed))).Status.ShouldBe(200);
        Calls += 12;
        (await browser.SubmitAsync(await browser.GetAsync("calls"), "sign-out")).Status.ShouldBe(200);
    }

    /// <summary>The link that the first start prints; made as it makes it, since this server's database is not its own.</summary>
    private async Task LinkAsync()
    {
        var link = Keep("link", ApiToken.NewKey());
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            "INSERT INTO console_sessions SELECT $1, workspace_id, id, true, now(), now() + interval '1 hour' FROM api_tokens WHERE hash = $2");
        command.Parameters.AddWithValue(ApiToken.HashOf(link));
        command.Parameters.AddWithValue(ApiToken.HashOf(token));
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
        (await SendAsync("GET", $"/console/sign-in?link={link}", null)).Status.ShouldBe(302);
        (await SendAsync("GET", $"/console/sign-in?link={link}", null)).Status.ShouldBe(403);
        (await SendAsync("GET", $"/console/nothing?link={link}", null)).Status.ShouldBe(302);
    }

    private static string ShownIn(ConsoleReply page) => page.Document.QuerySelector("#secret-text")?.TextContent.Trim() is { Length: > 0 } text
        ? text
        : throw new ShouldAssertException($"{page.Path} ({page.Status}) shows no secret: {page.Html}");

    private static IEnumerable<(string What, string Value)> SecretsIn(JsonNode json) => json switch
    {
        JsonObject parts => parts.SelectMany(part => part.Key.Contains("secret", StringComparison.Ordinal) && part.Value is JsonValue ? [(part.Key, part.Value!.ToString())]
            : part.Value is null ? [] : SecretsIn(part.Value)),
        JsonArray items => items.OfType<JsonNode>().SelectMany(SecretsIn),
        _ => [],
    };
}
