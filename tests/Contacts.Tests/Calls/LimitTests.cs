using Contacts.Calls;
using Contacts.Core;
using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Calls;

/// <summary>What is recorded stays within its limits, and what is left out is counted.</summary>
public sealed class LimitTests(LimitTests.NarrowServer server) : IClassFixture<LimitTests.NarrowServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public void A_budget_is_one_second_long()
    {
        var budget = new CallBudget(3);
        Enumerable.Range(0, 5).Select(_ => budget.Take(7)).ShouldBe([true, true, true, false, false]);
        budget.Take(8).ShouldBeTrue();
        Parallel.For(0, 1000, _ => budget.Take(9));
        budget.Take(9).ShouldBeFalse();
    }

    [Fact]
    public void A_budget_is_halved_while_a_crowd_comes()
    {
        var budget = new CallBudget(10);
        int Kept(long second, int calls) => Enumerable.Range(0, calls).Count(_ => budget.Take(second));
        Kept(1, 20).ShouldBe(10);
        Kept(2, 21).ShouldBe(10);
        Kept(3, 100).ShouldBe(5);
        Kept(4, 20).ShouldBe(5);
        Kept(5, 20).ShouldBe(10);
        Kept(6, 100).ShouldBe(10);
        Kept(8, 100).ShouldBe(10, "a second without calls lies between");
    }

    [Fact]
    public void A_budget_is_exact_under_any_number_of_threads()
    {
        var budget = new CallBudget(500);
        var taken = 0;
        Parallel.For(0, 5000, _ =>
        {
            if (budget.Take(1))
                Interlocked.Increment(ref taken);
        });
        taken.ShouldBe(500);
    }

    [Fact]
    public void A_full_queue_takes_nothing_and_never_waits()
    {
        using var queue = new CallQueue(maxCalls: 2, maxBytes: 100_000);
        var call = server.Services.GetRequiredService<CallMeter>().Begin(null);
        Enumerable.Range(0, 3).Select(_ => queue.TryAdd(call)).ShouldBe([true, true, false]);
        queue.TryTake(out _).ShouldBeTrue();
        call.TakeBody(new byte[90_000]);
        using var small = new CallQueue(maxCalls: 10, maxBytes: 100_000);
        Enumerable.Range(0, 2).Select(_ => small.TryAdd(call)).ShouldBe([true, false]);
        small.TryTake(out _).ShouldBeTrue();
        small.TryAdd(call).ShouldBeTrue("there is room again");
    }

    /// <summary>The clock stands still, so all of it is one second.</summary>
    [Fact]
    public async Task Calls_beyond_the_budget_are_counted_and_a_flood_of_one_kind_hides_no_other()
    {
        using var observer = await Observer.NewAsync(server);
        for (var number = 0; number < 15; number++)
            await observer.SendAsync("GET", Contacts);
        for (var number = 0; number < 4; number++)
            await observer.SendAsync("POST", Contacts, "{");
        await server.Services.GetRequiredService<CallWriter>().FlushAsync(CancellationToken.None);
        (await observer.ListAsync("?status=200")).Length.ShouldBe(10);
        (await observer.ListAsync("?errors=true")).Length.ShouldBe(2);
        var minute = (await observer.Api.GetAsync("calls/minutes")).Body.GetProperty("results")[0];
        (minute.GetProperty("calls").GetInt32(), minute.GetProperty("left_out").GetInt32()).ShouldBe((19, 7));
        (minute.GetProperty("statuses").GetProperty("2xx").GetInt32(), minute.GetProperty("statuses").GetProperty("4xx").GetInt32()).ShouldBe((15, 4));
    }

    [Theory]
    [InlineData(1_000, 7, 200, 1_000)]
    [InlineData(100_000, 7, 1, 2_000)]
    [InlineData(100_000, 2, 200, 2_880)]
    [InlineData(100_000, 7, 200, 5_000)]
    public async Task The_cleaner_holds_count_age_and_size(int calls, int days, int megabytes, int expected)
    {
        var workspace = await server.NewWorkspaceAsync(settings => (settings.RecordedCalls, settings.RecordedDays, settings.RecordedMegabytes) = (calls, days, megabytes));
        var started = server.Hands.GetUtcNow().UtcDateTime;

        // A call a minute, of 500 bytes each.
        await using (var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace.Id))
        {
            for (var number = 0; number < 5_000; number++)
                Add(db, workspace.Id, started.AddMinutes(-number));
            await db.SaveChangesAsync();
        }

        var cleaner = ActivatorUtilities.CreateInstance<CallLogCleaner>(server.Services);
        await cleaner.CleanAsync(CancellationToken.None);
        (await CountAsync(workspace)).ShouldBeInRange((int)(expected * 0.9), (int)(expected * 1.1));
        await ActivatorUtilities.CreateInstance<CallLogCleaner>(server.Services).CleanAsync(CancellationToken.None);
        (await CountAsync(workspace)).ShouldBeInRange((int)(expected * 0.9), (int)(expected * 1.1), "another round takes nothing more");
    }

    [Fact]
    public async Task A_limit_within_one_minute_is_held_too()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.RecordedCalls = 300);
        var started = server.Hands.GetUtcNow().UtcDateTime;
        await using (var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace.Id))
        {
            for (var number = 0; number < 1_000; number++)
                db.Add(CallOf(workspace.Id, started.AddMilliseconds(number)));
            db.Add(MinuteOf(workspace.Id, started, 1_000));
            await db.SaveChangesAsync();
        }

        await ActivatorUtilities.CreateInstance<CallLogCleaner>(server.Services).CleanAsync(CancellationToken.None);
        (await CountAsync(workspace)).ShouldBe(300);
    }

    [Fact]
    public async Task No_count_is_lost_while_counts_are_moved()
    {
        const int each = 50_000;
        var minutes = new CallMinutes(TimeProvider.System);
        var home = Guid.NewGuid();
        var now = DateTime.UtcNow;
        var counting = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var number = 0; number < each; number++)
                minutes.CountKept(Guid.Empty, now, 403, 1);
        })));
        while (!counting.IsCompleted)
            minutes.Move(Guid.Empty, home);
        await counting;
        minutes.Move(Guid.Empty, home);
        minutes.Has(Guid.Empty).ShouldBeFalse();
        minutes.Unwritten().Sum(row => row.WorkspaceId == home ? row.Kept : 0).ShouldBe(2 * each);
    }

    [Fact]
    public void Percentiles_are_told_to_a_fifth()
    {
        var histogram = new int[Latencies.Buckets];
        for (var milliseconds = 1; milliseconds <= 1000; milliseconds++)
            histogram[Latencies.BucketOf(milliseconds * 1000L)]++;
        Latencies.Percentile(histogram, 0.5)!.Value.ShouldBeInRange(500, 710);
        Latencies.Percentile(histogram, 0.99)!.Value.ShouldBeInRange(990, 1420);
        Latencies.Percentile(new int[Latencies.Buckets], 0.5).ShouldBeNull();
        Latencies.BucketOf(0).ShouldBe(0);
        Latencies.BucketOf(long.MaxValue).ShouldBe(Latencies.Buckets - 1);
    }

    private static void Add(ContactsDb db, Guid workspaceId, DateTime time)
    {
        db.Add(CallOf(workspaceId, time));
        db.Add(MinuteOf(workspaceId, time, 1));
    }

    private static RecordedCall CallOf(Guid workspaceId, DateTime time) => new()
    {
        WorkspaceId = workspaceId,
        Id = RowId.At(time),
        Dialect = "weni",
        Method = "GET",
        Path = "/",
        Status = 200,
        DurationUs = 1,
        RequestId = "1",
        Flags = CallFlags.None,
        Size = 500,
        BodySize = 0,
        AnswerSize = 0,
        RequestHeaders = "{}",
        AnswerHeaders = "{}",
    };

    private static CallMinute MinuteOf(Guid workspaceId, DateTime time, int calls) => new()
    {
        WorkspaceId = workspaceId,
        Minute = new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc),
        ServerId = Guid.CreateVersion7(),
        StatusClass = 2,
        Count = calls,
        LeftOut = 0,
        Kept = calls,
        KeptBytes = calls * 500L,
        ContactsCreated = 0,
        ContactsDeleted = 0,
        Histogram = new int[Latencies.Buckets],
    };

    private async Task<int> CountAsync(TestWorkspace workspace)
    {
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace.Id);
        return await db.RecordedCalls.CountAsync();
    }

    /// <summary>A server that records ten calls a second, in a second that never ends.</summary>
    public sealed class NarrowServer : TestServer
    {
        public ManualClock Hands { get; } = new();

        protected override TimeProvider Clock => Hands;

        protected override bool WorksInBackground => false;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Calls:PerSecond"] = "10" };
    }
}
