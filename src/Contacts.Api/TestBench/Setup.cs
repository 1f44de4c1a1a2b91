namespace Contacts.TestBench;

/// <summary>Puts the bench for tests into the server.</summary>
internal static class Setup
{
    /// <summary>Its services, beside the book's.</summary>
    /// <param name="services">The program's services.</param>
    public static IServiceCollection AddTestBench(this IServiceCollection services) => services
        .AddSingleton<ClockService>()
        .AddSingleton<FaultHits>().AddSingleton<ActiveFaults>().AddSingleton<FaultService>()
        .AddSingleton<SnapshotService>().AddSingleton<ResetService>()
        .AddSingleton<SeedService>();
}
