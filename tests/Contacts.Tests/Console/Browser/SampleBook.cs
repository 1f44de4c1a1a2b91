using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Tests.Imports;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console.Browser;

/// <summary>
/// A book with something of everything that the pages show, made through the public APIs at times that are always the same: once with names as people have
/// them, and once with names that are out for harm.
/// </summary>
public sealed class SampleBook : TestServer, IAsyncLifetime
{
    // Signs that mean something in HTML go unescaped, as other programs send them.
    private static readonly JsonSerializerOptions AsItStands = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] People =
    [
        "Ana Souza", "Bruno Lima", "Camila Rocha", "Daniel Alves", "Elena Gómez", "Felipe Nunes", "Gabriela Torres", "Hugo Castillo", "Isabel Martins", "João Pereira",
        "Karina Duarte", "Luis Hernández", "María García", "Nicolás Vega", "Olívia Campos", "Pedro Santos", "Renata Moura", "Sofía Ramírez", "Tiago Barros", "Valeria Cruz",
    ];

    private readonly SampleClock _hands = new();
    private Receiver? _shop;

    /// <summary>The book whose names are harmless; the pictures show it.</summary>
    public TestWorkspace Usual { get; private set; } = null!;

    /// <summary>The book of somebody who tries to get at its readers.</summary>
    public TestWorkspace Hostile { get; private set; } = null!;

    protected override TimeProvider Clock => _hands;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        _shop = await Receiver.StartAsync();
        Usual = await FirstAsync();
        await FillAsync(Usual, "Padaria Central", name => name);
        Hostile = await NewWorkspaceAsync();
        await FillAsync(Hostile, "Hostile", name => $"{name} {Harm}");
        await BreakAsync(Hostile);
        using var client = NewClient(Hostile.Token);
        await SendAsync(client, HttpMethod.Post, "/api/v2/contacts.json?urn=ext:big", new { name = string.Concat(Enumerable.Repeat(Harm, 1_048_576 / Harm.Length)) }, 400);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        if (_shop is not null)
            await _shop.DisposeAsync();
    }

    /// <summary>A text that becomes a script where it is not escaped, and turns what follows around where it is not named.</summary>
    public const string Harm = "\"'><img src=x onerror=hacked=1>\u202Egpj";

    /// <summary>Starts a fault in a book.</summary>
    public async Task BreakAsync(TestWorkspace workspace)
    {
        using var administrator = NewClient(workspace.Token);
        var fault = new { effect = "latency", latency_ms = 300, path = "/contacts/v1", share = 20, seconds = 3600 };
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/faults", fault, 201);
    }

    /// <summary>Ends the faults of a book.</summary>
    public async Task MendAsync(TestWorkspace workspace)
    {
        using var administrator = NewClient(workspace.Token);
        await SendAsync(administrator, HttpMethod.Delete, "/manage/api/faults", null, 204);
    }

    /// <summary>The workspace that every installation has: its administrators see the others.</summary>
    private async Task<TestWorkspace> FirstAsync()
    {
        var first = (await Services.GetRequiredService<WorkspaceService>().FindAsync("default", CancellationToken.None)).ShouldNotBeNull();
        var key = ApiToken.NewKey();
        await Services.GetRequiredService<TokenService>().AddAsync(first.Id, key, Role.Administrator, "Renata", CancellationToken.None);
        _hands.Advance(TimeSpan.FromSeconds(30));
        return new TestWorkspace(first.Id, key);
    }

    private async Task FillAsync(TestWorkspace workspace, string name, Func<string, string> dress)
    {
        using var administrator = NewClient(workspace.Token);
        var settings = new { name = dress(name), allows_private_targets = true, timezone = "America/Sao_Paulo", country = "BR" };
        await SendAsync(administrator, HttpMethod.Patch, "/manage/api/workspace", settings, 200);
        using var crm = await NewTokenAsync(administrator, dress("CRM"), "weni", "Token");
        using var shop = await NewTokenAsync(administrator, dress("Shop"), "whaapy", "Bearer");
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/webhooks", new { name = dress("Shop"), url = _shop!.Url, events = new[] { "*" } }, 201);
        var groups = await DefineAsync(administrator, dress);
        await WriteContactsAsync(crm, groups, dress);
        using var browser = await ConsoleClient.OfAsync(this, workspace.Token);
        await new Importer(browser).ImportAsync($"urn,name,groups\r\next:1,{Quoted(dress("Ana"))},{Quoted(dress("Customers"))}\r\nnothing,{Quoted(dress("Bia"))},\r\n");
        _hands.Advance(TimeSpan.FromSeconds(20));
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/snapshots", new { name = "seeded" }, 201);
        await MistakeAsync(crm, shop, dress);
        await UntilRecordedAsync(administrator);
    }

    /// <summary>The record of calls is written behind them.</summary>
    private static async Task UntilRecordedAsync(HttpClient administrator) =>
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/calls/wait", new { path = "/api/v2/contacts", status = "400", count = 2, timeout_ms = 20_000 }, 200);

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<HttpClient> NewTokenAsync(HttpClient administrator, string name, string dialect, string scheme)
    {
        _hands.Advance(TimeSpan.FromSeconds(1));
        var made = await SendAsync(administrator, HttpMethod.Post, "/manage/api/tokens", new { name, dialect, role = "editor" }, 201);
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, made.GetProperty("key").GetString());
        return client;
    }

    /// <summary>Groups, fields and automations.</summary>
    private static async Task<string[]> DefineAsync(HttpClient administrator, Func<string, string> dress)
    {
        foreach (var (label, type) in new[] { ("Nickname", "text"), ("City", "text"), ("Orders", "numeric"), ("Last order", "datetime") })
            await SendAsync(administrator, HttpMethod.Post, "/api/v2/fields.json", new { label, value_type = type }, 201);
        var groups = new List<string>();
        foreach (var name in new[] { "Customers", "Newsletter", "Loyalty card" })
            groups.Add((await SendAsync(administrator, HttpMethod.Post, "/api/v2/groups.json", new { name = dress(name) }, 201)).GetProperty("uuid").GetString()!);
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/flows", new { name = dress("Order arrived"), type = "message", groups = new[] { groups[0] } }, 201);
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/campaigns", new { name = dress("Birthday"), groups = new[] { groups[2] } }, 201);
        await SendAsync(administrator, HttpMethod.Post, "/manage/api/triggers", new { name = dress("menu"), type = "keyword", groups = new[] { groups[1] } }, 201);
        return [.. groups];
    }

    private async Task WriteContactsAsync(HttpClient crm, string[] groups, Func<string, string> dress)
    {
        for (var i = 0; i < 60; i++)
        {
            var name = $"{People[i % People.Length]}{(i < People.Length ? "" : $" {(i / People.Length) + 1}")}";
            var fields = new { nickname = dress(name.Split(' ')[0]), city = i % 3 == 0 ? "São Paulo" : "Recife", orders = i % 7 };
            await SendAsync(crm, HttpMethod.Post, $"/api/v2/contacts.json?urn=tel%3A%2B55119{80_000_000 + (i * 7_919)}", new { name = dress(name), groups = new[] { groups[i % 3] }, fields }, 201);
            _hands.Advance(TimeSpan.FromSeconds(41 - (i % 17)));
        }
    }

    /// <summary>What integrators get wrong.</summary>
    private async Task MistakeAsync(HttpClient crm, HttpClient shop, Func<string, string> dress)
    {
        await SendAsync(crm, HttpMethod.Post, "/api/v2/contacts.json", new { name = dress("Ana Souza"), urns = new[] { "tel:+5511980000000" } }, 400);
        _hands.Advance(TimeSpan.FromSeconds(9));
        await SendAsync(shop, HttpMethod.Post, "/contacts/v1", new { phone_number = "+5215512345678", name = dress("Juan Pérez") }, 201);
        await SendAsync(shop, HttpMethod.Post, "/contacts/v1", new { phone_number = "+5215512345678", name = dress("Juan Pérez") }, 409);
        await SendAsync(crm, HttpMethod.Get, $"/api/v2/contacts.json?urn={Uri.EscapeDataString("ext:" + dress("7"))}", null, 200);
        _hands.Advance(TimeSpan.FromSeconds(4));
        await SendAsync(crm, HttpMethod.Post, "/api/v2/contacts.json?urn=tel%3A%2B5511980000000", new { name = dress("Ana Souza Lima"), language = "por" }, 200);
        _hands.Advance(TimeSpan.FromSeconds(2));
        await SendAsync(crm, HttpMethod.Post, "/api/v2/contacts.json?urn=tel%3A%2B5511980000000", new { name = dress("Ana Souza"), fields = new { unknown = 1 } }, 400);
        _hands.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, object? body, int status)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, AsItStands));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, $"{method} {path}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The time of day stands still between two calls; what a call takes is measured all the same.</summary>
    private sealed class SampleClock : TimeProvider
    {
        private long _ticks = new DateTime(2026, 11, 20, 16, 30, 0, DateTimeKind.Utc).Ticks;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
