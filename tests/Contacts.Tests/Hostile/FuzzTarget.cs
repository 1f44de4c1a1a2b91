using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;

namespace Contacts.Tests.Hostile;

/// <summary>The built program as a process of its own on a database of its own: its memory is nobody else's, and its log is read.</summary>
internal sealed class FuzzTarget : IAsyncDisposable
{
    private readonly ContactsProcess _process;
    private readonly string _database;
    private readonly HttpClient _first;

    private FuzzTarget(ContactsProcess process, string database, string key)
    {
        (_process, _database) = (process, database);
        (Address, Key) = (process.Url.TrimEnd('/'), key);
        _first = ClientOf(key);
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>The key of the first workspace's administrator.</summary>
    public string Key { get; }

    /// <summary>What it holds in memory, in megabytes.</summary>
    public double Megabytes
    {
        get
        {
            var resident = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(resident["VmRSS:".Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>How many files and connections it holds open.</summary>
    public int Handles => Directory.GetFiles($"/proc/{_process.Id}/fd").Length;

    /// <summary>The lines of its log that tell of errors.</summary>
    public string[] Errors => [.. _process.Errors.Split('\n').Where(line => line.Contains(" ERR] ", StringComparison.Ordinal) || line.Contains(" FTL] ", StringComparison.Ordinal))];

    /// <summary>All of its log.</summary>
    public string Log => _process.Errors;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Further arguments.</param>
    public static async Task<FuzzTarget> StartAsync(params string[] settings)
    {
        var database = await TestPostgres.CreateDatabaseAsync();
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Contacts"] = database };
        string[] urls = settings.Contains("--urls", StringComparer.Ordinal) ? [] : ["--urls", "http://127.0.0.1:0"];
        var process = ContactsProcess.Start(environment, [.. urls, "--token", key, "--Logging:LogLevel:Default=Warning", .. settings]);
        await process.ReadyAsync();
        return new FuzzTarget(process, database, key);
    }

    /// <summary>A new workspace without limits of calls, whose webhooks may go to this machine.</summary>
    /// <returns>The key of its administrator.</returns>
    public async Task<string> NewWorkspaceAsync(string country)
    {
        var settings = new { name = "Fuzz " + Guid.NewGuid().ToString("N"), country, minute_limit = (int?)null, allows_private_targets = true };
        using var made = await _first.PostAsJsonAsync("/manage/api/workspaces", settings);
        return await KeyOfAsync(made);
    }

    /// <summary>A further key of a workspace.</summary>
    public async Task<string> NewKeyAsync(string administrator, string dialect)
    {
        using var http = ClientOf(administrator);
        using var made = await http.PostAsJsonAsync("/manage/api/tokens", new { name = dialect, role = "administrator", dialect });
        return await KeyOfAsync(made);
    }

    /// <summary>The OpenAPI document of the management API.</summary>
    public async Task<JsonNode> ManagementDocumentAsync() => JsonNode.Parse(await _first.GetStringAsync("/swagger/management/swagger.json"))!;

    /// <summary>Asks for a list that needs the database, and answers the status.</summary>
    public async Task<int> AskAsync()
    {
        using var response = await _first.GetAsync("/api/v2/contacts.json");
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _first.Dispose();
        await _process.DisposeAsync();
        await TestPostgres.DropAsync(_database);
    }

    private static async Task<string> KeyOfAsync(HttpResponseMessage made)
    {
        var text = await made.Content.ReadAsStringAsync();
        ((int)made.StatusCode).ShouldBe(201, text);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("key").GetString()!;
    }

    private HttpClient ClientOf(string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", key);
        return client;
    }
}
