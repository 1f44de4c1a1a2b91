using Contacts.Tests.Support;

namespace Contacts.Tests.TestBench;

/// <summary>A fault ends by itself, on a clock that the test moves.</summary>
public sealed class FaultEndTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    [Theory]
    [InlineData("weni", null, 600)]
    [InlineData("whaapy", 5, 5)]
    public async Task It_ends_at_its_time(string dialect, int? seconds, int lasts)
    {
        using var api = await BrokenApi.NewAsync(server, dialect);
        await api.BreakAsync(seconds is { } given ? new { effect = "status", status = 503, seconds = given } : (object)new { effect = "status", status = 503 });
        server.Hands.Advance(TimeSpan.FromSeconds(lasts - 0.5));
        (await api.ListAsync()).Status.ShouldBe(503);
        server.Hands.Advance(TimeSpan.FromSeconds(0.5));
        (await api.ListAsync()).Status.ShouldBe(200);
        (await api.Manage.GetAsync("faults")).Body.GetProperty("results").GetArrayLength().ShouldBe(0);
    }
}
