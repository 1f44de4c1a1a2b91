using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Contacts.Data.LocalPostgres;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace Contacts.Tests.Reliability;

/// <summary>
/// PostgreSQL stops, is killed, refuses, or its network swallows everything, under load: every API says so within two seconds, and works within two when it is back.
/// </summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class DatabaseAwayTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 16;
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private readonly string _data = Directory.CreateTempSubdirectory("contacts-test-").FullName;
    private LocalPostgres _postgres = null!;
    private NetworkRelay _relay = null!;
    private ContactsProcess _server = null!;
    private HttpClient _http = null!;
    private string _whaapyKey = "";

    /// <summary>How a database goes away.</summary>
    public enum Absence
    {
        /// <summary>It is stopped in order.</summary>
        Stopped,

        /// <summary>Connections end, and new ones are refused.</summary>
        Refused,

        /// <summary>Nothing arrives any more.</summary>
        Silent,
    }

    public async Task InitializeAsync()
    {
        _postgres = await StartPostgresAsync();
        _relay = NetworkRelay.Listen(_postgres.ConnectionString);
        _server = await ContactsProcess.ServeAsync(Path.Combine(_data, "unused"), "--ConnectionStrings:Contacts=" + _relay.ConnectionString, "--Logging:LogLevel:Default=Warning");
        _http = _server.Client();
        using var made = await _http.PostAsJsonAsync("/manage/api/tokens", new { name = "whaapy", role = "administrator", dialect = "whaapy" });
        _whaapyKey = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    public async Task DisposeAsync()
    {
        _relay.Open();
        _http.Dispose();
        await _server.DisposeAsync();
        await _relay.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Theory]
    [InlineData(Absence.Stopped)]
    [InlineData(Absence.Refused)]
    [InlineData(Absence.Silent)]
    public async Task Every_api_says_so_within_two_seconds_and_is_back_within_two(Absence absence) => await GoAndComeBackAsync(absence, TimeSpan.FromSeconds(1.5));

    [Fact]
    public async Task A_slow_database_is_not_away()
    {
        // Slower and slower, as under a load that grows: in the end it says nothing for longer than an absence takes to be noticed.
        await using var load = UpsertLoad.Start(_server, Clients);
        await Eventually.BecomesTrueAsync(() => load.Done > 50, "the load is under way");
        foreach (var seconds in new[] { 0.8, 1.6 })
        {
            _relay.Delay = TimeSpan.FromSeconds(seconds);
            await Task.Delay(TimeSpan.FromSeconds(3));
        }

        _relay.Delay = TimeSpan.Zero;
        var calls = await load.EndAsync();
        calls.ShouldAllBe(call => UpsertLoad.IsDone(call));
        Lines().ShouldBeEmpty();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls.Length} calls done, the longest in {calls.Max(call => call.Took).TotalSeconds:0.0} s"));
    }

    [Fact]
    [Trait("Soak", "Yes")]
    public async Task A_database_that_turns_slow_at_once_is_served_again()
    {
        await using var load = UpsertLoad.Start(_server, Clients);
        await Eventually.BecomesTrueAsync(() => load.Done > 50, "the load is under way");
        _relay.Delay = TimeSpan.FromSeconds(1.6);
        await load.UntilAsync(call => call.Status == HttpStatusCode.ServiceUnavailable, "nothing at all came for a while");
        var back = await load.UntilAsync(call => UpsertLoad.IsDone(call) && call.Took > _relay.Delay, "the server is patient now");
        var lines = Lines().Length;
        await Task.Delay(TimeSpan.FromSeconds(20));
        Lines().Length.ShouldBe(lines, "it does not go away again");
        _relay.Delay = TimeSpan.Zero;
        (await load.EndAsync()).ShouldAllBe(call => call.IsWellFormed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Patient after {back.TotalSeconds:0.0} s"));
    }

    [Fact]
    [Trait("Soak", "Yes")]
    public async Task It_goes_and_comes_back_again_and_again()
    {
        var seed = Soak.Seed();
        output.WriteLine($"CONTACTS_SOAK_SEED={seed}");
        var chance = new Random(seed);
        var time = Soak.Time(5);
        var before = _server.WorkingSet();
        for (var (start, round) = (Stopwatch.GetTimestamp(), 1); Stopwatch.GetElapsedTime(start) < time; round++)
            await GoAndComeBackAsync((Absence)chance.Next(3), TimeSpan.FromSeconds(chance.NextDouble() * 6), round);
        output.WriteLine($"Working set: {before >> 20} MB, {_server.WorkingSet() >> 20} MB at the end.");
    }

    private async Task GoAndComeBackAsync(Absence absence, TimeSpan time, int round = 1)
    {
        await using var load = UpsertLoad.Start(_server, Clients, string.Create(CultureInfo.InvariantCulture, $"r{round}"));
        await Eventually.BecomesTrueAsync(() => load.Done > 100, "the load is under way");
        var (linesBefore, sizeBefore) = (Lines().Length, _server.WorkingSet());
        var gone = Stopwatch.GetTimestamp();
        await GoAsync(absence);
        var refused = await Task.WhenAll(AskAllAsync());
        var seen = Stopwatch.GetElapsedTime(gone);
        refused.ShouldAllBe(answer => answer.Took < Promise && answer.Fault == null);
        (await StatusAsync("/health/live")).ShouldBe(HttpStatusCode.OK);
        await Task.Delay(time);
        (await StatusAsync("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (_server.WorkingSet() - sizeBefore).ShouldBeLessThan(100L << 20, "nothing piles up");

        await ComeAsync(absence);
        var back = await load.UntilAsync(UpsertLoad.IsDone, "the server serves again");
        back.ShouldBeLessThan(Promise);
        (await StatusAsync("/health/ready")).ShouldBe(HttpStatusCode.OK);
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        var calls = await load.EndAsync();

        calls.ShouldAllBe(call => call.Status != null && (UpsertLoad.IsDone(call) || call.Status == HttpStatusCode.ServiceUnavailable));
        calls.ShouldAllBe(call => call.IsWellFormed);
        var longest = calls.Max(call => call.Took);
        longest.ShouldBeLessThan(Promise);
        var lines = Lines()[linesBefore..];
        lines.Count(line => line.Contains("The database is away", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', lines));
        lines.Count(line => line.Contains("The database is back", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', lines));

        // Calls that met a broken connection when the database was back already may tell of it as well.
        lines.Length.ShouldBeLessThanOrEqualTo(2 + Clients, string.Join('\n', lines));
        foreach (var line in lines)
            output.WriteLine("   " + line[..Math.Min(line.Length, 160)]);
        (await ConnectionsAsync()).ShouldBeLessThanOrEqualTo(34);
        var held = await load.ShouldBeInTheBookAsync();
        await Eventually.BecomesTrueAsync(
            async () => (await _http.GetFromJsonAsync<JsonElement>("/manage/api/calls?status=503&dialect=weni&limit=1")).GetProperty("results").GetArrayLength() == 1, "refused calls are recorded");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round}. {absence}: all APIs refused after {seen.TotalSeconds:0.00} s, longest call {longest.TotalSeconds:0.00} s, back after {back.TotalSeconds:0.00} s; "
            + $"{calls.Length} calls, {held} done and in the book, {calls.Length - held} refused; {lines.Length} lines in the log"));
    }

    private async Task GoAsync(Absence absence)
    {
        switch (absence)
        {
            case Absence.Stopped:
                await _postgres.DisposeAsync();
                break;
            case Absence.Refused:
                await _relay.RefuseAsync();
                break;
            default:
                _relay.Swallow();
                break;
        }
    }

    private async Task ComeAsync(Absence absence)
    {
        if (absence == Absence.Stopped)
            _postgres = await StartPostgresAsync();
        _relay.Open();
    }

    private Task<LocalPostgres> StartPostgresAsync() =>
        LocalPostgres.StartAsync(new LocalPostgresOptions { DataFolder = Path.Combine(_data, "db") }, NullLogger.Instance, CancellationToken.None);

    /// <summary>One call of each kind, at once; each says what is wrong with its answer.</summary>
    private Task<(TimeSpan Took, string? Fault)>[] AskAllAsync() =>
    [
        AskAsync("GET", "/api/v2/contacts.json", null, """{"detail":"Service unavailable, try again in a moment."}"""),
        AskAsync("GET", "/api/v2/contacts.json?urn=ext:1", null, """{"detail":"Service unavailable, try again in a moment."}"""),
        AskAsync("GET", "/api/v2/groups.json", null, """{"detail":"Service unavailable, try again in a moment."}"""),
        AskAsync("GET", "/contacts/v1", _whaapyKey, "\"error\":\"service_unavailable\""),
        AskAsync("GET", "/manage/api/calls", null, "\"status\":503"),
        AskAsync("GET", "/manage/api/tokens", null, "\"request_id\""),
        AskAsync("GET", "/console/calls", null, "<h1>"),
        AskAsync("GET", "/health/ready", null, "\"database\":\"unreachable\""),
    ];

    private async Task<(TimeSpan Took, string? Fault)> AskAsync(string method, string path, string? key, string expected)
    {
        // Until the answer is a refusal: what was asked in the moment in which the database went may still be answered from memory.
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            if (key is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            if (path.StartsWith("/console", StringComparison.Ordinal))
                request.Headers.Add("Cookie", $"contacts_session={new string('a', 40)}");
            using var answer = await _http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            var took = Stopwatch.GetElapsedTime(since);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable && took < Promise)
            {
                await Task.Delay(20);
                continue;
            }

            var isWell = answer.StatusCode == HttpStatusCode.ServiceUnavailable && body.Contains(expected, StringComparison.Ordinal)
                && (answer.Headers.RetryAfter is not null || path == "/health/ready")
                && (!path.StartsWith("/manage", StringComparison.Ordinal) || answer.Content.Headers.ContentType?.MediaType == "application/problem+json");
            return (took, isWell ? null : $"{path}: {(int)answer.StatusCode} {answer.Headers.RetryAfter} {answer.Content.Headers.ContentType} {body}");
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.StatusCode;
    }

    private string[] Lines() => _server.Errors.Split('\n').Where(line => line.StartsWith('[')).ToArray();

    private async Task<long> ConnectionsAsync()
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'contacts%'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
