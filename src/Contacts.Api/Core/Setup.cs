using Contacts.Data;
using Contacts.TestBench;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>Puts the book into a program: the database, the workspaces, and the services over them.</summary>
public static class Setup
{
    // The largest batch that single calls share.
    private const int SharedBatch = 128;

    // As many batches of one workspace at once as there may be connections, when single calls share none.
    private const int Unshared = 32;

    /// <summary>The book's services.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="connectionString">The database; what it says about the pool and preparation stays.</param>
    /// <param name="prepares">Whether statements are prepared; false behind PgBouncer in transaction mode.</param>
    /// <param name="shares">Whether single changes and look-ups that arrive at once share batches; tests of races without them switch it off.</param>
    /// <param name="replicas">Standbys that lists may be read from; null for none.</param>
    public static IServiceCollection AddBook(
        this IServiceCollection services, string connectionString, bool prepares = true, bool shares = true, string? replicas = null)
    {
        services.AddSingleton(_ => new BookConnections(connectionString, prepares)).AddSingleton<DatabaseWatch>();
        services.AddSingleton<IDbContextFactory<ContactsDb>, BookContexts>();
        services.AddSingleton(provider => new ReadReplicas(replicas, prepares, provider));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<WorkspaceService>().AddSingleton<TokenService>().AddSingleton<Callers>();
        services.AddSingleton<Throttle>().AddSingleton<Idempotency>().AddSingleton<CallCleaner>();
        services.AddSingleton<CatalogCache>().AddSingleton<Outbox>();
        services.AddSingleton(new Sharing(shares ? SharedBatch : 1, shares ? 1 : Unshared));
        services.AddSingleton<ContactWriter>().AddSingleton<ContactLookUps>().AddSingleton<ContactService>().AddSingleton<ContactSearches>().AddSingleton<ContactDuplicates>();
        services.AddSingleton<FieldService>().AddSingleton<GroupService>().AddSingleton<StageService>().AddSingleton<AutomationService>();
        services.AddSingleton<GroupCleaner>();
        services.AddTestBench();
        return services;
    }

    /// <summary>What the server does in the background; commands that only live for a moment do without.</summary>
    /// <param name="services">The program's services, with the book's.</param>
    public static IServiceCollection AddBackgroundWork(this IServiceCollection services) => services
        .AddHostedService(provider => provider.GetRequiredService<DatabaseWatch>())
        .AddHostedService(provider => provider.GetRequiredService<ReadReplicas>())
        .AddHostedService<FirstStatistics>()
        .AddHostedService(provider => provider.GetRequiredService<GroupCleaner>())
        .AddHostedService(provider => provider.GetRequiredService<Throttle>())
        .AddHostedService(provider => provider.GetRequiredService<CallCleaner>());
}
