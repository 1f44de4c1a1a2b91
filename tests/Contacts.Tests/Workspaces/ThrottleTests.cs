using System.Globalization;
using Contacts.Data;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Workspaces;

/// <summary>The hourly limit: what is counted, for how long, and over all servers of one database.</summary>
public sealed class ThrottleTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    private const string Contacts = "/api/v2/contacts.json";
    private const string Groups = "/api/v2/groups.json";

    [Fact]
    public async Task Beyond_the_limit_a_call_is_told_when_to_come_again()
    {
        using var client = await ClientAsync(limit: 3);
        for (var call = 0; call < 3; call++)
            (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        (await GetAsync(client, Contacts)).ShouldBe(
            (429, "3600", """{"detail":"Request was throttled. Expected available in 3600 seconds."}"""));
        server.Hands.Advance(TimeSpan.FromSeconds(3599.5));
        (await GetAsync(client, Contacts)).ShouldBe((429, "1", """{"detail":"Request was throttled. Expected available in 1 second."}"""));
        server.Hands.Advance(TimeSpan.FromSeconds(0.5));
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_hour_slides_and_refused_calls_are_not_counted()
    {
        using var client = await ClientAsync(limit: 3);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        server.Hands.Advance(TimeSpan.FromMinutes(30));
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        for (var call = 0; call < 5; call++)
            (await GetAsync(client, Contacts)).RetryAfter.ShouldBe("1800");
        server.Hands.Advance(TimeSpan.FromMinutes(30));
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        (await GetAsync(client, Contacts)).RetryAfter.ShouldBe("1800");
    }

    [Fact]
    public async Task A_dialect_that_counts_by_the_minute_has_a_window_of_its_own()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.MinuteLimit = 3);
        using var weni = server.NewClient(workspace.Token);
        using var whaapy = await WhaapyClient.OfAsync(server, workspace);
        for (var call = 0; call < 3; call++)
        {
            (await whaapy.SendAsync("GET", "/auth/me")).Status.ShouldBe(200);
            server.Hands.Advance(TimeSpan.FromSeconds(20));
        }

        (await whaapy.SendAsync("GET", "/auth/me")).Status.ShouldBe(200, "the first call is a minute ago");
        (await whaapy.SendAsync("GET", "/contacts/v1")).Body.ShouldBe(
            """{"error":"rate_limit_exceeded","message":"Demasiadas solicitudes. Intenta de nuevo en 20 s"}""");
        (await GetAsync(weni, Contacts)).Status.ShouldBe(200, "the other dialect counts by the hour");
        server.Hands.Advance(TimeSpan.FromSeconds(20));
        (await whaapy.SendAsync("GET", "/auth/me")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Scopes_tokens_and_workspaces_are_counted_apart()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.HourlyLimit = 1);
        var secondKey = ApiToken.NewKey();
        await server.Services.GetRequiredService<TokenService>()
            .AddAsync(workspace.Id, secondKey, Role.Administrator, "second", CancellationToken.None);
        using var first = server.NewClient(workspace.Token);
        using var second = server.NewClient(secondKey);
        using var other = await ClientAsync(limit: 1);
        foreach (var client in new[] { first, second, other })
        {
            foreach (var path in new[] { Contacts, Groups })
            {
                (await GetAsync(client, path)).Status.ShouldBe(200);
                (await GetAsync(client, path)).Status.ShouldBe(429);
            }

            (await GetAsync(client, "/api/v2/fields.json")).Status.ShouldBe(429, "fields are counted with groups");
            (await GetAsync(client, "/api/v2/contacts_lean.json")).Status.ShouldBe(429, "lean contacts are counted with contacts");
        }
    }

    [Fact]
    public async Task Racing_calls_do_not_pass_the_limit()
    {
        using var client = await ClientAsync(limit: 20);
        var replies = await Racing.RunAsync(60, _ => GetAsync(client, Groups));
        replies.Count(reply => reply.Status == 200).ShouldBe(20);
        replies.Count(reply => reply.Status == 429).ShouldBe(40);
    }

    [Fact]
    public async Task Two_servers_share_the_count()
    {
        await using var second = await NextServer.StartAsync(server, server.Hands);
        var workspace = await server.NewWorkspaceAsync(settings => settings.HourlyLimit = 5);
        using var here = server.NewClient(workspace.Token);
        using var there = second.NewClient(workspace.Token);
        (await GetAsync(there, Contacts)).Status.ShouldBe(200);
        for (var call = 0; call < 3; call++)
            (await GetAsync(here, Contacts)).Status.ShouldBe(200);
        await ShareAsync(second, server, second);
        (await GetAsync(there, Contacts)).Status.ShouldBe(200);
        (await GetAsync(there, Contacts)).Status.ShouldBe(429);
        await ShareAsync(second, server);
        (await GetAsync(here, Contacts)).RetryAfter.ShouldBe("3600");
        server.Hands.Advance(TimeSpan.FromHours(1));
        (await GetAsync(here, Contacts)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Servers_share_by_themselves_within_seconds()
    {
        await using var second = await NextServer.StartAsync(server, server.Hands);
        var workspace = await server.NewWorkspaceAsync(settings => settings.HourlyLimit = 200);
        using var here = server.NewClient(workspace.Token);
        using var there = second.NewClient(workspace.Token);
        (await GetAsync(there, Contacts)).Status.ShouldBe(200);
        await Racing.RunAsync(200, _ => GetAsync(here, Contacts));
        var polls = 1;
        while ((await GetAsync(there, Contacts)).Status == 200)
        {
            (++polls).ShouldBeLessThan(100, "the other server's calls count here after about two seconds");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task A_restarted_server_goes_on_counting()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.HourlyLimit = 2);
        await using (var before = await NextServer.StartAsync(server, server.Hands))
        {
            using var client = before.NewClient(workspace.Token);
            (await GetAsync(client, Contacts)).Status.ShouldBe(200);
            (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        }

        await using var after = await NextServer.StartAsync(server, server.Hands);
        using var again = after.NewClient(workspace.Token);
        (await GetAsync(again, Contacts)).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Without_a_limit_nothing_is_kept()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = server.NewClient(workspace.Token);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        var caller = (await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None)).ShouldNotBeNull();
        var taken = server.Services.GetRequiredService<Throttle>().TakeAsync(caller, "v2.contacts", CancellationToken.None);
        taken.IsCompletedSuccessfully.ShouldBeTrue();
        (await taken).ShouldBeNull();
        await ShareAsync(server);
        (await RowsAsync(workspace.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Old_counts_are_removed_and_idle_workspaces_forgotten_without_losing_calls()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.HourlyLimit = 2);
        using var client = server.NewClient(workspace.Token);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
        await ShareAsync(server);
        (await RowsAsync(workspace.Id)).ShouldBe(1);
        server.Hands.Advance(TimeSpan.FromMinutes(10));
        await ShareAsync(server);
        (await GetAsync(client, Contacts)).RetryAfter.ShouldBe("3000");
        server.Hands.Advance(TimeSpan.FromMinutes(50));
        await server.Services.GetRequiredService<CallCleaner>().CleanAsync(CancellationToken.None);
        (await RowsAsync(workspace.Id)).ShouldBe(0);
        (await GetAsync(client, Contacts)).Status.ShouldBe(200);
    }

    private async Task<HttpClient> ClientAsync(int limit) =>
        server.NewClient((await server.NewWorkspaceAsync(settings => settings.HourlyLimit = limit)).Token);

    private static async Task<(int Status, string? RetryAfter, string Body)> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, response.Headers.RetryAfter?.Delta?.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            await response.Content.ReadAsStringAsync());
    }

    private static async Task ShareAsync(params TestServer[] servers)
    {
        foreach (var sharing in servers)
            await sharing.Services.GetRequiredService<Throttle>().ShareAsync(CancellationToken.None);
    }

    private async Task<int> RowsAsync(Guid workspace)
    {
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace);
        return await db.RequestCounts.CountAsync();
    }
}
