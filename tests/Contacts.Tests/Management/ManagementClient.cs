using System.Text;
using System.Text.Json;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Management;

/// <summary>An answer with its body read; an answer without one has the JSON value null.</summary>
internal sealed record ManagementAnswer(int Status, string? MediaType, JsonElement Body, string Text, HttpResponseMessage Response)
{
    public string Uuid => Body.GetProperty("uuid").GetString()!;

    /// <summary>The names of the objects on a page.</summary>
    public string[] Names => [.. Body.GetProperty("results").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];

    /// <summary>The texts of one attribute's faults.</summary>
    public string[] Faults(string attribute) =>
        Body.TryGetProperty("errors", out var errors) && errors.TryGetProperty(attribute, out var texts)
            ? [.. texts.EnumerateArray().Select(text => text.GetString()!)]
            : [];

    /// <summary>Holds the answer against RFC 9457, and looks for words about the server's inside.</summary>
    public ManagementAnswer ShouldBeProblem(int status)
    {
        Status.ShouldBe(status, Text);
        MediaType.ShouldBe("application/problem+json", Text);
        Body.ValueKind.ShouldBe(JsonValueKind.Object, Text);
        if (Body.TryGetProperty("status", out var told))
            told.GetInt32().ShouldBe(status);
        foreach (var word in new[] { "Contacts.", "System.", "   at ", "Exception", "traceId" })
            Text.ShouldNotContain(word, Case.Sensitive);
        return this;
    }
}

/// <summary>Calls of one workspace over real HTTP: the management API, and Weni's beside it.</summary>
internal sealed class ManagementClient : IDisposable
{
    public const string Root = "/manage/api/";

    /// <summary>A client of a workspace that is there already, perhaps through another server.</summary>
    public static ManagementClient Of(TestServer server, TestWorkspace workspace) => new(server.NewClient(workspace.Token), workspace);

    private ManagementClient(HttpClient http, TestWorkspace workspace) => (Http, Workspace) = (http, workspace);

    public HttpClient Http { get; }

    public TestWorkspace Workspace { get; }

    /// <summary>A client of a new workspace.</summary>
    public static async Task<ManagementClient> NewAsync(TestServer server, Role role = Role.Administrator, Action<Workspace>? settings = null)
    {
        var workspace = await server.NewWorkspaceAsync(settings, role);
        return new ManagementClient(server.NewClient(workspace.Token), workspace);
    }

    public Task<ManagementAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, Root + path);

    public Task<ManagementAnswer> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, Root + path, json);

    public Task<ManagementAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, Root + path, json);

    public Task<ManagementAnswer> PutAsync(string path, string json) => SendAsync(HttpMethod.Put, Root + path, json);

    public Task<ManagementAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, Root + path);

    /// <summary>Makes a flow, campaign or trigger that uses groups.</summary>
    public async Task<ManagementAnswer> NewAsync(string list, string name, params string[] groups)
    {
        var type = list switch { "flows" => "message", "triggers" => "keyword", _ => null };
        var made = await PostAsync(list, JsonSerializer.Serialize(
            type is null ? new { name, groups } : (object)new { name, type, groups }));
        made.Status.ShouldBe(201, made.Text);
        return made;
    }

    /// <summary>Makes a group through Weni's API.</summary>
    /// <returns>Its uuid.</returns>
    public async Task<string> NewGroupAsync(string name)
    {
        var made = await SendAsync(HttpMethod.Post, "/api/v2/groups.json", JsonSerializer.Serialize(new { name }));
        made.Status.ShouldBe(201, made.Text);
        return made.Uuid;
    }

    /// <summary>Deletes a group through Weni's API.</summary>
    public Task<ManagementAnswer> DeleteGroupAsync(string uuid) => SendAsync(HttpMethod.Delete, "/api/v2/groups.json?uuid=" + uuid);

    public Task<ManagementAnswer> SendAsync(HttpMethod method, string path, string? json = null) =>
        SendContentAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<ManagementAnswer> SendContentAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var body = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        return new ManagementAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, text, response);
    }

    public void Dispose() => Http.Dispose();
}
