using System.Globalization;
using System.Net;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Reliability;

/// <summary>The primary dies under load and its synchronous standby takes over: the server goes on by itself, and nothing that it acknowledged is lost.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class FailoverTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 16;
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    [Fact]
    public Task The_standby_takes_over_and_no_acknowledged_write_is_lost() => FailOverAsync(freezes: false);

    [Fact]
    [Trait("Soak", "Yes")]
    public Task The_standby_takes_over_from_a_primary_that_froze() => FailOverAsync(freezes: true);

    [Fact]
    [Trait("Soak", "Yes")]
    public async Task It_fails_over_again_and_again()
    {
        var time = Soak.Time(5);
        await using var pair = await PostgresPair.StartAsync(_folder);
        await using var server = await ContactsProcess.ServeAsync(Path.Combine(_folder, "unused"), "--ConnectionStrings:Contacts=" + pair.ConnectionString, "--Logging:LogLevel:Default=Warning");
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var round = 1; System.Diagnostics.Stopwatch.GetElapsedTime(start) < time; round++)
        {
            var primary = (round - 1) % 2;
            await FailOverAsync(pair, server, primary, freezes: false, round);
            await pair.MakeStandbyAsync(1 - primary, primary);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task FailOverAsync(bool freezes)
    {
        await using var pair = await PostgresPair.StartAsync(_folder);
        await using var server = await ContactsProcess.ServeAsync(Path.Combine(_folder, "unused"), "--ConnectionStrings:Contacts=" + pair.ConnectionString, "--Logging:LogLevel:Default=Warning");
        await FailOverAsync(pair, server, primary: 0, freezes, round: 1);
    }

    private async Task FailOverAsync(PostgresPair pair, ContactsProcess server, int primary, bool freezes, int round)
    {
        await using var load = UpsertLoad.Start(server, Clients, string.Create(CultureInfo.InvariantCulture, $"r{round}"));
        await Eventually.BecomesTrueAsync(() => load.Done > 100, "the load is under way");
        var gone = load.UntilAsync(call => call.Status == HttpStatusCode.ServiceUnavailable, "calls are refused");
        await (freezes ? pair.FreezeAsync(primary) : pair.KillAsync(primary));
        var refused = await gone;
        refused.ShouldBeLessThan(Promise);
        await pair.PromoteAsync(1 - primary);
        var back = await load.UntilAsync(UpsertLoad.IsDone, "the new primary serves");
        back.ShouldBeLessThan(Promise);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var calls = await load.EndAsync();
        calls.ShouldAllBe(call => call.Status != null && call.IsWellFormed && (UpsertLoad.IsDone(call) || call.Status == HttpStatusCode.ServiceUnavailable));
        var held = await load.ShouldBeInTheBookAsync();
        var longest = calls.Max(call => call.Took);
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(2.5), server.Errors);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round}. {(freezes ? "frozen" : "killed")}: refused after {refused.TotalSeconds:0.00} s, longest call {longest.TotalSeconds:0.00} s, back {back.TotalSeconds:0.00} s after the promotion; "
            + $"{calls.Length} calls, {held} done and in the book"));
    }
}
