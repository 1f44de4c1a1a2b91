using System.Diagnostics;
using System.Net;
using Contacts.Console.Pages.Log;
using Contacts.Tests.Calls;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Console;

/// <summary>The list of calls that goes on by itself.</summary>
public sealed class CallStreamTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public async Task A_new_call_is_there_within_two_seconds()
    {
        using var observer = await Observer.NewAsync(server);
        using var stream = await StreamAsync(observer.Token, "calls/live");
        var sent = Stopwatch.StartNew();
        await observer.SendAsync("GET", Contacts + "?name=%3Cb%3EAna%3C/b%3E");
        var rows = await stream.RowsAsync();
        sent.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        rows.ShouldContain($"GET {Contacts}?name=%3Cb%3EAna%3C/b%3E");
        rows.ShouldContain("<tr id=\"call-");
        rows.ShouldContain("<time ");
    }

    [Fact]
    public async Task The_streams_filters_are_the_lists_and_its_workspace_the_readers()
    {
        using var observer = await Observer.NewAsync(server);
        using var other = await Observer.NewAsync(server);
        using var stream = await StreamAsync(observer.Token, "calls/live?status=4xx");
        await other.SendAsync("POST", Contacts, "{");
        await observer.SendAsync("GET", Contacts);
        await observer.SendAsync("POST", Contacts, """{"language":"xxx"}""", headers: ("X-Request-Id", "wanted"));
        var rows = await stream.RowsAsync();
        rows.Split("<tr").Length.ShouldBe(2, rows);
        rows.ShouldContain($"POST {Contacts}");
    }

    [Fact]
    public async Task What_came_between_the_page_and_the_stream_is_sent_and_only_fifty_at_once()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("GET", Contacts + "?name=first");
        var first = (await observer.WaitAsync(1))[0].Text("uuid");
        await Task.WhenAll(Enumerable.Range(0, 60).Select(number => observer.SendAsync("GET", $"{Contacts}?name=n{number}")));
        await observer.WaitAsync(61, "\"dialect\":\"weni\"");
        using var stream = await StreamAsync(observer.Token, $"calls/live?after={first}");
        var rows = await stream.RowsAsync();
        rows.Split("<tr").Length.ShouldBe(51);
        rows.ShouldNotContain("name=first");
        (await stream.EventAsync("told")).ShouldStartWith("10 more calls");
    }

    [Fact]
    public async Task Without_a_session_there_is_no_stream_and_a_wrong_filter_is_refused()
    {
        using var nobody = server.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/calls/live");
        request.Headers.Accept.ParseAdd("text/event-stream");
        (await nobody.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        (await browser.GetAsync("calls/live?status=x")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task One_workspace_leaves_streams_for_others()
    {
        var (workspace, other) = (await server.NewWorkspaceAsync(), await server.NewWorkspaceAsync());
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var seats = server.Services.GetRequiredService<CallStream>().Open;
        var taken = 0;
        while (seats.TryTake(workspace.Id))
            taken++;
        taken.ShouldBe(CallStream.Most / 2);
        (await browser.GetAsync("calls/live")).Html.ShouldStartWith("retry: ");
        using (await StreamAsync(other.Token, "calls/live"))
        {
            for (; taken > 0; taken--)
                seats.Leave(workspace.Id);
        }

        using var stream = await StreamAsync(workspace.Token, "calls/live");
    }

    private async Task<EventStream> StreamAsync(string token, string path)
    {
        using var browser = await ConsoleClient.OfAsync(server, token);
        return await EventStream.OpenAsync(server, browser.Cookies, path);
    }
}
