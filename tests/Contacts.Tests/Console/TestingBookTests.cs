using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Contacts.Tests.Management;
using Contacts.Tests.Support;

namespace Contacts.Tests.Console;

/// <summary>The bench's page of the book: snapshots, reset and seed by forms.</summary>
public sealed class TestingBookTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";
    private const string Book = "testing/book";

    [Fact]
    public async Task Snapshots_are_taken_put_back_and_deleted()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        await AddAsync(api, "ext:1");
        var page = await browser.SubmitAsync(await browser.GetAsync(Book), "take", ("name", " seeded "));
        page.Path.ShouldBe("/console/testing/book?done=taken");
        page.TextsOf("tbody td").Take(2).ShouldBe(["seeded", "1"]);
        (await api.GetAsync("snapshots")).Names.ShouldBe(["seeded"]);

        await AddAsync(api, "ext:2");
        (await browser.SubmitAsync(page, "snapshot", ("restore", "seeded"))).Path.ShouldBe("/console/testing/book?done=restored");
        (await CountAsync(api)).ShouldBe(1);
        page = await browser.SubmitAsync(page, "snapshot", ("delete", "seeded"));
        page.Path.ShouldBe("/console/testing/book?done=deleted");
        (await api.GetAsync("snapshots")).Names.ShouldBeEmpty();

        foreach (var name in new[] { "restore", "delete" })
        {
            var gone = await browser.SubmitAsync(page, "snapshot", (name, "seeded"));
            gone.Status.ShouldBe(404);
            gone.TextsOf(".notice.error").ShouldBe(["There is no such snapshot any more. Nothing was changed."]);
        }

        (await CountAsync(api)).ShouldBe(1);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("a/b", 400)]
    [InlineData("<b>", 400)]
    [InlineData("there", 409)]
    public async Task A_snapshot_with_a_wrong_name_is_refused(string name, int status)
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        (await api.PostAsync("snapshots", """{"name":"there"}""")).Status.ShouldBe(201);
        var page = await browser.SubmitAsync(await browser.GetAsync(Book), "take", ("name", name));
        page.Status.ShouldBe(status);
        page.TextsOf(".fault").Count.ShouldBe(1);
        page.Document.QuerySelector("input[name=name]")!.GetAttribute("value").ShouldBe(name);
        (await api.GetAsync("snapshots")).Names.ShouldBe(["there"]);
    }

    [Fact]
    public async Task A_reset_empties_the_book_or_puts_a_snapshot_back_and_keeps_what_it_is_told_to()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        await AddAsync(api, "ext:1");
        (await api.PostAsync("snapshots", """{"name":"one"}""")).Status.ShouldBe(201);
        await AddAsync(api, "ext:2");
        (await api.PostAsync("faults", """{"effect":"latency","latency_ms":1,"path":"/nowhere"}""")).Status.ShouldBe(201);
        var page = await browser.GetAsync(Book);
        page.TextsOf("#reset .question p").Single().ShouldContain("All contacts of this workspace");

        (await browser.SubmitAsync(page, "reset", ("snapshot", "one"), ("keep", "faults"))).Path.ShouldBe("/console/testing/book?done=reset");
        (await CountAsync(api)).ShouldBe(1);
        (await api.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(1);

        page = await browser.SubmitAsync(page, "reset", ("snapshot", "another"), ("keep", "clock"));
        page.Status.ShouldBe(404);
        page.Document.QuerySelector("#i-keep-clock")!.HasAttribute("checked").ShouldBeTrue();
        (await CountAsync(api)).ShouldBe(1);

        (await browser.SubmitAsync(await browser.GetAsync(Book), "reset")).Path.ShouldBe("/console/testing/book?done=reset");
        (await CountAsync(api)).ShouldBe(0);
        (await api.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
        (await api.GetAsync("snapshots")).Names.ShouldBe(["one"]);
    }

    [Fact]
    public async Task A_seed_fills_an_empty_book_from_a_text_or_a_file()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var sample = await File.ReadAllTextAsync(Repository.PathOf("requests", "seed.json"));
        var contacts = JsonDocument.Parse(sample).RootElement.GetProperty("contacts").GetArrayLength();
        var page = await browser.SubmitAsync(await browser.GetAsync(Book), "seed", ("text", sample));
        page.Path.ShouldBe($"/console/testing/book?done=seeded&count={contacts.ToString(CultureInfo.InvariantCulture)}");
        var again = await browser.SubmitAsync(page, "seed", ("text", sample));
        again.Status.ShouldBe(409);
        again.TextsOf("#seeds .notice").Single().ShouldContain("Reset it first");

        (await api.PostAsync("reset")).Status.ShouldBe(204);
        (await CountAsync(api)).ShouldBe(0);
        (await UploadAsync(browser, page, "\uFEFF" + sample)).Path.ShouldStartWith("/console/testing/book?done=seeded");
        (await CountAsync(api)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task All_faults_of_a_seed_are_told_with_their_place_and_nothing_is_written()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        const string Wrong = """{"groups":["A","a"],"contacts":[{"urns":["ext:1","nonsense"],"fields":{"<script>alert(1)</script>":"x"}}],"flow":[]}""";
        var page = await browser.SubmitAsync(await browser.GetAsync(Book), "seed", ("text", Wrong));
        page.Status.ShouldBe(400);
        page.TextsOf("#seed-faults tbody td:first-child").Order(StringComparer.Ordinal).ShouldBe(
            ["contacts[0].fields.<script>alert(1)</script>", "contacts[0].urns[1]", "flow", "groups[1]"]);
        page.Document.QuerySelectorAll("script:not([src])").ShouldBeEmpty();
        page.TextsOf("#i-text").ShouldBe([Wrong]);
        (await CountAsync(api)).ShouldBe(0);

        page = await browser.SubmitAsync(page, "seed", ("text", "{\n  \"groups\": [,]\n}"));
        page.Status.ShouldBe(400);
        page.TextsOf("#seeds .notice").Single().ShouldContain("line 2, byte 14");
        (await browser.SubmitAsync(page, "seed", ("text", " "))).Status.ShouldBe(400);
        (await UploadAsync(browser, page, "name,phone\n")).Status.ShouldBe(400);
    }

    private static async Task AddAsync(ManagementClient api, string urn) =>
        (await api.SendAsync(HttpMethod.Post, Contacts, $$"""{"urns":["{{urn}}"]}""")).Status.ShouldBe(201);

    private static async Task<int> CountAsync(ManagementClient api) =>
        (await api.SendAsync(HttpMethod.Get, Contacts)).Body.GetProperty("results").GetArrayLength();

    private static async Task<ConsoleReply> UploadAsync(ConsoleClient browser, ConsoleReply page, string text)
    {
        using var content = new MultipartFormDataContent();
        foreach (var hidden in ConsoleClient.FormOf(page, "seed").QuerySelectorAll("input[type=hidden]"))
            content.Add(new StringContent(hidden.GetAttribute("value") ?? ""), hidden.GetAttribute("name")!);
        using var file = new StringContent(text);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Add(file, "file", "seed.json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/console/testing/book", UriKind.Relative)) { Content = content };
        return await browser.SendAsync(request);
    }
}
