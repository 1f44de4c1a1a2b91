using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Support;

/// <summary>Calls the Weni dialect for one workspace over real HTTP.</summary>
public sealed class WeniClient(TestServer server, TestWorkspace workspace) : IDisposable
{
    private readonly HttpClient _http = server.NewClient(workspace.Token);

    /// <summary>The workspace whose token is sent.</summary>
    public TestWorkspace Workspace => workspace;

    /// <summary>A client of a workspace of its own.</summary>
    public static async Task<WeniClient> OfNewWorkspaceAsync(TestServer server) => new(server, await server.NewWorkspaceAsync());

    /// <summary>Reads, for example <c>contacts.json?urn=ext:1</c>.</summary>
    public Task<WeniReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Writes an object.</summary>
    public Task<WeniReply> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body));

    /// <summary>Writes a body as it stands.</summary>
    public Task<WeniReply> PostBytesAsync(string path, byte[] body, string contentType = "application/json") =>
        SendAsync(HttpMethod.Post, path, body, contentType);

    /// <summary>Deletes.</summary>
    public Task<WeniReply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Sends a call as it stands.</summary>
    public Task<WeniReply> SendAsync(HttpMethod method, string path, string? body) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body));

    /// <summary>Makes something that must work, and answers its uuid, or a field's key.</summary>
    public async Task<string> MakeAsync(string path, object body)
    {
        var reply = await PostAsync(path, body);
        reply.Status.ShouldBe(201, reply.Body);
        return reply.Text("uuid") ?? reply.Text("key") ?? throw new InvalidDataException(reply.Body);
    }

    /// <summary>Sends a request as it is, with the workspace's token.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    public void Dispose() => _http.Dispose();

    private async Task<WeniReply> SendAsync(HttpMethod method, string path, byte[]? body, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v2/" + path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await _http.SendAsync(request);
        return new WeniReply((int)response.StatusCode, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()));
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as it came.</param>
public sealed record WeniReply(int Status, string Body)
{
    /// <summary>The body as JSON; null when it is empty.</summary>
    public JsonNode? Json { get; } = Body.Length == 0 ? null : JsonNode.Parse(Body);

    /// <summary>The objects of a list.</summary>
    public JsonArray Results => Json!["results"]!.AsArray();

    /// <summary>The text of an attribute; null when it is null or absent.</summary>
    public string? Text(string attribute) => Json?[attribute]?.ToString();

    /// <summary>The texts of an array attribute.</summary>
    public string[] Texts(string attribute) => [.. Json![attribute]!.AsArray().Select(item => item!.ToString())];
}

/// <summary>Refusals of the dialect.</summary>
public static class WeniRefusals
{
    /// <summary>The answer is a 400 with this one text under this attribute, and nothing else.</summary>
    public static void ShouldBeRefused(this WeniReply reply, string attribute, string text)
    {
        reply.Status.ShouldBe(400, reply.Body);
        reply.Json!.AsObject().Count.ShouldBe(1, reply.Body);
        reply.Texts(attribute).ShouldBe([text]);
    }
}
