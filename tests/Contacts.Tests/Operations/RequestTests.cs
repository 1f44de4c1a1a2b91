using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Contacts.Tests.Operations;

/// <summary>What every request gets: an id, one log line without personal data, a JSON body also when it fails.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class RequestTests(RunningServer server)
{
    [Theory]
    [InlineData("abc-1.2_3", true)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("a b", false)]
    [InlineData("a\"b", false)]
    public async Task A_sane_request_id_comes_back_and_another_is_replaced(string given, bool kept)
    {
        using var client = server.Process.Client();
        foreach (var path in new[] { "/health/live", "/nowhere", "/api/v2/contacts.json?uuid=x" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("X-Request-Id", given).ShouldBeTrue();
            using var answer = await client.SendAsync(request);
            var id = answer.Headers.GetValues("X-Request-Id").Single();
            (string.Equals(id, given, StringComparison.Ordinal)).ShouldBe(kept);
            id.ShouldMatch("^[A-Za-z0-9._-]{1,64}$");
        }
    }

    [Fact]
    public async Task A_request_is_one_log_line_without_token_number_or_name()
    {
        using var client = server.Process.Client();
        using var content = new StringContent("""{"name":"Zenobia Quux","urns":["mailto:zenobia@example.com"]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/contacts.json?urn=tel%3A%2B250788000111") { Content = content };
        request.Headers.Add("X-Request-Id", "one-line");
        using var answer = await client.SendAsync(request);

        await Eventually.BecomesTrueAsync(() => LinesOf("one-line").Length > 0, "the request is logged");
        var line = LinesOf("one-line").ShouldHaveSingleItem();
        line.GetProperty("Method").GetString().ShouldBe("POST");
        line.GetProperty("Path").GetString().ShouldBe("/api/v2/contacts.json");
        line.GetProperty("Status").GetInt32().ShouldBe((int)answer.StatusCode);
        line.GetProperty("Milliseconds").GetDouble().ShouldBeGreaterThan(0);
        line.GetProperty("@l").GetString().ShouldBe("Information");
        foreach (var secret in new[] { server.Process.Token, "250788000111", "Zenobia", "zenobia" })
            server.Process.Errors.ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_path_cannot_forge_a_line()
    {
        using var client = server.Process.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/x%0A%7B%22forged%22:1%7D");
        request.Headers.Add("X-Request-Id", "forger");
        using var answer = await client.SendAsync(request);
        await Eventually.BecomesTrueAsync(() => LinesOf("forger").Length > 0, "the request is logged");
        LinesOf("forger").Single().GetProperty("Path").GetString().ShouldNotBeNull().ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413_with_a_JSON_body_and_the_next_request_works()
    {
        using var client = server.Process.Client();
        foreach (var chunked in new[] { false, true })
        {
            using var content = new ByteArrayContent(new byte[200_000]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/contacts.json") { Content = content };
            request.Headers.TransferEncodingChunked = chunked;
            using var answer = await client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            body.RootElement.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
            answer.Headers.Contains("X-Request-Id").ShouldBeTrue();
        }

        (await client.GetAsync("/api/v2/contacts.json")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_server_does_not_name_itself()
    {
        using var client = server.Process.Client();
        using var answer = await client.GetAsync("/health/live");
        answer.Headers.Server.ShouldBeEmpty();
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"ok"}""");
    }

    private JsonElement[] LinesOf(string requestId) => server.Process.Errors
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => line.TryGetProperty("RequestId", out var id) && string.Equals(id.GetString(), requestId, StringComparison.Ordinal))
        .ToArray();
}
