using System.Text;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Management;

/// <summary>Who may call the management API, and how it answers what it does not know.</summary>
public sealed class AccessTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly (HttpMethod Method, string Path)[] Operations =
    [
        (HttpMethod.Get, "flows"), (HttpMethod.Post, "flows"), (HttpMethod.Get, $"flows/{Guid.Empty}"), (HttpMethod.Delete, $"flows/{Guid.Empty}"),
        (HttpMethod.Post, $"flows/{Guid.Empty}/archive"), (HttpMethod.Post, $"flows/{Guid.Empty}/restore"),
        (HttpMethod.Get, "workspace"), (HttpMethod.Patch, "workspace"), (HttpMethod.Get, "workspaces"), (HttpMethod.Post, "workspaces"), (HttpMethod.Get, "duplicates"), (HttpMethod.Post, "duplicates/merge"),
        (HttpMethod.Get, "nowhere"), (HttpMethod.Get, ""),
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("Token")]
    [InlineData("Token 0123456789abcdef0123456789abcdef01234567")]
    [InlineData("Token not-a-key")]
    [InlineData("Bearer 0123456789abcdef0123456789abcdef01234567")]
    [InlineData("Basic dXNlcjprZXk=")]
    public async Task Without_a_known_key_every_operation_is_401_and_says_how_to_authenticate(string? header)
    {
        using var client = await ManagementClient.NewAsync(server);
        client.Http.DefaultRequestHeaders.Authorization = null;
        if (header is not null)
            client.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header).ShouldBeTrue();
        foreach (var (method, path) in Operations)
        {
            var answer = await client.SendAsync(method, ManagementClient.Root + path, "{}");
            answer.ShouldBeProblem(401);
            answer.Response.Headers.WwwAuthenticate.ToString().ShouldBe("Token realm=\"contacts\"");
        }
    }

    [Theory]
    [InlineData(Role.Editor)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Surveyor)]
    public async Task Every_other_role_is_403(Role role)
    {
        using var client = await ManagementClient.NewAsync(server, role);
        foreach (var (method, path) in Operations)
            (await client.SendAsync(method, ManagementClient.Root + path, "{}")).ShouldBeProblem(403);
        (await client.SendAsync(HttpMethod.Get, "/Manage/API/workspace")).ShouldBeProblem(403);
    }

    [Fact]
    public async Task The_word_Token_counts_in_any_case()
    {
        using var client = await ManagementClient.NewAsync(server);
        client.Http.DefaultRequestHeaders.Authorization = new("tOkEn", client.Workspace.Token);
        (await client.GetAsync("flows")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_revoked_key_is_401()
    {
        using var client = await ManagementClient.NewAsync(server);
        await server.ExecuteAsync($"UPDATE api_tokens SET revoked_on = now() WHERE workspace_id = {client.Workspace.Id}");
        (await client.GetAsync("flows")).ShouldBeProblem(401);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("")]
    [InlineData("contacts")]
    [InlineData("1")]
    [InlineData("flows/not-a-uuid")]
    [InlineData("flows/00000000-0000-0000-0000-000000000000/delete")]
    public async Task An_unknown_path_is_404(string path)
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.GetAsync(path)).ShouldBeProblem(404).Body.GetProperty("title").GetString().ShouldBe("Not Found");
    }

    [Theory]
    [InlineData("PUT", "flows", "GET, HEAD, POST")]
    [InlineData("POST", "workspace", "GET, HEAD, PATCH")]
    [InlineData("GET", "flows/00000000-0000-0000-0000-000000000000/archive", "POST")]
    public async Task A_method_that_does_nothing_is_405_with_those_that_do(string method, string path, string allowed)
    {
        using var client = await ManagementClient.NewAsync(server);
        var answer = await client.SendAsync(new HttpMethod(method), ManagementClient.Root + path, "{}");
        answer.ShouldBeProblem(405);
        answer.Response.Content.Headers.Allow.Order(StringComparer.Ordinal).ShouldBe(allowed.Split(", "));
    }

    [Theory]
    [InlineData("flows")]
    [InlineData("workspace")]
    public async Task HEAD_is_GET_without_a_body(string path)
    {
        using var client = await ManagementClient.NewAsync(server);
        var answer = await client.SendAsync(HttpMethod.Head, ManagementClient.Root + path);
        answer.Status.ShouldBe(200);
        answer.Text.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"name\":")]
    [InlineData("{\"name\":\"x\"} x")]
    [InlineData("{'name':1}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    public async Task A_body_that_is_no_JSON_object_is_400(string json)
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.PostAsync("flows", json)).ShouldBeProblem(400).Faults("body").ShouldNotBeEmpty();
        (await client.PatchAsync("workspace", json)).ShouldBeProblem(400).Faults("body").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_or_nested_too_deeply_is_400()
    {
        using var client = await ManagementClient.NewAsync(server);
        byte[][] bodies =
        [
            [.. "{\"name\":\""u8, 0xFF, .. "\"}"u8], [.. "{\"a"u8, 0xFF, .. "\":1}"u8],
            Encoding.UTF8.GetBytes($"{{\"name\":{new string('[', 5000)}"),
        ];
        foreach (var bytes in bodies)
        {
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");
            (await client.SendContentAsync(HttpMethod.Post, ManagementClient.Root + "flows", content)).ShouldBeProblem(400);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_media_type_is_415(string type)
    {
        using var client = await ManagementClient.NewAsync(server);
        using var content = new StringContent("{}", Encoding.UTF8, type);
        (await client.SendContentAsync(HttpMethod.Post, ManagementClient.Root + "flows", content)).ShouldBeProblem(415);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413()
    {
        using var client = await ManagementClient.NewAsync(server);

        // The client asks before it sends, as curl does: who sends without asking may be cut off before it sees the answer.
        client.Http.DefaultRequestHeaders.ExpectContinue = true;
        (await client.PostAsync("flows", $$"""{"name":"{{new string('x', 6_000_000)}}"}""")).ShouldBeProblem(413).Text.ShouldContain("Request body is too large.");
    }

    [Fact]
    public async Task A_problem_names_the_request()
    {
        using var client = await ManagementClient.NewAsync(server);
        client.Http.DefaultRequestHeaders.Add("X-Request-Id", "asked-here");
        foreach (var answer in new[] { await client.GetAsync("nowhere"), await client.PostAsync("flows", "{"), await client.PostAsync("flows", "{}") })
            answer.Body.GetProperty("request_id").GetString().ShouldBe("asked-here");
    }
}

/// <summary>What nobody foresaw: a database that lacks a table.</summary>
public sealed class UnexpectedFaultTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_fault_of_the_server_is_a_problem_without_a_word_about_its_inside()
    {
        using var client = await ManagementClient.NewAsync(server);
        await server.ExecuteAsync($"ALTER TABLE automations RENAME TO gone");
        var answer = await client.GetAsync("flows");
        answer.ShouldBeProblem(500);
        answer.Text.ShouldNotContain("automations");
    }
}
