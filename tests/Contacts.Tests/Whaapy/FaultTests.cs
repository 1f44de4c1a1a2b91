using System.Net.Http.Headers;
using Contacts.Tests.Support;

namespace Contacts.Tests.Whaapy;

/// <summary>Failures that no rule foresees are told in the dialect's shape as well.</summary>
public sealed class FaultTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_body_that_is_too_large()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var reply = await client.SendAsync("POST", "/contacts/v1", new string(' ', 6_000_000));
        reply.ShouldBe(new WhaapyReply(413, """{"error":"payload_too_large","message":"El cuerpo de la solicitud es demasiado grande"}"""));
        (await client.SendAsync("GET", "/auth/me")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_failure_inside()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        await server.ExecuteAsync($"ALTER TABLE stages RENAME TO stages_away");
        try
        {
            (await client.SendAsync("GET", "/funnel/v1/stages")).ShouldBe(
                new WhaapyReply(500, """{"error":"internal_error","message":"Error interno del servidor"}"""));
        }
        finally
        {
            await server.ExecuteAsync($"ALTER TABLE stages_away RENAME TO stages");
        }

        (await client.SendAsync("GET", "/funnel/v1/stages")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_other_dialects_key_is_refused_both_ways()
    {
        using var whaapy = await WhaapyClient.OfNewWorkspaceAsync(server);
        using var weni = server.NewClient();
        foreach (var (path, scheme, key, status) in new[]
        {
            ("/contacts/v1", "Bearer", whaapy.Workspace.Token, 401), ("/contacts/v1", "Bearer", whaapy.Key, 200),
            ("/api/v2/contacts.json", "Token", whaapy.Key, 403), ("/api/v2/contacts.json", "Token", whaapy.Workspace.Token, 200),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, key);
            using var response = await weni.SendAsync(request);
            ((int)response.StatusCode).ShouldBe(status, path);
        }
    }
}

/// <summary>The status of a creation is a setting, since the original's is not published.</summary>
public sealed class CreatedStatusTests(CreatedStatusTests.Server server) : IClassFixture<CreatedStatusTests.Server>
{
    [Fact]
    public async Task A_creation_is_answered_with_200_when_the_setting_says_so()
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        (await client.SendAsync("POST", "/contacts/v1", new { phone_number = "+5215512345678" })).Status.ShouldBe(200);
        (await client.SendAsync("POST", "/funnel/v1/stages", new { name = "Lead" })).Status.ShouldBe(200);
    }

    public sealed class Server : TestServer
    {
        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Whaapy:CreatedStatus"] = "200" };
    }
}
