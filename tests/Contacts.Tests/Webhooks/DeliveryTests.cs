using Contacts.Tests.Support;
using Contacts.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Webhooks;

/// <summary>How events arrive, and what receivers may do to them. The clock stands still unless a test moves it, so that pauses end when it says so.</summary>
public sealed class DeliveryTests(DeliveryTests.HastyServer server) : IClassFixture<DeliveryTests.HastyServer>
{
    [Fact]
    public async Task The_events_of_a_contact_come_in_order()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = (told, _) => Task.Delay(told.Body.Length % 7);
        for (var round = 0; round < 20; round++)
            await Task.WhenAll(Enumerable.Range(0, 5).Select(contact => subscriber.UpsertAsync($"ext:{contact}", new { name = $"{contact} {round:00}" })));
        var told = await subscriber.Receiver.UntilAsync(100);
        foreach (var contact in told.GroupBy(one => one.ContactId))
            contact.Select(one => one.Data("name")).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        told.Select(one => one.DeliveryId).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public async Task A_receiver_that_hangs_delays_nobody_else()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await using var hanging = await Receiver.StartAsync();
        hanging.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await subscriber.AddAsync(hanging.Url, "*");
        for (var contact = 0; contact < 40; contact++)
            await subscriber.UpsertAsync($"ext:{contact}", new { name = "Ana" });
        (await subscriber.Receiver.UntilAsync(40)).Length.ShouldBe(40);
        hanging.All.Length.ShouldBeLessThan(40, "it takes so many at once and no more");
    }

    [Fact]
    public async Task A_failed_event_holds_back_its_own_contact_only_and_comes_again_as_it_was()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = (told, context) =>
        {
            context.Response.StatusCode = told.Data("name") == "Bad 1" ? 500 : 200;
            return Task.CompletedTask;
        };
        await subscriber.UpsertAsync("ext:bad", new { name = "Bad 1" });
        await subscriber.LogAsync(attempts: 1);
        await subscriber.UpsertAsync("ext:bad", new { name = "Bad 2" });
        await subscriber.UpsertAsync("ext:good", new { name = "Good" });
        await subscriber.LogAsync(attempts: 2);
        subscriber.Receiver.All.Select(told => told.Data("name")).ShouldBe(["Bad 1", "Good"]);

        subscriber.Receiver.AnswerWith(200);
        server.Hands.Advance(TimeSpan.FromSeconds(6));
        var told = await subscriber.Receiver.UntilAsync(4);
        told.Select(one => one.Data("name")).ShouldBe(["Bad 1", "Good", "Bad 1", "Bad 2"]);
        told[2].DeliveryId.ShouldBe(told[0].DeliveryId);
        told[2].Body.ShouldBe(told[0].Body);
        told[2].Headers["webhook-id"].ShouldBe(told[0].Headers["webhook-id"]);
        var log = await subscriber.LogAsync(attempts: 4);
        log.Select(attempt => attempt.GetProperty("attempt").GetInt32()).Order().ShouldBe([1, 1, 1, 2]);
        log.Select(attempt => attempt.GetProperty("error").GetString()).Order(StringComparer.Ordinal).ShouldBe([null, null, null, "Answered 500."]);
    }

    [Theory]
    [InlineData(400, "Answered 400.")]
    [InlineData(503, "Answered 503.")]
    [InlineData(302, "Answered 302; redirects are not followed.")]
    public async Task Everything_but_a_2xx_is_a_failure(int status, string error)
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await using var elsewhere = await Receiver.StartAsync();
        subscriber.Receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url;
            return context.Response.WriteAsync("no");
        };
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var attempt = (await subscriber.LogAsync(attempts: 1))[0];
        attempt.GetProperty("status").GetInt32().ShouldBe(status);
        attempt.GetProperty("error").GetString().ShouldBe(error);
        attempt.GetProperty("answer").GetString().ShouldBe("no");
        elsewhere.All.ShouldBeEmpty();
        (await subscriber.WaitingAsync()).ShouldBe(1);
        (await subscriber.ReadAsync()).GetProperty("failures").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_failed()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var attempt = (await subscriber.LogAsync(attempts: 1))[0];
        attempt.GetProperty("error").GetString().ShouldBe("No answer within 1 seconds.");
        attempt.GetProperty("status").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        attempt.GetProperty("duration_ms").GetInt32().ShouldBeInRange(900, 10_000);
    }

    [Fact]
    public async Task A_dead_receiver_failed()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.Receiver.DisposeAsync();
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        (await subscriber.LogAsync(attempts: 1))[0].GetProperty("error").GetString().ShouldBe("Connection refused");
    }

    [Fact]
    public async Task A_receiver_that_hangs_up_failed()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        (await subscriber.LogAsync(attempts: 1))[0].GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Of_an_answer_without_end_the_start_is_kept()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = async (_, context) =>
        {
            var chunk = new byte[16 * 1024];
            Array.Fill(chunk, (byte)'x');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        };
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var attempt = (await subscriber.LogAsync(attempts: 1))[0];
        attempt.GetProperty("error").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        attempt.GetProperty("answer").GetString().ShouldBe(new string('x', 1024));
        (await subscriber.WaitingAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_for_good_is_switched_off_at_once()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.AnswerWith(410);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await Subscriber.BecomesTrueAsync(async () => !(await subscriber.ReadAsync()).GetProperty("active").GetBoolean(), "it should be off");
        (await subscriber.ReadAsync()).GetProperty("off_reason").GetString().ShouldBe("The receiver answered 410: it is gone for good.");
    }

    [Fact]
    public async Task Ten_failures_in_a_row_switch_it_off_and_switched_on_it_sends_what_waited()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.AnswerWith(500);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        for (var attempts = 1; attempts <= 10; attempts++)
        {
            await subscriber.LogAsync(attempts);
            if (attempts == 5)
                await subscriber.UpsertAsync("ext:1", new { name = "Ana Maria" });
            server.Hands.Advance(TimeSpan.FromMinutes(50));
        }

        await Subscriber.BecomesTrueAsync(async () => !(await subscriber.ReadAsync()).GetProperty("active").GetBoolean(), "it should be off");
        var off = await subscriber.ReadAsync();
        off.GetProperty("off_reason").GetString().ShouldBe("10 deliveries failed in a row, the last one: Answered 500.");
        off.GetProperty("failures").GetInt32().ShouldBe(10);
        subscriber.Receiver.All.Length.ShouldBe(10);
        await subscriber.UpsertAsync("ext:2", new { name = "Not collected" });
        (await subscriber.WaitingAsync()).ShouldBe(2);

        subscriber.Receiver.AnswerWith(200);
        var on = await subscriber.Api.PatchAsync(subscriber.Path, """{"active":true}""");
        (on.Body.GetProperty("failures").GetInt32(), on.Body.GetProperty("off_reason").ValueKind).ShouldBe((0, System.Text.Json.JsonValueKind.Null));
        server.Hands.Advance(TimeSpan.FromHours(2));
        (await subscriber.Receiver.UntilAsync(12))[10..].Select(told => told.Data("name")).ShouldBe(["Ana", "Ana Maria"]);
        await subscriber.UntilEmptyAsync();
    }

    [Fact]
    public async Task Requests_that_fail_together_are_one_failure()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.Receiver.Answer = async (_, context) =>
        {
            if (subscriber.Receiver.All.Length >= 16)
                all.TrySetResult();
            await all.Task;
            context.Response.StatusCode = 500;
        };
        await Task.WhenAll(Enumerable.Range(0, 16).Select(contact => subscriber.UpsertAsync($"ext:{contact}", new { name = "Ana" })));
        await subscriber.LogAsync(attempts: 16);
        var webhook = await subscriber.ReadAsync();
        webhook.GetProperty("active").GetBoolean().ShouldBeTrue();
        webhook.GetProperty("failures").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_failed_fifteen_times_is_given_up()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = (told, context) =>
        {
            context.Response.StatusCode = told.Data("name") == "Bad" ? 500 : 200;
            return Task.CompletedTask;
        };
        await subscriber.UpsertAsync("ext:bad", new { name = "Bad" });
        for (var attempt = 1; attempt <= 15; attempt++)
        {
            // A success in between, so that the webhook stays on.
            await subscriber.LogAsync((2 * attempt) - 1);
            server.Hands.Advance(TimeSpan.FromMinutes(2));
            await subscriber.UpsertAsync("ext:good", new { name = $"Good {attempt}" });
            await subscriber.LogAsync(2 * attempt);
            server.Hands.Advance(TimeSpan.FromHours(23));
        }

        await subscriber.UntilEmptyAsync();
        var log = await subscriber.LogAsync();
        log.Count(attempt => attempt.GetProperty("status").GetInt32() == 500).ShouldBe(15);
        log.Select(attempt => attempt.GetProperty("error").GetString()).ShouldContain("Answered 500. Given up after 15 attempts.");
    }

    [Fact]
    public void The_pauses_grow_and_end_within_a_day()
    {
        var pauses = Enumerable.Range(1, Attempt.Most - 1).Select(number => Attempt.PauseAfter(number, chance: 0)).ToArray();
        pauses[0].ShouldBe(TimeSpan.FromSeconds(5));
        pauses.ShouldBeInOrder(SortDirection.Ascending);
        pauses.Aggregate((sum, pause) => sum + pause).ShouldBeInRange(TimeSpan.FromHours(20), TimeSpan.FromHours(24));
        Attempt.PauseAfter(1, chance: 1).ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task The_log_is_forgotten_by_age()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.LogAsync(attempts: 1);
        var cleaner = server.Services.GetRequiredService<WebhookCleaner>();
        server.Hands.Advance(TimeSpan.FromDays(29));
        await cleaner.CleanAsync(CancellationToken.None);
        (await subscriber.LogAsync()).Length.ShouldBe(1);
        server.Hands.Advance(TimeSpan.FromDays(2));
        await cleaner.CleanAsync(CancellationToken.None);
        (await subscriber.LogAsync()).ShouldBeEmpty();
    }

    /// <summary>A server with a clock that stands still and little patience.</summary>
    public sealed class HastyServer : TestServer
    {
        public ManualClock Hands { get; } = new();

        protected override TimeProvider Clock => Hands;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Webhooks:TimeoutSeconds"] = "1" };
    }
}
