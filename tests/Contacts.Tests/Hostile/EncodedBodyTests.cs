using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Contacts.Tests.Management;
using Contacts.Tests.Support;

namespace Contacts.Tests.Hostile;

/// <summary>Compressed bodies are refused unread, everywhere: ten megabytes may hide in ten kilobytes.</summary>
public sealed class EncodedBodyTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly byte[] Bomb = Packed(10_000_000);

    [Theory]
    [InlineData("/api/v2/contacts.json", "application/json", "")]
    [InlineData("/api/v2/contacts.json", "application/x-www-form-urlencoded", "")]
    [InlineData("/api/v2/contacts.json", "multipart/form-data; boundary=x", "")]
    [InlineData("/api/v2/contacts.json", "application/json", "bomb")]
    [InlineData("/api/v2/contacts_bulk.json", "application/json", "")]
    [InlineData("/api/v2/contacts_bulk.json", "application/x-ndjson", "")]
    [InlineData("/api/v2/contact_actions.json", "application/json", "")]
    [InlineData("/api/v2/groups.json", "application/json", "")]
    public async Task Weni_says_415(string path, string type, string key)
    {
        var token = (await server.NewWorkspaceAsync()).Token;
        var (status, media, body) = await SendAsync(path, "Token " + token, type, key);
        status.ShouldBe(415, body);
        media.ShouldBe("application/json");
        JsonNode.Parse(body)!["detail"]!.ToString().ShouldContain("Unsupported media type");
    }

    [Theory]
    [InlineData("/contacts/v1")]
    [InlineData("/contacts/v1/search")]
    [InlineData("/contacts/v1/bulk")]
    [InlineData("/funnel/v1/stages")]
    [InlineData("/user-webhooks")]
    public async Task Whaapy_says_415(string path)
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var (status, _, body) = await SendAsync(path, "Bearer " + client.Key, "application/json", "");
        status.ShouldBe(415, body);
        JsonNode.Parse(body)!["error"]!.ToString().ShouldBe("unsupported_media_type");
    }

    [Theory]
    [InlineData("/manage/api/flows")]
    [InlineData("/manage/api/seed")]
    public async Task The_management_api_says_415(string path)
    {
        var (status, media, body) = await SendAsync(path, "Token " + (await server.NewWorkspaceAsync()).Token, "application/json", "");
        status.ShouldBe(415, body);
        media.ShouldBe("application/problem+json");
        JsonNode.Parse(body)!["detail"]!.ToString().ShouldBe("Send the body without Content-Encoding.");
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public async Task The_management_api_reads_utf8_alone(string charset)
    {
        using var api = await ManagementClient.NewAsync(server);
        using var odd = new ByteArrayContent("""{"name":"Ana"}]"""u8.ToArray());
        odd.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=" + charset);
        (await api.SendContentAsync(HttpMethod.Post, "/manage/api/flows", odd)).ShouldBeProblem(415);
    }

    [Fact]
    public async Task A_page_says_that_the_form_is_none()
    {
        var (status, media, _) = await SendAsync("/console/sign-in", "", "application/x-www-form-urlencoded", "");
        status.ShouldBeInRange(400, 413);
        media.ShouldBe("text/html");
    }

    [Fact]
    public async Task Who_is_not_signed_in_sends_no_large_forms()
    {
        using var form = new ByteArrayContent(new byte[200_000]);
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var response = await server.Client.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form);
        ((int)response.StatusCode).ShouldBe(413);
        (await response.Content.ReadAsStringAsync()).ShouldStartWith("<!DOCTYPE html>");
    }

    private async Task<(int Status, string? MediaType, string Body)> SendAsync(string path, string authorization, string type, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new ByteArrayContent(Bomb);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Content.Headers.ContentEncoding.Add("gzip");
        if (authorization.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (key.Length > 0)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await server.Client.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }

    private static byte[] Packed(int size)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(new byte[size]);
        return packed.ToArray();
    }
}
