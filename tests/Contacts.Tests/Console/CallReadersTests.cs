using Contacts.Tests.Calls;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Console;

/// <summary>Who sees which of the recorded calls.</summary>
public sealed class CallReadersTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Editor)]
    public async Task Below_an_administrator_only_calls_of_clients_are_read(Role role)
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","urns":["ext:1"]}""");
        await observer.Api.PostAsync("tokens", """{"name":"n8n","role":"editor"}""");
        using var administrator = await ConsoleClient.OfAsync(server, observer.Token);
        var client = (await observer.WaitAsync(1)).ShouldHaveSingleItem();
        var contact = $"contacts/{client.Text("contact")}";
        (await administrator.SubmitAsync(await administrator.GetAsync(contact + "/edit"), "contact", ("name", "Bia"))).Status.ShouldBe(200);
        var management = (await observer.WaitAsync(1, "\"dialect\":\"management\"")).ShouldHaveSingleItem();
        var console = (await observer.WaitAsync(1, "\"dialect\":\"console\"")).ShouldHaveSingleItem();

        using var reader = await ConsoleClient.OfAsync(server, observer.Api.Workspace, role);
        foreach (var (browser, sees) in new[] { (administrator, true), (reader, false) })
        {
            var list = await browser.GetAsync("calls");
            list.Document.QuerySelectorAll("#calls tr").Length.ShouldBe(sees ? 3 : 1);
            list.Document.QuerySelectorAll("#i-dialect option[value=management]").Length.ShouldBe(sees ? 1 : 0);
            (await browser.GetAsync("calls?dialect=console")).Document.QuerySelectorAll("#calls tr").Length.ShouldBe(sees ? 1 : 0);
            (await browser.GetAsync("calls?text=n8n")).Document.QuerySelectorAll("#calls tr").Length.ShouldBe(sees ? 1 : 0);
            (await browser.GetAsync(contact)).Document.QuerySelectorAll("#history .event").Length.ShouldBe(sees ? 2 : 1);
            (await browser.GetAsync($"calls/{client.Text("uuid")}")).Status.ShouldBe(200);
            (await browser.GetAsync($"calls/{management.Text("uuid")}")).Status.ShouldBe(sees ? 200 : 404);
            (await browser.GetAsync($"calls/{console.Text("uuid")}")).Status.ShouldBe(sees ? 200 : 404);
            using var stream = await EventStream.OpenAsync(server, browser.Cookies, $"calls/live?after={Guid.Empty}");
            (await stream.RowsAsync()).Split("<tr").Length.ShouldBe(sees ? 4 : 2);
        }
    }

    [Fact]
    public async Task Calls_of_strangers_are_an_administrators_business()
    {
        var first = await server.FirstWorkspaceAsync();
        using var api = server.NewClient(first.Token);
        using var stranger = server.NewClient("0123456789abcdef0123456789abcdef01234567");
        var name = Guid.NewGuid().ToString("N");
        stranger.DefaultRequestHeaders.Add("X-Request-Id", name);
        ((int)(await stranger.GetAsync(Contacts)).StatusCode).ShouldBe(403);
        var call = $"calls/{(await Oldest.WaitAsync(api, name)).Text("uuid")}";
        using var administrator = await ConsoleClient.OfAsync(server, first.Token);
        (await administrator.GetAsync(call)).Status.ShouldBe(200);
        using var viewer = await ConsoleClient.OfAsync(server, first, Role.Viewer);
        (await viewer.GetAsync(call)).Status.ShouldBe(404);
        (await viewer.GetAsync($"calls?text={name}")).Document.QuerySelectorAll("#calls tr").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_of_an_anonymous_workspace_says_what_is_not_kept()
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.IsAnonymous = true);
        await observer.SendAsync("POST", Contacts, """{"name":"Ana","urns":["tel:+250788123123"]}""");
        var call = (await observer.WaitAsync(1)).ShouldHaveSingleItem();
        using var browser = await ConsoleClient.OfAsync(server, observer.Token);
        var page = await browser.GetAsync($"calls/{call.Text("uuid")}");
        page.TextsOf("#anonymous").ShouldHaveSingleItem().ShouldContain("addresses");
        page.TextsOf("#request").Single().ShouldContain("Not kept: the workspace hid addresses.");
        page.TextsOf("#answer").Single().ShouldContain("Not kept: the workspace hid addresses.");
        page.Html.ShouldNotContain("788123123");
        page.TextsOf("#again .notice.warning").ShouldNotBeEmpty();
    }
}
