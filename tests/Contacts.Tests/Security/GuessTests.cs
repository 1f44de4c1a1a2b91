using System.Net;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Contacts.Tests.Security;

/// <summary>Whoever guesses keys has to wait, at whichever door; whoever shares the address does not, unless their key is new there.</summary>
public sealed class GuessTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Here = "203.0.113.7";
    private const string There = "203.0.113.8";

    private readonly GuardedServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Theory]
    [InlineData("/api/v2/contacts.json", "Token", "", 403, "Request was throttled. Expected available in 60 seconds.")]
    [InlineData("/contacts/v1", "Bearer", "wha_", 401, "Demasiadas solicitudes. Intenta de nuevo en 60 s")]
    [InlineData("/manage/api/workspace", "Token", "", 401, "Too many wrong keys came from this address. Try again in 60 s.")]
    public async Task After_a_few_wrong_keys_the_next_one_waits_and_is_told_in_the_apis_own_shape(string path, string scheme, string prefix, int usual, string text)
    {
        for (var i = 0; i < GuardedServer.WrongPerMinute; i++)
            (await SendAsync(path, $"{scheme} {prefix}{ApiToken.NewKey()}", Here)).Status.ShouldBe(usual);
        var refused = await SendAsync(path, $"{scheme} {prefix}{ApiToken.NewKey()}", Here);
        refused.Status.ShouldBe(429);
        refused.RetryAfter.ShouldBe("60");
        JsonNode.Parse(refused.Body)!.ToJsonString().ShouldContain(text);
        (await SendAsync(path, $"{scheme} {prefix}{ApiToken.NewKey()}", There)).Status.ShouldBe(usual, "another address");

        _server.Hands.Advance(KeyGuesses.Window);
        (await SendAsync(path, $"{scheme} {prefix}{ApiToken.NewKey()}", Here)).Status.ShouldBe(usual);
    }

    [Fact]
    public async Task The_doors_count_together_and_the_sign_in_is_one_of_them()
    {
        for (var i = 0; i < GuardedServer.WrongPerMinute; i++)
            await SendAsync(i % 2 == 0 ? "/api/v2/contacts.json" : "/manage/api/workspace", $"Token {ApiToken.NewKey()}", "127.0.0.1");
        using var browser = ConsoleClient.OfNobody(_server);
        var page = await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", ApiToken.NewKey()));
        page.Status.ShouldBe(429);
        page.Headers["Retry-After"].ShouldBe("60");
        (await browser.GetAsync($"sign-in?link={ApiToken.NewKey()}")).Status.ShouldBe(429);
    }

    [Fact]
    public async Task A_key_that_worked_from_the_address_goes_on_working_and_a_new_one_waits_a_minute_at_most()
    {
        var known = await _server.NewWorkspaceAsync();
        var other = await _server.NewWorkspaceAsync();
        (await SendAsync("/api/v2/contacts.json", $"Token {known.Token}", Here)).Status.ShouldBe(200);
        await GuessAsync(Here);
        foreach (var path in new[] { "/api/v2/contacts.json", "/manage/api/workspace" })
            (await SendAsync(path, $"Token {known.Token}", Here)).Status.ShouldBe(200, path);
        (await SendAsync("/api/v2/contacts.json", $"Token {other.Token}", Here)).Status.ShouldBe(429);
        (await SendAsync("/api/v2/contacts.json", $"Token {other.Token}", There)).Status.ShouldBe(200);
        _server.Hands.Advance(KeyGuesses.Window);
        (await SendAsync("/api/v2/contacts.json", $"Token {other.Token}", Here)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_key_that_worked_and_was_revoked_since_opens_nothing_and_is_no_guess()
    {
        var workspace = await _server.NewWorkspaceAsync();
        (await SendAsync("/api/v2/contacts.json", $"Token {workspace.Token}", Here)).Status.ShouldBe(200);
        await _server.Services.GetRequiredService<TokenService>().RevokeAsync(workspace.Token, CancellationToken.None);
        _server.Services.GetRequiredService<Callers>().Forget(workspace.Id);
        for (var i = 0; i < GuardedServer.WrongPerMinute + 5; i++)
            (await SendAsync("/api/v2/contacts.json", $"Token {workspace.Token}", Here)).Status.ShouldBe(403);
        await GuessAsync(Here);
        (await SendAsync("/api/v2/contacts.json", $"Token {workspace.Token}", Here)).Status.ShouldBe(403, "let through to be looked up, and nothing more");
    }

    [Fact]
    public async Task No_key_and_no_readable_one_are_no_guesses()
    {
        for (var i = 0; i < GuardedServer.WrongPerMinute + 5; i++)
        {
            (await SendAsync("/api/v2/contacts.json", null, Here)).Status.ShouldBe(403);
            (await SendAsync("/api/v2/contacts.json", "Basic !", Here)).Status.ShouldBe(403);
            (await SendAsync("/manage/api/workspace", null, Here)).Status.ShouldBe(401);
        }

        (await SendAsync("/api/v2/contacts.json", $"Token {(await _server.NewWorkspaceAsync()).Token}", Here)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    public void Addresses_of_one_customer_count_as_one(string one, string other, bool isSame)
    {
        var guesses = new KeyGuesses(new KeySettings(1), new ManualClock(), NullLogger<KeyGuesses>.Instance);
        guesses.Wrong(IPAddress.Parse(one));
        (guesses.WaitOf(IPAddress.Parse(other), ApiToken.NewKey()) is not null).ShouldBe(isSame);
    }

    [Fact]
    public void However_many_addresses_guess_no_more_is_held_than_said_and_those_beyond_wait_together()
    {
        var clock = new ManualClock();
        var guesses = new KeyGuesses(new KeySettings(2), clock, NullLogger<KeyGuesses>.Instance);
        for (var i = 0; i < KeyGuesses.MaxAddresses + 1000; i++)
            guesses.Wrong(new IPAddress((uint)i + 1));
        guesses.Held.ShouldBeLessThanOrEqualTo(KeyGuesses.MaxAddresses + 1);
        guesses.WaitOf(IPAddress.Parse("203.0.113.9"), ApiToken.NewKey()).ShouldNotBeNull();
        clock.Advance(KeyGuesses.Window);
        guesses.WaitOf(IPAddress.Parse("203.0.113.9"), ApiToken.NewKey()).ShouldBeNull();
        guesses.Wrong(IPAddress.Parse("203.0.113.9"));
        guesses.Held.ShouldBeLessThan(5, "what is over is forgotten when there is no more room");
    }

    [Fact]
    public void However_many_keys_work_no_more_are_remembered_than_said()
    {
        var guesses = new KeyGuesses(new KeySettings(2), new ManualClock(), NullLogger<KeyGuesses>.Instance);
        var token = ApiToken.Of(Guid.NewGuid(), ApiToken.NewKey(), Role.Viewer, "x", DateTime.UtcNow);
        for (var i = 0; i < KeyGuesses.MaxKeys + 1000; i++)
            guesses.Right(new IPAddress((uint)i + 1), token);
        guesses.Held.ShouldBe(KeyGuesses.MaxKeys);
    }

    private async Task GuessAsync(string address)
    {
        for (var i = 0; i <= GuardedServer.WrongPerMinute; i++)
            await SendAsync("/manage/api/workspace", $"Token {ApiToken.NewKey()}", address);
        (await SendAsync("/manage/api/workspace", $"Token {ApiToken.NewKey()}", address)).Status.ShouldBe(429);
    }

    private async Task<(int Status, string Body, string? RetryAfter)> SendAsync(string path, string? credentials, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-Forwarded-For", address);
        if (credentials is not null)
            request.Headers.TryAddWithoutValidation("Authorization", credentials).ShouldBeTrue();
        using var answer = await _server.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.RetryAfter?.ToString());
    }
}
