using System.Diagnostics;
using System.Globalization;
using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Reliability;

/// <summary>
/// Writers at full load keep every answer while the installation is broken and mended: what was acknowledged is in the book, what was refused is not,
/// what was not answered is wholly in or wholly out, and webhooks and counts tell the same.
/// </summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class LedgerTests(ITestOutputHelper output)
{
    private const int Writers = 24;
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(0.5);

    // Two seconds are promised; a machine that is busy with other tests needs more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_refused_is_kept()
    {
        await using var house = await House.StartAsync(servers: 1, wantsDisk: false);
        await RunAsync(house, [Fault.NetworkReset, Fault.BackendKilled, Fault.ServerKilled], () => false);
    }

    [Fact]
    [Trait("Soak", "Yes")]
    public async Task Nothing_is_lost_or_kept_under_every_fault_for_long()
    {
        await using var house = await House.StartAsync(servers: 2, wantsDisk: true);
        var faults = Environment.GetEnvironmentVariable("CONTACTS_FAULT") is { Length: > 0 } name
            ? Fault.Every.Where(fault => fault.Name.Contains(name, StringComparison.Ordinal)).ToList()
            : [.. Fault.Every.Where(fault => fault != Fault.DiskFull || house.HasDisk)];
        if (!house.HasDisk)
            output.WriteLine("Left out: the full disk, since no disk can be mounted here.");
        var (time, since) = (Soak.Time(20), Stopwatch.GetTimestamp());
        await RunAsync(house, faults, () => Stopwatch.GetElapsedTime(since) < time);
    }

    /// <summary>Strikes with all faults, in the order given, and then in other orders while there is time.</summary>
    private async Task RunAsync(House house, List<Fault> faults, Func<bool> hasTime)
    {
        var seed = Soak.Seed();
        output.WriteLine($"CONTACTS_SOAK_SEED={seed}");
        var random = new Random(seed);
        var ledger = new Ledger();
        var check = new LedgerCheck(house, ledger);
        var writers = Enumerable.Range(0, Writers).Select(number => new LedgerWriter(number, house.Clients, ledger, new Random(random.Next()))).ToList();
        var struck = new Dictionary<string, int>(StringComparer.Ordinal);
        var slowest = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        try
        {
            do
            {
                foreach (var fault in faults)
                {
                    ledger.Begin(fault);
                    var back = await StrikeAsync(house, fault, writers, random);
                    slowest[fault.Name] = slowest.GetValueOrDefault(fault.Name) > back ? slowest[fault.Name] : back;
                    await check.RunAsync(fault);
                    struck[fault.Name] = struck.GetValueOrDefault(fault.Name) + 1;
                    writers.ForEach(writer => writer.Resume());
                }

                faults = [.. faults.OrderBy(_ => random.Next())];
            }
            while (hasTime());
        }
        finally
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {struck.Values.Sum()} faults, {ledger.Acknowledged} acknowledged writes in the book, {check.Events} events told, open calls: {check.Open.In} in, {check.Open.Out} out
                answers by status: {ledger.Answers}
                {string.Join('\n', struck.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} × {pair.Key}, serving again after {slowest[pair.Key].TotalSeconds:0.0} s at most")))}
                """));
        }

        ledger.Complaints.ShouldBeEmpty(house.Failures);
        slowest.ShouldAllBe(pair => pair.Value < Patience);
    }

    /// <summary>A burst of writes with a fault in its middle.</summary>
    /// <returns>How long after its end the servers served again.</returns>
    private static async Task<TimeSpan> StrikeAsync(House house, Fault fault, List<LedgerWriter> writers, Random random)
    {
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(writers.Select(writer => Task.Run(() => writer.WriteAsync(stop.Token))));
        try
        {
            await Task.Delay(Burst);
            await fault.StrikeAsync(house, random);
            var back = await house.UntilServingAsync();
            await Task.Delay(Burst);
            return back;
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }
}
