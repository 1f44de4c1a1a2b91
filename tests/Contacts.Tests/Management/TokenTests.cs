using System.Net.Http.Headers;
using Contacts.Tests.Support;

namespace Contacts.Tests.Management;

/// <summary>Tokens through the management API.</summary>
public sealed class TokenTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("", "weni", 40)]
    [InlineData(""","dialect":"weni" """, "weni", 40)]
    [InlineData(""","dialect":"whaapy" """, "whaapy", 44)]
    public async Task A_key_is_shown_when_it_is_made_and_never_again(string asked, string dialect, int length)
    {
        using var api = await ManagementClient.NewAsync(server);
        var made = await api.PostAsync("tokens", $$"""{"name":" n8n ","role":"editor"{{asked}}}""");
        made.Status.ShouldBe(201, made.Text);
        var key = made.Body.GetProperty("key").GetString()!;
        key.Length.ShouldBe(length);
        key.StartsWith("wha_", StringComparison.Ordinal).ShouldBe(dialect == "whaapy");
        made.Body.GetProperty("name").GetString().ShouldBe("n8n");
        made.Body.GetProperty("dialect").GetString().ShouldBe(dialect);

        var listed = await api.GetAsync("tokens");
        listed.Text.ShouldNotContain(key);
        listed.Text.ShouldNotContain("\"key\"");
        listed.Body.GetProperty("results").EnumerateArray().Select(token => token.GetProperty("role").GetString()).ShouldBe(["administrator", "editor"]);
    }

    [Fact]
    public async Task A_key_is_not_kept_under_an_idempotency_key()
    {
        using var api = await ManagementClient.NewAsync(server);
        api.Http.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var first = await api.PostAsync("tokens", """{"name":"n8n","role":"editor"}""");
        var second = await api.PostAsync("tokens", """{"name":"n8n","role":"editor"}""");
        second.Status.ShouldBe(201, second.Text);
        second.Response.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        second.Body.GetProperty("key").GetString().ShouldNotBe(first.Body.GetProperty("key").GetString());
        (await server.CountAsync("SELECT count(*) FROM idempotent_calls WHERE workspace_id = $1", api.Workspace.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_token_opens_its_dialect_until_it_is_revoked()
    {
        using var api = await ManagementClient.NewAsync(server);
        var made = await api.PostAsync("tokens", """{"name":"n8n","role":"viewer","dialect":"whaapy"}""");
        using var client = server.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Body.GetProperty("key").GetString());
        ((int)(await client.GetAsync(new Uri("/contacts/v1", UriKind.Relative))).StatusCode).ShouldBe(200);
        (await api.DeleteAsync("tokens/" + made.Uuid)).Status.ShouldBe(204);
        ((int)(await client.GetAsync(new Uri("/contacts/v1", UriKind.Relative))).StatusCode).ShouldBe(401);
        (await api.DeleteAsync("tokens/" + made.Uuid)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_token_of_the_call_and_those_of_other_workspaces_stay()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        var own = (await api.GetAsync("tokens")).Body.GetProperty("results")[0].GetProperty("uuid").GetString();
        (await api.DeleteAsync("tokens/" + own)).Status.ShouldBe(409);
        (await other.DeleteAsync("tokens/" + own)).Status.ShouldBe(404);
        (await api.GetAsync("tokens")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"role":"editor"}""", "name")]
    [InlineData("""{"name":"","role":"editor"}""", "name")]
    [InlineData("""{"name":"n8n"}""", "role")]
    [InlineData("""{"name":"n8n","role":"king"}""", "role")]
    [InlineData("""{"name":"n8n","role":"editor","dialect":"klingon"}""", "dialect")]
    [InlineData("""{"name":"n8n","role":"editor","key":"mine"}""", "key")]
    public async Task A_token_of_the_wrong_shape_is_refused(string body, string attribute)
    {
        using var api = await ManagementClient.NewAsync(server);
        var refused = await api.PostAsync("tokens", body);
        refused.Status.ShouldBe(400, refused.Text);
        refused.Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([attribute]);
    }
}
