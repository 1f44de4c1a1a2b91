using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Support;

/// <summary>Calls the Whaapy dialect for one workspace over real HTTP.</summary>
public sealed class WhaapyClient : IDisposable
{
    private readonly HttpClient _http;

    private WhaapyClient(HttpClient http, TestWorkspace workspace, string key) => (_http, Workspace, Key) = (http, workspace, key);

    /// <summary>The workspace that the key opens.</summary>
    public TestWorkspace Workspace { get; }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>A client with a new key of a workspace.</summary>
    public static async Task<WhaapyClient> OfAsync(TestServer server, TestWorkspace workspace, Role role = Role.Administrator)
    {
        var key = ApiToken.NewKey("whaapy");
        var made = await server.Services.GetRequiredService<TokenService>().AddAsync(workspace.Id, key, role, "whaapy", CancellationToken.None);
        made.Value.ShouldNotBeNull();
        var http = server.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new WhaapyClient(http, workspace, key);
    }

    /// <summary>A client of a workspace of its own, without a limit of calls.</summary>
    public static async Task<WhaapyClient> OfNewWorkspaceAsync(TestServer server) =>
        await OfAsync(server, await server.NewWorkspaceAsync(workspace => workspace.MinuteLimit = null));

    /// <summary>Sends a call; an object is written as JSON.</summary>
    public async Task<WhaapyReply> SendAsync(string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return new WhaapyReply((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a contact that nothing is in the way of, and answers its id.</summary>
    public async Task<string> MakeAsync(object body)
    {
        var reply = await SendAsync("POST", "/contacts/v1", body);
        reply.Status.ShouldBe(201, reply.Body);
        return reply.Json["contact"]!["id"]!.ToString();
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as it came.</param>
public sealed record WhaapyReply(int Status, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;
}
