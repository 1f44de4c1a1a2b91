using System.Diagnostics;
using System.Globalization;
using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Reliability;

/// <summary>
/// Many clients at two servers change and read the same few contacts, while connections are lost in the middle of commits: for each contact there is one
/// order of all calls that explains every answer.
/// </summary>
public sealed class LinearizabilityTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    private const int Clients = 8;
    private const int CallsEach = 30;
    private const int Contacts = 3;

    private readonly WiredServer _first = new(null);
    private WiredServer? _second;
    private WeniClient[] _clients = [];
    private string[] _groups = [];

    public async Task InitializeAsync()
    {
        await _first.InitializeAsync();
        _second = new WiredServer(_first);
        await _second.InitializeAsync();
        var workspace = await _first.NewWorkspaceAsync();
        _clients = [new WeniClient(_first, workspace), new WeniClient(_second, workspace)];
        await _clients[0].MakeAsync("fields.json", new { label = "Shade", value_type = "text" });
        _groups = [await _clients[0].MakeAsync("groups.json", new { name = "Red" }), await _clients[0].MakeAsync("groups.json", new { name = "Blue" })];

        // What one server makes the other one answers from within two seconds.
        await Eventually(async () => (await _clients[1].PostAsync("contacts.json", new { fields = new { shade = "1" }, groups = _groups })).Body, "Blue");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await _second!.DisposeAsync();
        await _first.DisposeAsync();
        await _second.Wire.DisposeAsync();
        await _first.Wire.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public Task Every_contact_has_one_history() => RunAsync(TimeSpan.FromSeconds(3));

    [Fact]
    [Trait("Soak", "Yes")]
    public Task Every_contact_has_one_history_for_long() => RunAsync(Soak.Time(10));

    private static async Task Eventually(Func<Task<string>> read, string wanted)
    {
        for (var attempt = 0; !(await read()).Contains(wanted, StringComparison.Ordinal); attempt++)
        {
            attempt.ShouldBeLessThan(100);
            await Task.Delay(50);
        }
    }

    private async Task RunAsync(TimeSpan time)
    {
        var seed = Soak.Seed();
        output.WriteLine($"CONTACTS_SOAK_SEED={seed}");
        var random = new Random(seed);
        var (since, histories, calls, open, losses) = (Stopwatch.GetTimestamp(), 0, 0, 0, 0);
        for (var round = 0; round < 2 || Stopwatch.GetElapsedTime(since) < time; round++)
        {
            // Every other round without losses: they slow everything down, and races want speed.
            var (history, lost) = await OneRoundAsync(round, random, losesCommits: round % 2 == 1);
            losses += lost;
            foreach (var (urn, of) in history.ByContact)
            {
                Linearization.Exists(of).ShouldBeTrue($"{urn}, seed {seed}, round {round}:\n{string.Join('\n', of.OrderBy(call => call.Started))}");
                histories++;
                calls += of.Count;
                open += of.Count(call => !call.IsAnswered);
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{histories} histories of {calls} calls are linearizable; {open} calls had no answer; {losses} commits were to be lost"));
        await _first.ShouldBeConsistentAsync();
    }

    private async Task<(ContactHistory History, int Losses)> OneRoundAsync(int round, Random random, bool losesCommits)
    {
        var urns = Enumerable.Range(0, Contacts).Select(number => string.Create(CultureInfo.InvariantCulture, $"ext:{round}-{number}")).ToList();
        var history = new ContactHistory(_clients, _groups);
        using var end = new CancellationTokenSource();
        var losing = losesCommits ? LoseAsync(new Random(random.Next()), end.Token) : Task.FromResult(0);
        var seeds = Enumerable.Range(0, Clients).Select(_ => random.Next()).ToList();
        await Task.WhenAll(seeds.Select(seed => Task.Run(() => history.CallAsync(urns, CallsEach, new Random(seed)))));
        await end.CancelAsync();
        return (history, await losing);
    }

    private async Task<int> LoseAsync(Random random, CancellationToken end)
    {
        var losses = 0;
        while (!end.IsCancellationRequested)
        {
            var wire = random.Next(2) == 0 ? _first.Wire : _second!.Wire;
            wire.Lose(new CommitLoss((LostWhen)random.Next(3)));
            losses++;
            await Task.Delay(random.Next(20, 200), CancellationToken.None);
        }

        return losses;
    }

    /// <summary>A server with a wire of its own to a database.</summary>
    private sealed class WiredServer(TestServer? first) : TestServer
    {
        private PostgresWire? _wire;

        public PostgresWire Wire => _wire ??= PostgresWire.Listen(first?.Database ?? Database);

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings:Contacts"] = Wire.ConnectionString };
    }
}
