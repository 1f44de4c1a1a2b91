using Contacts.TestBench;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>The bench's pages: faults and the clock by forms, the notice that every page has meanwhile, and who may see them.</summary>
public sealed class TestingPageTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";
    private const string Book = "testing/book";

    public static TheoryData<string> Effects => new(Enum.GetValues<FaultEffect>().Select(Choices<FaultEffect>.NameOf));

    [Fact]
    public async Task A_fault_is_started_hits_is_counted_and_ended()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var empty = await browser.GetAsync("testing");
        empty.Document.QuerySelector("#active")!.HasAttribute("data-again").ShouldBeFalse();
        empty.Document.QuerySelector("#faults-notice").ShouldBeNull();

        var page = await browser.SubmitAsync(empty, "add", ("status", "503"), ("path", Contacts), ("method", "GET"), ("retry_after_seconds", "7"));
        page.Path.ShouldBe("/console/testing?done=added");
        page.Document.QuerySelector("#active")!.HasAttribute("data-again").ShouldBeTrue();
        page.TextsOf(".hits").ShouldBe(["0 on this server"]);
        var fault = (await api.GetAsync("faults")).Body.GetProperty("results")[0];
        fault.GetProperty("status").GetInt32().ShouldBe(503);
        fault.GetProperty("retry_after_seconds").GetInt32().ShouldBe(7);
        page.Document.QuerySelector($"[id='fault-{fault.GetProperty("uuid")}']")!.TextContent.ShouldContain(Contacts);

        (await api.SendAsync(HttpMethod.Get, Contacts)).Status.ShouldBe(503);
        (await api.SendAsync(HttpMethod.Get, Contacts)).Status.ShouldBe(503);
        page = await browser.GetAsync("testing");
        page.TextsOf(".hits").ShouldBe(["2 on this server"]);
        page.TextsOf("#faults-notice").Single().ShouldStartWith("A fault is active");

        page = await browser.SubmitAsync(page, "end", ("id", fault.GetProperty("uuid").GetString()));
        page.Path.ShouldBe("/console/testing?done=ended");
        page.Document.QuerySelector("#faults-notice").ShouldBeNull();
        (await api.SendAsync(HttpMethod.Get, Contacts)).Status.ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Effects))]
    public async Task Every_kind_of_fault_starts_with_what_stands_in_its_form(string effect)
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var form = await browser.GetAsync($"testing?effect={effect}");
        form.TextsOf("nav.tabs [aria-current=page]").Count.ShouldBe(2);
        (await browser.SubmitAsync(form, "add", ("times", "3"))).Path.ShouldBe("/console/testing?done=added");
        var fault = (await api.GetAsync("faults")).Body.GetProperty("results")[0];
        fault.GetProperty("effect").GetString().ShouldBe(effect);
        fault.GetProperty("times").GetInt32().ShouldBe(3);
        (await browser.GetAsync("testing")).TextsOf(".hits").ShouldBe(["0 of 3"]);
    }

    [Fact]
    public async Task All_faults_of_the_form_are_told_beside_their_inputs()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var page = await browser.SubmitAsync(
            await browser.GetAsync("testing"), "add", ("status", "200"), ("retry_after_seconds", "soon"), ("path", "contacts"), ("share", "0"), ("seconds", "99999999999"), ("times", "-1"));
        page.Status.ShouldBe(400);
        page.Document.QuerySelectorAll(".line.wrong").Select(line => line.QuerySelector("input")!.GetAttribute("name")).ShouldBe(
            ["status", "retry_after_seconds", "path", "share", "seconds", "times"]);
        page.Document.QuerySelector("input[name=path]")!.GetAttribute("value").ShouldBe("contacts");
        page.Document.QuerySelector("input[name=status]")!.GetAttribute("aria-invalid").ShouldBe("true");

        page = await browser.SubmitAsync(await browser.GetAsync("testing?effect=latency"), "add", ("latency_ms", ""), ("jitter_ms", "5"));
        page.Status.ShouldBe(400);
        page.TextsOf(".wrong label").ShouldBe(["Wait, in milliseconds"]);
        page.Document.QuerySelector("#faults-notice").ShouldBeNull();
    }

    [Fact]
    public async Task All_are_ended_at_once_and_there_may_be_no_more_than_fifty()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        for (var i = 0; i < Fault.MaxCount; i++)
            (await api.PostAsync("faults", """{"effect":"status","status":500,"path":"/nowhere"}""")).Status.ShouldBe(201);
        var page = await browser.GetAsync("testing");
        page.TextsOf("#faults-notice").Single().ShouldStartWith("50 faults are active");
        page.Document.QuerySelectorAll("#active tbody tr").Length.ShouldBe(Fault.MaxCount);
        (await browser.SubmitAsync(page, "add")).Status.ShouldBe(409);
        page = await browser.SubmitAsync(page, "end", ("id", "all"));
        page.Document.QuerySelectorAll("#active tbody tr").ShouldBeEmpty();
        (await api.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);

        // What another page still shows has ended: it may be ended again.
        (await browser.SubmitAsync(page, "end", ("id", Guid.NewGuid().ToString()))).Path.ShouldBe("/console/testing?done=ended");
    }

    [Fact]
    public async Task Every_page_says_that_faults_are_active_and_administrators_find_the_way()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        using var viewer = await ConsoleClient.OfAsync(server, api.Workspace, Role.Viewer, "pt");
        using var stranger = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        foreach (var effect in new[] { "cut_before", "duplicate_deliveries" })
            (await api.PostAsync("faults", $$"""{"effect":"{{effect}}"}""")).Status.ShouldBe(201);
        foreach (var path in new[] { "documents/testing", "testing/book", "testing/clock", "nothing/here" })
        {
            var page = await browser.GetAsync(path);
            page.TextsOf("#faults-notice").Single().ShouldStartWith("2 faults are active");
            page.Document.QuerySelector("#faults-notice a")!.GetAttribute("href").ShouldBe("testing");
        }

        var seen = await viewer.GetAsync("documents/testing");
        seen.TextsOf("#faults-notice").Single().ShouldStartWith("2 falhas");
        seen.Document.QuerySelector("#faults-notice a").ShouldBeNull();
        (await stranger.GetAsync("documents/testing")).Document.QuerySelector("#faults-notice").ShouldBeNull();
    }

    [Fact]
    public async Task The_clock_is_moved_on_by_an_hour_a_day_or_a_number()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var page = await browser.GetAsync("testing/clock");
        page.TextsOf("#ahead").ShouldBe(["0 d 00:00:00"]);
        await browser.SubmitAsync(page, "advance", ("unit", "hours"));
        await browser.SubmitAsync(page, "advance", ("unit", "days"));
        page = await browser.SubmitAsync(page, "advance-by", ("amount", "90"), ("unit", "minutes"));
        page.Path.ShouldBe("/console/testing/clock?done=advanced");
        page.TextsOf("#ahead").ShouldBe(["1 d 02:30:00"]);
        (await api.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt64().ShouldBe(95_400);
    }

    [Theory]
    [InlineData("", "hours", 400)]
    [InlineData("-1", "hours", 400)]
    [InlineData("0", "seconds", 400)]
    [InlineData("99999999999999999999", "days", 400)]
    [InlineData("4000", "days", 400)]
    [InlineData("1", "years", 400)]
    [InlineData("3650", "days", 409)]
    public async Task The_clock_takes_no_other_number(string amount, string unit, int status)
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var page = await browser.SubmitAsync(await browser.GetAsync("testing/clock"), "advance-by", ("amount", "1"), ("unit", "seconds"));
        page = await browser.SubmitAsync(page, "advance-by", ("amount", amount), ("unit", unit));
        page.Status.ShouldBe(status);
        page.TextsOf(".fault").Single().ShouldStartWith("A whole number");
        (await api.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData(Role.Editor)]
    [InlineData(Role.Viewer)]
    public async Task Only_administrators_have_the_bench(Role role)
    {
        using var api = await ManagementClient.NewAsync(server);
        await AddAsync(api, "ext:1");
        using var administrator = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        using var other = await ConsoleClient.OfAsync(server, api.Workspace, role);
        var forms = new[] { ("testing", "add"), (Book, "reset"), ("testing/clock", "advance-by") };
        foreach (var (path, form) in forms)
        {
            (await other.GetAsync(path)).Path.ShouldBe("/console/refused");
            (await other.SubmitAsync(await administrator.GetAsync(path), form, ("amount", "1"))).Path.ShouldBe("/console/refused");
        }

        (await other.GetAsync("documents/testing")).Document.QuerySelectorAll("nav.ways a[href=testing]").ShouldBeEmpty();
        (await CountAsync(api)).ShouldBe(1);
        (await api.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_reaches_another_workspaces_bench()
    {
        using var own = await ManagementClient.NewAsync(server);
        using var others = await ManagementClient.NewAsync(server);
        await AddAsync(others, "ext:1");
        (await others.PostAsync("snapshots", """{"name":"theirs"}""")).Status.ShouldBe(201);
        var fault = (await others.PostAsync("faults", """{"effect":"latency","latency_ms":1}""")).Uuid;
        using var browser = await ConsoleClient.OfAsync(server, own.Workspace.Token);

        var page = await browser.GetAsync("testing");
        page.Text.ShouldNotContain(fault);
        await browser.SubmitAsync(page, "end", ("id", fault));
        await browser.SubmitAsync(page, "end", ("id", "all"));
        (await others.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(1);

        page = await browser.GetAsync(Book);
        page.Text.ShouldNotContain("theirs");
        (await browser.SubmitAsync(page, "snapshot", ("restore", "theirs"))).Status.ShouldBe(404);
        (await browser.SubmitAsync(page, "snapshot", ("delete", "theirs"))).Status.ShouldBe(404);
        (await browser.SubmitAsync(page, "reset", ("snapshot", "theirs"))).Status.ShouldBe(404);
        (await browser.SubmitAsync(page, "reset")).Status.ShouldBe(200);
        await browser.SubmitAsync(await browser.GetAsync("testing/clock"), "advance", ("unit", "hours"));
        (await others.GetAsync("snapshots")).Names.ShouldBe(["theirs"]);
        (await others.GetAsync("clock")).Body.GetProperty("offset_seconds").GetInt64().ShouldBe(0);
        (await CountAsync(others)).ShouldBe(1);
    }

    [Fact]
    public async Task What_others_wrote_is_shown_as_text()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        (await api.PostAsync("faults", """{"effect":"status","status":500,"path":"/<img src=x>\u202e"}""")).Status.ShouldBe(201);
        var page = await browser.GetAsync("testing");
        page.Document.QuerySelectorAll("main img").ShouldBeEmpty();
        page.TextsOf("#active .mark").ShouldBe(["U+202E"]);
    }

    private static async Task AddAsync(ManagementClient api, string urn) =>
        (await api.SendAsync(HttpMethod.Post, Contacts, $$"""{"urns":["{{urn}}"]}""")).Status.ShouldBe(201);

    private static async Task<int> CountAsync(ManagementClient api) =>
        (await api.SendAsync(HttpMethod.Get, Contacts)).Body.GetProperty("results").GetArrayLength();
}
