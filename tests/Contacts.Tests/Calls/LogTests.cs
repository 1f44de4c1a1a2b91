using System.Diagnostics;
using System.Text.Json;
using Contacts.Calls;
using Contacts.Data;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Calls;

/// <summary>Listing, reading, waiting for and deleting recorded calls.</summary>
public sealed class LogTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public async Task Filters_combine()
    {
        using var observer = await Observer.NewAsync(server);
        var before = DateTime.UtcNow.AddSeconds(-1);
        await observer.SendAsync("GET", Contacts + "?name=50%25_off");
        await observer.SendAsync("POST", Contacts, """{"language":"xxx"}""");
        await observer.SendAsync("POST", "/api/v2/groups.json", """{"name":"Devs"}""");
        await observer.Api.GetAsync("workspace");
        await observer.WaitAsync(1, "\"dialect\":\"management\"");
        foreach (var (query, expected) in new (string Query, int Expected)[]
        {
            ("", 4), ("?status=200", 2), ("?status=4xx", 1), ("?status=2XX", 3), ("?method=post", 2), ("?path=CONTACTS", 2), ("?dialect=weni", 3), ("?errors=true", 1),
            ("?text=iso639", 1), ("?text=DEVS", 1), ("?text=50%2525_off", 1), ("?text=50%25%25off", 0), ("?text=%5C", 0), ($"?since={before:O}", 4), ($"?until={before:O}", 0),
            ($"?since={before:O}&method=POST&status=201", 1), ($"?token={Guid.NewGuid()}", 0), ($"?contact={Guid.NewGuid()}", 0),
        })
        {
            (await observer.ListAsync(query)).Length.ShouldBe(expected, query);
        }
    }

    [Theory]
    [InlineData("?status=6xx", "status")]
    [InlineData("?status=20", "status")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=251", "limit")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?since=yesterday", "since")]
    [InlineData("?token=1", "token")]
    [InlineData("?text=%00", "text")]
    public async Task A_wrong_filter_is_named(string query, string attribute)
    {
        using var observer = await Observer.NewAsync(server);
        (await observer.Api.GetAsync("calls" + query)).ShouldBeProblem(400).Faults(attribute).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_go_from_the_last_call_to_the_first_and_back()
    {
        using var observer = await Observer.NewAsync(server);
        for (var number = 0; number < 7; number++)
            await observer.SendAsync("GET", $"{Contacts}?name={number}");
        await observer.WaitAsync(7);
        var seen = new List<string?>();
        var page = await observer.Api.GetAsync("calls?limit=3");
        while (true)
        {
            seen.AddRange(page.Body.GetProperty("results").EnumerateArray().Select(call => call.Text("query")));
            if (page.Body.Text("next") is not { } next || next == "null")
                break;
            page = await observer.Api.GetAsync($"calls?limit=3&cursor={next}");
        }

        seen.ShouldBe(Enumerable.Range(0, 7).Reverse().Select(number => $"?name={number}"));
        var back = await observer.Api.GetAsync($"calls?limit=3&cursor={page.Body.Text("previous")}");
        back.Body.GetProperty("results").EnumerateArray().Select(call => call.Text("query")).ShouldBe(["?name=3", "?name=2", "?name=1"]);
    }

    [Fact]
    public async Task Nothing_of_another_workspace_is_seen_or_deleted()
    {
        using var one = await Observer.NewAsync(server);
        using var other = await Observer.NewAsync(server);
        await one.SendAsync("GET", Contacts);
        var call = (await one.WaitAsync(1))[0];
        (await other.ListAsync()).ShouldBeEmpty();
        (await other.Api.GetAsync($"calls/{call.Text("uuid")}")).ShouldBeProblem(404);
        (await other.Api.PostAsync("calls/wait", """{"timeout_ms":1}""")).ShouldBeProblem(408);
        (await other.Api.DeleteAsync("calls")).Status.ShouldBe(204);
        (await other.Api.GetAsync("calls/minutes")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
        (await one.ListAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Waiting_ends_when_the_call_comes()
    {
        using var observer = await Observer.NewAsync(server);
        var waiting = observer.WaitAsync(2, "\"method\":\"POST\",\"path\":\"contacts\"");
        await observer.SendAsync("GET", Contacts);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana"}""");
        waiting.IsCompleted.ShouldBeFalse();
        var began = Stopwatch.GetTimestamp();
        await observer.SendAsync("POST", Contacts, """{"name":"Bia"}""");
        (await waiting).Select(call => call.Text("method")).ShouldBe(["POST", "POST"]);
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_call_of_another_server_is_seen_as_well()
    {
        await using var second = await NextServer.StartAsync(server, TimeProvider.System);
        using var observer = await Observer.NewAsync(server);
        using var there = second.NewClient(observer.Token);
        var waiting = observer.WaitAsync(1);
        (await there.GetAsync(Contacts)).EnsureSuccessStatusCode();
        (await waiting).ShouldHaveSingleItem().Text("path").ShouldBe(Contacts);
    }

    [Fact]
    public async Task A_time_that_is_over_is_a_problem_with_what_came()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("GET", Contacts);
        await observer.WaitAsync(1);
        var late = (await observer.Api.PostAsync("calls/wait", """{"count":2,"timeout_ms":300}""")).ShouldBeProblem(408);
        late.Body.GetProperty("matched").GetInt32().ShouldBe(1);
        (await observer.Api.PostAsync("calls/wait", $$"""{"since":"{{DateTime.UtcNow.AddSeconds(5):O}}","timeout_ms":1}""")).ShouldBeProblem(408);
    }

    [Theory]
    [InlineData("""{"count":0}""", "count")]
    [InlineData("""{"count":"1"}""", "count")]
    [InlineData("""{"timeout_ms":60001}""", "timeout_ms")]
    [InlineData("""{"status":"abc"}""", "status")]
    [InlineData("""{"token":"abc"}""", "token")]
    [InlineData("""{"since":"soon"}""", "since")]
    [InlineData("""{"errors":1}""", "errors")]
    [InlineData("""{"pth":"x"}""", "pth")]
    [InlineData("[]", "body")]
    public async Task A_wrong_wait_is_refused(string body, string attribute)
    {
        using var observer = await Observer.NewAsync(server);
        (await observer.Api.PostAsync("calls/wait", body)).ShouldBeProblem(400).Faults(attribute).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Only_so_many_wait_at_once_and_one_workspace_leaves_room_for_others()
    {
        using var observer = await Observer.NewAsync(server);
        using var other = await Observer.NewAsync(server);
        var seats = server.Services.GetRequiredService<CallLog>().Waiting;
        var taken = 0;
        while (seats.TryTake(observer.WorkspaceId))
            taken++;
        taken.ShouldBe(CallLog.MaxWaiting / 2);
        var refused = (await observer.Api.PostAsync("calls/wait", """{"timeout_ms":1}""")).ShouldBeProblem(503);
        refused.Response.Headers.RetryAfter.ShouldNotBeNull();
        (await other.Api.PostAsync("calls/wait", """{"timeout_ms":1}""")).ShouldBeProblem(408);
        for (; taken > 0; taken--)
            seats.Leave(observer.WorkspaceId);
        (await observer.Api.PostAsync("calls/wait", """{"timeout_ms":1}""")).ShouldBeProblem(408);
        (await observer.Api.PostAsync("calls/wait", """{"timeout_ms":1}""")).ShouldBeProblem(408);
    }

    [Fact]
    public void Seats_are_as_many_as_were_said()
    {
        var seats = new Seats(4);
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToArray();
        Enumerable.Range(0, 3).Select(_ => seats.TryTake(ids[0])).ShouldBe([true, true, false]);
        Enumerable.Range(0, 2).Select(_ => seats.TryTake(ids[1])).ShouldBe([true, true]);
        seats.TryTake(ids[2]).ShouldBeFalse();
        seats.Leave(ids[0]);
        seats.TryTake(ids[2]).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_waits_while_calls_keep_coming_rests_between_two_searches()
    {
        var made = await server.NewWorkspaceAsync();
        var workspace = (await server.Services.GetRequiredService<WorkspaceService>().ListAsync(CancellationToken.None)).Single(one => one.Id == made.Id);
        var contexts = new CountedContexts(server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>());
        var feed = new CallFeed();
        using var queue = new CallQueue(1, 1);
        var log = new CallLog(
            contexts, server.Services.GetRequiredService<DatabaseWatch>(), queue, server.Services.GetRequiredService<CallWriter>(), feed, TimeProvider.System);
        var waiting = log.WaitAsync(workspace, new CallQuery(), 1, TimeSpan.FromSeconds(1), CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            feed.Announce(workspace.Id);
            await Task.Delay(1);
        }

        (await waiting).IsComplete.ShouldBeFalse();
        contexts.Count.ShouldBeInRange(2, 25);
    }

    [Fact]
    public async Task Deleted_calls_are_gone_and_later_ones_are_kept()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", "/api/v2/contacts_bulk.json", """{"contacts":[{"urn":"ext:1"},{"urn":"ext:2"}]}""");
        (await observer.Api.DeleteAsync("calls")).Status.ShouldBe(204, "also what was not written yet is gone");
        await observer.SendAsync("GET", Contacts);
        (await observer.WaitAsync(1)).ShouldHaveSingleItem().Text("method").ShouldBe("GET");
    }

    [Fact]
    public async Task A_server_that_stops_writes_what_waits()
    {
        using var observer = await Observer.NewAsync(server);
        await using (var second = await NextServer.StartAsync(server, TimeProvider.System))
        {
            using var there = second.NewClient(observer.Token);
            await Racing.RunAsync(100, async number => (int)(await there.GetAsync($"{Contacts}?name={number}")).StatusCode);
        }

        (await observer.ListAsync("?limit=250")).Length.ShouldBe(100);
        var minutes = (await observer.Api.GetAsync("calls/minutes")).Body.GetProperty("results").EnumerateArray();
        minutes.Sum(minute => minute.GetProperty("calls").GetInt32()).ShouldBe(100);
    }

    /// <summary>Somebody holds the whole table, as a migration would.</summary>
    [Fact]
    public async Task While_the_record_cannot_be_read_or_written_calls_go_on_and_searches_are_ended()
    {
        using var observer = await Observer.NewAsync(server);
        await using (var connection = await server.Services.GetRequiredService<BookConnections>().Book.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand("LOCK TABLE request_log IN ACCESS EXCLUSIVE MODE", connection))
                await hold.ExecuteNonQueryAsync();
            var began = Stopwatch.GetTimestamp();
            for (var number = 0; number < 20; number++)
                (await observer.SendAsync("POST", $"{Contacts}?urn=ext:{number}", "{}")).EnsureSuccessStatusCode();
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(4));
            (await observer.Api.GetAsync("calls")).ShouldBeProblem(422).Text.ShouldContain("Narrow it down");
        }

        (await observer.WaitAsync(20)).Length.ShouldBe(20, "they waited");
    }

    [Fact]
    public async Task Minutes_count_contacts_and_tell_percentiles()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", "{}");
        await observer.SendAsync("POST", Contacts + "?urn=ext:2", "{}");
        await observer.SendAsync("DELETE", Contacts + "?urn=ext:1");
        JsonElement[] minutes = [];
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                minutes = [.. (await observer.Api.GetAsync("calls/minutes")).Body.GetProperty("results").EnumerateArray()];
                return minutes.Sum(minute => minute.GetProperty("contacts_deleted").GetInt32()) == 1;
            },
            "counts are written");
        minutes.Sum(minute => minute.GetProperty("contacts_created").GetInt32()).ShouldBe(2);
        minutes.ShouldAllBe(minute => minute.GetProperty("p50_ms").GetDouble() > 0 && minute.GetProperty("p99_ms").GetDouble() >= minute.GetProperty("p50_ms").GetDouble());
    }

    /// <summary>Counts the searches.</summary>
    private sealed class CountedContexts(IDbContextFactory<ContactsDb> contexts) : IDbContextFactory<ContactsDb>
    {
        private int _count;

        public int Count => _count;

        public ContactsDb CreateDbContext()
        {
            Interlocked.Increment(ref _count);
            return contexts.CreateDbContext();
        }
    }
}
