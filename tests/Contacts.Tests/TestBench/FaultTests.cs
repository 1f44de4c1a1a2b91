using System.Text.Json.Nodes;
using Contacts.TestBench;
using Contacts.Tests.Management;
using Contacts.Tests.Support;

namespace Contacts.Tests.TestBench;

/// <summary>Every effect of a fault over real HTTP, in both dialects; what it hits, how often, and how long.</summary>
public sealed class FaultTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("weni", 400, """{"detail":"Bad Request."}""")]
    [InlineData("weni", 404, """{"detail":"Not found."}""")]
    [InlineData("weni", 429, """{"detail":"Request was throttled. Expected available in 7 seconds."}""")]
    [InlineData("weni", 500, """{"detail":"Internal server error."}""")]
    [InlineData("weni", 502, """{"detail":"Bad Gateway."}""")]
    [InlineData("weni", 503, """{"detail":"Service unavailable, try again in a moment."}""")]
    [InlineData("weni", 599, """{"detail":"Error."}""")]
    [InlineData("whaapy", 401, """{"error":"unauthorized","message":"API key inválida"}""")]
    [InlineData("whaapy", 404, """{"error":"not_found","message":"Contacto no encontrado"}""")]
    [InlineData("whaapy", 429, """{"error":"rate_limit_exceeded","message":"Demasiadas solicitudes. Intenta de nuevo en 7 s"}""")]
    [InlineData("whaapy", 502, """{"error":"internal_error","message":"Error interno del servidor"}""")]
    [InlineData("whaapy", 503, """{"error":"service_unavailable","message":"Servicio no disponible. Intenta de nuevo en un momento"}""")]
    public async Task A_status_comes_in_the_dialects_own_words_and_nothing_is_done(string dialect, int status, string body)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        var fault = await api.BreakAsync(new { effect = "status", status, retry_after_seconds = 7 });
        var answer = await api.MakeAsync();
        (answer with { Duration = default }).ShouldBe(new BrokenAnswer(status, body, fault, "7", default));
        (await api.CountAsync(server)).ShouldBe(0);
        (await api.Manage.DeleteAsync("faults/" + fault)).Status.ShouldBe(204);
        (await api.MakeAsync()).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("weni")]
    [InlineData("whaapy")]
    public async Task A_429_has_a_retry_after_without_being_told(string dialect)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        await api.BreakAsync(new { effect = "status", status = 429 });
        (await api.ListAsync()).RetryAfter.ShouldBe("1");
    }

    [Theory]
    [InlineData("weni")]
    [InlineData("whaapy")]
    public async Task Latency_delays_the_call_and_then_it_is_carried_out(string dialect)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        await api.BreakAsync(new { effect = "latency", latency_ms = 400, jitter_ms = 100 });
        var answer = await api.MakeAsync();
        answer.Status.ShouldBe(201);
        answer.Duration.TotalMilliseconds.ShouldBeGreaterThan(295);
    }

    [Theory]
    [InlineData("weni")]
    [InlineData("whaapy")]
    public async Task A_connection_that_is_cut_before_the_work_leaves_it_undone(string dialect)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        await api.BreakAsync(new { effect = "cut_before", times = 1 });
        (await api.MakeAsync()).Status.ShouldBe(0);
        (await api.CountAsync(server)).ShouldBe(0);
        (await api.MakeAsync()).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("weni")]
    [InlineData("whaapy")]
    public async Task A_connection_that_is_cut_after_the_work_loses_the_answer_only(string dialect)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        await api.BreakAsync(new { effect = "cut_after", times = 1 });
        (await api.MakeAsync()).Status.ShouldBe(0);
        (await api.CountAsync(server)).ShouldBe(1);
        (await api.MakeAsync()).Status.ShouldBe(dialect == "weni" ? 400 : 409, "the number is somebody's by now");
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_to_the_same_key()
    {
        using var api = await BrokenApi.NewAsync(server, "weni");
        await api.BreakAsync(new { effect = "cut_after", method = "post", times = 1 });
        (await api.MakeAsync(key: "once")).Status.ShouldBe(0);
        (await api.MakeAsync(key: "once")).Status.ShouldBe(201);
        (await api.CountAsync(server)).ShouldBe(1);
    }

    [Theory]
    [InlineData("weni")]
    [InlineData("whaapy")]
    public async Task A_slow_body_comes_whole_at_its_speed(string dialect)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        (await api.MakeAsync()).Status.ShouldBe(201);
        var usual = await api.ListAsync();
        await api.BreakAsync(new { effect = "slow_body", bytes_per_second = usual.Body.Length });
        var slow = await api.ListAsync();
        slow.Body.ShouldBe(usual.Body);
        slow.Duration.TotalSeconds.ShouldBeInRange(0.9, 5);
        await api.BreakAsync(new { effect = "status", status = 503 });
        JsonNode.Parse((await api.ListAsync()).Body).ShouldNotBeNull("effects add up");
    }

    [Fact]
    public async Task Effects_of_several_faults_add_up_and_the_answer_names_them()
    {
        using var api = await BrokenApi.NewAsync(server, "weni");
        var first = await api.BreakAsync(new { effect = "latency", latency_ms = 100 });
        var second = await api.BreakAsync(new { effect = "latency", latency_ms = 150 });
        var third = await api.BreakAsync(new { effect = "status", status = 503 });
        var answer = await api.ListAsync();
        answer.Duration.TotalMilliseconds.ShouldBeGreaterThan(245);
        (answer.Status, answer.Fault).ShouldBe((503, $"{first}, {second}, {third}"));
    }

    [Fact]
    public async Task A_number_of_times_is_exact_over_two_servers()
    {
        await using var second = await NextServer.StartAsync(server, TimeProvider.System);
        using var here = await BrokenApi.NewAsync(server, "weni");
        using var there = await BrokenApi.OfAsync(second, "weni", here.Manage.Workspace);
        await here.BreakAsync(new { effect = "status", status = 503, times = 7 });
        var answers = await Racing.RunAsync(60, number => number % 2 == 0 ? here.ListAsync() : there.ListAsync());
        answers.Count(answer => answer.Status == 503).ShouldBe(7);
        answers.Count(answer => answer.Status == 200).ShouldBe(53);
        (await here.Manage.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(0, "what was used up is over");
    }

    [Fact]
    public async Task Another_server_follows_within_two_seconds()
    {
        await using var second = await NextServer.StartAsync(server, TimeProvider.System);
        using var here = await BrokenApi.NewAsync(server, "whaapy");
        using var there = await BrokenApi.OfAsync(second, "whaapy", here.Manage.Workspace);
        (await there.ListAsync()).Status.ShouldBe(200);
        await here.BreakAsync(new { effect = "status", status = 500 });
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await there.ListAsync()).Status.ShouldBe(500);
        (await here.Manage.DeleteAsync("faults")).Status.ShouldBe(204);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await there.ListAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_share_of_the_calls_is_hit()
    {
        using var api = await BrokenApi.NewAsync(server, "weni");
        await api.BreakAsync(new { effect = "status", status = 503, share = 50 });
        var answers = await Racing.RunAsync(200, _ => api.ListAsync());
        answers.Count(answer => answer.Status == 503).ShouldBeInRange(60, 140);
    }

    [Fact]
    public async Task Only_calls_of_the_path_and_method_are_hit_and_the_management_never_is()
    {
        using var api = await BrokenApi.NewAsync(server, "weni");
        await api.BreakAsync(new { effect = "status", status = 503, path = "/api/v2/contacts", method = "GET" });
        await api.BreakAsync(new { effect = "status", status = 502, path = "*groups*" });
        (await api.ListAsync()).Status.ShouldBe(503);
        (await api.MakeAsync()).Status.ShouldBe(201);
        (await api.SendAsync(HttpMethod.Get, "/api/v2/groups.json")).Status.ShouldBe(502);
        (await api.SendAsync(HttpMethod.Get, "/api/v2/fields.json")).Status.ShouldBe(200);
        await api.BreakAsync(new { effect = "cut_before" });
        (await api.Manage.GetAsync("faults")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Another_workspace_is_not_hit()
    {
        using var api = await BrokenApi.NewAsync(server, "weni");
        using var other = await BrokenApi.NewAsync(server, "weni");
        var fault = await api.BreakAsync(new { effect = "status", status = 503 });
        (await other.ListAsync()).Status.ShouldBe(200);
        (await other.Manage.DeleteAsync("faults/" + fault)).ShouldBeProblem(404);
        (await other.Manage.DeleteAsync("faults")).Status.ShouldBe(204);
        (await other.Manage.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
        (await api.ListAsync()).Status.ShouldBe(503);
    }

    [Theory]
    [InlineData("status", 503)]
    [InlineData("cut_before", 0)]
    public async Task What_an_older_fault_leaves_nothing_to_do_is_not_spent(string effect, int status)
    {
        using var api = await BrokenApi.NewAsync(server, "weni");
        await api.BreakAsync(effect == "status" ? new { effect, status = 503, times = 1 } : (object)new { effect, times = 1 });
        var younger = await api.BreakAsync(new { effect = "status", status = 502, times = 1 });
        (await api.MakeAsync()).Status.ShouldBe(status);
        var answer = await api.ListAsync();
        answer.Status.ShouldBe(502);
        answer.Fault.ShouldBe(younger);
        (await api.ListAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task They_are_listed_with_what_is_left_of_them()
    {
        using var api = await BrokenApi.NewAsync(server, "whaapy");
        await api.BreakAsync(new { effect = "status", status = 503, times = 3, path = "/contacts", method = "GET", seconds = 60 });
        (await api.ListAsync()).Status.ShouldBe(503);
        var listed = (await api.Manage.GetAsync("faults")).Body.GetProperty("results")[0];
        listed.GetProperty("left").GetInt32().ShouldBe(2);
        listed.GetProperty("effect").GetString().ShouldBe("status");
        (listed.GetProperty("ends_on").GetDateTime() - listed.GetProperty("created_on").GetDateTime()).TotalSeconds.ShouldBe(60);
        listed.TryGetProperty("latency_ms", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task All_that_is_wrong_with_one_is_told_at_once()
    {
        using var client = await ManagementClient.NewAsync(server);
        var refused = (await client.PostAsync(
            "faults",
            """{"effect":"status","path":"contacts","method":"TAKE","share":0,"latency_ms":5,"seconds":86401,"times":0,"retry_after_seconds":-1,"when":"now"}"""))
            .ShouldBeProblem(400);
        foreach (var attribute in new[] { "status", "path", "method", "share", "latency_ms", "seconds", "times", "retry_after_seconds", "when" })
            refused.Faults(attribute).ShouldHaveSingleItem(attribute);
        (await client.PostAsync("faults", "{}")).ShouldBeProblem(400).Faults("effect").ShouldHaveSingleItem();
        (await client.PostAsync("faults", """{"effect":"duplicate_deliveries","path":"/"}""")).ShouldBeProblem(400).Faults("path").ShouldHaveSingleItem();
        (await client.PostAsync("faults", """{"effect":"latency","latency_ms":5,"jitter_ms":6}""")).ShouldBeProblem(400).Faults("jitter_ms").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task There_may_be_fifty()
    {
        using var client = await ManagementClient.NewAsync(server);
        for (var number = 0; number < Fault.MaxCount; number++)
            (await client.PostAsync("faults", """{"effect":"cut_before","path":"/nowhere"}""")).Status.ShouldBe(201);
        (await client.PostAsync("faults", """{"effect":"cut_before"}""")).ShouldBeProblem(409);
    }

    [Theory]
    [InlineData("/", "GET", "/contacts/v1", true)]
    [InlineData("/contacts/v1", "GET", "/contacts/v1/tags", true)]
    [InlineData("/CONTACTS", "get", "/contacts/v1", true)]
    [InlineData("/contacts/*/merge", "GET", "/contacts/v1/7/merge", true)]
    [InlineData("/contacts/*/merge", "GET", "/contacts/v1/7", false)]
    [InlineData("*.json", "GET", "/api/v2/groups.json", true)]
    [InlineData("/api/v?/*", "GET", "/api/v2/groups.json", true)]
    [InlineData("/api/v?", "GET", "/api/v2/groups.json", false)]
    [InlineData("/contacts", "POST", "/contacts/v1", false)]
    public void Paths_are_beginnings_or_patterns(string pattern, string method, string path, bool matches)
    {
        var fault = new Fault
        {
            WorkspaceId = Guid.Empty,
            Id = Guid.Empty,
            Effect = FaultEffect.CutBefore,
            Path = pattern,
            Method = "GET",
            Share = 100,
            CreatedBy = "tests",
            CreatedOn = DateTime.UtcNow,
            EndsOn = DateTime.UtcNow,
        };
        fault.Matches(method, path).ShouldBe(matches);
    }
}
