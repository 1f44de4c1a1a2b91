using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Calls;

/// <summary>Puts the recording of calls into the server.</summary>
internal static class Setup
{
    // What waits when the database can't keep up, over all workspaces.
    private const int MaxWaiting = 20_000;
    private const long MaxWaitingBytes = 64L * 1024 * 1024;

    /// <summary>What records and reads, beside the book's services.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="settings">What the server's owner set.</param>
    /// <param name="keys">What the server's owner set about wrong keys.</param>
    public static IServiceCollection AddCalls(this IServiceCollection services, CallSettings settings, KeySettings keys) => services
        .AddSingleton(settings)
        .AddSingleton(keys)
        .AddSingleton<KeyGuesses>()
        .AddSingleton<CallKeys>()
        .AddSingleton(new CallQueue(MaxWaiting, MaxWaitingBytes))
        .AddSingleton<CallMinutes>()
        .AddSingleton<CallFeed>()
        .AddSingleton<CallMeter>()
        .AddSingleton<CallWriter>()
        .AddSingleton<CallLogCleaner>()
        .AddSingleton<CallRules>()
        .AddSingleton(provider => new CallLog(
            provider.GetRequiredService<IDbContextFactory<ContactsDb>>(),
            provider.GetRequiredService<DatabaseWatch>(),
            provider.GetRequiredService<CallQueue>(),
            provider.GetRequiredService<CallWriter>(),
            provider.GetRequiredService<CallFeed>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddHostedService(provider => provider.GetRequiredService<CallWriter>())
        .AddHostedService(provider => provider.GetRequiredService<CallLogCleaner>());

    /// <summary>What every call passes first: it sees what the client sees.</summary>
    /// <param name="app">The server.</param>
    public static IApplicationBuilder UseCalls(this IApplicationBuilder app) => app.UseMiddleware<CallRecorder>();
}
