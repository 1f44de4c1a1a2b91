using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Two servers whose clocks differ: the time of a contact's last change never runs backwards, whichever server changes it.</summary>
public sealed class ClockRaces : IAsyncLifetime, IAsyncDisposable
{
    private readonly TestServer _first = new();
    private readonly ManualClock _late = new();
    private NextServer _second = null!;
    private WeniClient _here = null!;
    private WeniClient _there = null!;

    public async Task InitializeAsync()
    {
        await _first.InitializeAsync();
        _late.Advance(TimeSpan.FromHours(-1));
        _second = await NextServer.StartAsync(_first, _late);
        var workspace = await _first.NewWorkspaceAsync();
        _here = new WeniClient(_first, workspace);
        _there = new WeniClient(_second, workspace);
    }

    public async ValueTask DisposeAsync()
    {
        _here.Dispose();
        _there.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task In_turns_every_change_is_later_than_the_one_before()
    {
        await _here.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        var times = new List<DateTime>();
        for (var round = 0; round < 20; round++)
            times.Add(TimeOf(await (round % 3 == 0 ? _here : _there).PostAsync("contacts.json?urn=ext:1", new { name = $"Name {round}" })));
        times.ShouldBe(times.Distinct().Order());
        (await _here.GetAsync("contacts.json?urn=ext:1")).Results[0]!["name"]!.ToString().ShouldBe("Name 19");
    }

    [Fact]
    public async Task At_once_the_answers_have_different_times_and_the_latest_is_stored()
    {
        await _here.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        for (var round = 0; round < 4; round++)
        {
            var replies = await Racing.RunAsync(32, number => (number % 2 == 0 ? _here : _there).PostAsync("contacts.json?urn=ext:1", new { name = $"{round} {number}" }));
            var last = replies.MaxBy(TimeOf)!;
            replies.Select(TimeOf).Distinct().Count().ShouldBe(replies.Length);
            var stored = (await _there.GetAsync("contacts.json?urn=ext:1")).Results.ShouldHaveSingleItem()!;
            (stored["modified_on"]!.GetValue<DateTime>(), stored["name"]!.ToString()).ShouldBe((TimeOf(last), last.Text("name")), "the last writer wins");
        }
    }

    [Fact]
    public async Task A_urn_taken_and_a_deletion_on_the_late_server_are_later_too()
    {
        var owner = await _here.MakeAsync("contacts.json", new { urns = new[] { "ext:1", "ext:2" } });
        var taker = await _here.MakeAsync("contacts.json", new { });
        var before = await LastChangeAsync(owner);
        (await _there.PostAsync($"contacts.json?uuid={taker}", new { urns = new[] { "ext:2" } })).Status.ShouldBe(200);
        var robbed = await LastChangeAsync(owner);
        robbed.ShouldBeGreaterThan(before, "who lost a URN has changed");
        (await _there.DeleteAsync($"contacts.json?uuid={owner}")).Status.ShouldBe(204);
        (await LastChangeAsync(owner, "&deleted=true")).ShouldBeGreaterThan(robbed);
    }

    [Fact]
    public async Task A_reader_who_asks_for_what_changed_since_misses_nothing_of_a_known_contact()
    {
        await _here.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        var seen = TimeOf(await _here.PostAsync("contacts.json?urn=ext:1", new { name = "Ana" }));
        (await _there.PostAsync("contacts.json?urn=ext:1", new { name = "Bia" })).Status.ShouldBe(200);
        (await _here.GetAsync($"contacts.json?after={seen:O}")).Results.ShouldHaveSingleItem()!["name"]!.ToString().ShouldBe("Bia");
    }

    private static DateTime TimeOf(WeniReply reply)
    {
        reply.Status.ShouldBe(200, reply.Body);
        return reply.Json!["modified_on"]!.GetValue<DateTime>();
    }

    private async Task<DateTime> LastChangeAsync(string uuid, string more = "") =>
        (await _here.GetAsync($"contacts.json?uuid={uuid}{more}")).Results.ShouldHaveSingleItem()!["modified_on"]!.GetValue<DateTime>();
}
