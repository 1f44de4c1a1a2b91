using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Support;

/// <summary>An answer to a call under a key.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body as it came.</param>
/// <param name="IsReplay">Whether it says of itself that it was given before.</param>
/// <param name="RetryAfter">The header, in seconds, or null.</param>
public sealed record KeyedReply(int Status, string Body, bool IsReplay, string? RetryAfter)
{
    /// <summary>The text of an attribute, or null.</summary>
    public string? Text(string attribute) => JsonNode.Parse(Body)?[attribute]?.ToString();
}

/// <summary>Calls the Weni dialect with an <c>Idempotency-Key</c>.</summary>
public sealed class KeyedClient(TestServer server, string token) : IDisposable
{
    private readonly HttpClient _http = server.NewClient(token);

    /// <summary>Posts a body.</summary>
    public Task<KeyedReply> PostAsync(
        string? key, string path, string body, string contentType = "application/json", CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, key, path, new StringContent(body, Encoding.UTF8, contentType), cancellation);

    /// <summary>Deletes.</summary>
    public Task<KeyedReply> DeleteAsync(string? key, string path) => SendAsync(HttpMethod.Delete, key, path, null);

    /// <summary>Reads.</summary>
    public Task<KeyedReply> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, key, path, null);

    /// <summary>How many objects a list has.</summary>
    public async Task<int> CountAsync(string path) => JsonNode.Parse((await GetAsync(path)).Body)!["results"]!.AsArray().Count;

    public void Dispose() => _http.Dispose();

    private async Task<KeyedReply> SendAsync(HttpMethod method, string? key, string path, HttpContent? body, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v2/" + path, UriKind.Relative)) { Content = body };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        using var response = await _http.SendAsync(request, cancellation);
        var isReplay = response.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Single() == "true";
        var retryAfter = response.Headers.RetryAfter?.Delta?.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return new KeyedReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), isReplay, retryAfter);
    }
}
