using System.Globalization;
using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Hostile;

/// <summary>
/// All contract cases of both dialects, the management API by its own document, the console's forms and the import's files, changed at random and sent from many
/// clients at once: no failure, nothing slow, every refusal in its dialect's shape, no error in the log, no growth of memory.
/// </summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Short = 1_500;
    private const int Long = 200_000;
    private const int MemoryCounts = 20_000;
    private const double MayGrow = 64;

    [Fact]
    public Task Whatever_is_sent_is_answered_in_shape() => RunAsync(Short);

    [Fact]
    [Trait("Soak", "Yes")]
    public Task Whatever_is_sent_for_long_is_answered_in_shape() => RunAsync(Soak.Requests(Long));

    private async Task RunAsync(int count)
    {
        var seed = Soak.Seed();
        output.WriteLine($"CONTACTS_SOAK_SEED={seed}");
        await using var target = await FuzzTarget.StartAsync();
        var report = new FuzzReport();
        var lanes = await LanesAsync(target, seed, report);
        using var over = new CancellationTokenSource();
        var memory = WatchAsync(target, over.Token);
        await Task.WhenAll(lanes.Select(lane => lane.RunAsync(count)));
        await over.CancelAsync();
        var megabytes = await memory;
        output.WriteLine(report.ToString());
        var middles = Quarters(megabytes);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"memory in MB, each quarter's middle: {middles[0]:0}, {middles[1]:0}, {middles[2]:0}, {middles[3]:0}; {target.Handles} handles"));
        output.WriteLine(target.Log.Length <= 20_000 ? target.Log : target.Log[..20_000]);
        report.Faults.ShouldBeEmpty(string.Join("\n\n", report.Faults));
        target.Errors.ShouldBeEmpty();
        (await target.AskAsync()).ShouldBe(200);
        if (count >= MemoryCounts)
            (middles[3] - middles[1]).ShouldBeLessThan(MayGrow, "megabytes of growth from the second quarter to the last");
    }

    private static async Task<IReadOnlyList<(string Name, Func<int, Task> RunAsync)>> LanesAsync(FuzzTarget target, int seed, FuzzReport report)
    {
        var json = HostileJson.Sample(seed, 600);
        var lanes = new List<(string, Func<int, Task>)>();
        string[] countries = ["RW", "BR", "MX"];
        for (var i = 0; i < 5; i++)
        {
            var isWeni = i < 3;
            var administrator = await target.NewWorkspaceAsync(countries[i % 3]);
            var authorization = isWeni ? "Token " + administrator : "Bearer " + await target.NewKeyAsync(administrator, "whaapy");
            lanes.Add((isWeni ? "weni" : "whaapy", ApiLaneOf(target, seed + i, json, report, authorization, (random, live) =>
                new CaseSpecimens(isWeni ? "Weni" : "Whaapy", random, live, target.Address).Next, 0.14)));
        }

        var document = await target.ManagementDocumentAsync();
        lanes.Add(("management", ApiLaneOf(target, seed + 5, json, report, "Token " + await target.NewWorkspaceAsync("BR"), (random, live) =>
            new ManagementSpecimens(document, random, json, live).Next, 0.17)));
        var (browserRandom, fileRandom) = (new Random(seed + 6), new Random(seed + 7));
        var seen = new LiveValues(browserRandom);
        var browser = new ConsoleLane(target.Address, await target.NewWorkspaceAsync("MX"), browserRandom, new Mutator(browserRandom, json, seen), seen, report);
        lanes.Add(("console", count => browser.RunAsync((int)(count * 0.12))));
        var files = new ImportLane(target.Address, await target.NewWorkspaceAsync("RW"), fileRandom, report);
        lanes.Add(("imports", count => files.RunAsync(Math.Max(5, count / 400))));
        return lanes;
    }

    private static Func<int, Task> ApiLaneOf(
        FuzzTarget target, int seed, string[] json, FuzzReport report, string authorization, Func<Random, LiveValues, Func<Specimen>> source, double share)
    {
        var random = new Random(seed);
        var live = new LiveValues(random);
        var next = source(random, live);
        return async count =>
        {
            using var lane = new ApiLane(target.Address, authorization, next, new Mutator(random, json, live), live, report);
            await lane.RunAsync((int)(count * share));
        };
    }

    private static async Task<List<double>> WatchAsync(FuzzTarget target, CancellationToken over)
    {
        var megabytes = new List<double>();
        while (!over.IsCancellationRequested)
        {
            megabytes.Add(target.Megabytes);
            await Task.Delay(TimeSpan.FromMilliseconds(250), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return megabytes;
    }

    private static double[] Quarters(List<double> megabytes) =>
        [.. Enumerable.Range(0, 4).Select(quarter => megabytes.Skip(megabytes.Count * quarter / 4).Take(Math.Max(1, megabytes.Count / 4)).Order().ElementAtOrDefault(megabytes.Count / 8))];
}
