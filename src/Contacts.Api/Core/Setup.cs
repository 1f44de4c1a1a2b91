using Contacts.Data;
using Contacts.TestBench;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.Core;

/// <summary>Puts the book into a program: the database, the workspaces, and the services over them.</summary>
public static class Setup
{
    // Every statement of the engine and of the lists is prepared once per connection; PgBouncer in transaction mode can't have that.
    private const int PreparedStatements = 200;

    // More connections than this gain nothing on one machine: they wait for the same disk and the same rows.
    private const int MaxConnections = 32;

    // The largest batch that single calls share.
    private const int SharedBatch = 128;

    /// <summary>The book's services.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="connectionString">The database; what it says about the pool and preparation stays.</param>
    /// <param name="prepares">Whether statements are prepared; false behind PgBouncer in transaction mode.</param>
    /// <param name="shares">Whether single changes and look-ups that arrive at once share batches; tests of races without them switch it off.</param>
    public static IServiceCollection AddBook(this IServiceCollection services, string connectionString, bool prepares = true, bool shares = true)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "contacts" };
        if (!connectionString.Contains("Max", StringComparison.OrdinalIgnoreCase))
            builder.MaxPoolSize = MaxConnections;
        // Half for the engine, half for everything else.
        builder.MaxPoolSize = (builder.MaxPoolSize + 1) / 2;
        builder.MinPoolSize = Math.Min(builder.MinPoolSize, builder.MaxPoolSize);
        builder.MaxAutoPrepare = prepares ? PreparedStatements : 0;
        builder.AutoPrepareMinUsages = 2;
        builder.NoResetOnClose = true;
        services.AddSingleton(_ => Connections("book", builder));
        services.AddKeyedSingleton(ContactRows.Connections, (_, _) => Connections("engine", prepares ? WithFixedPlans(builder) : builder));
        services.AddPooledDbContextFactory<ContactsDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<WorkspaceService>().AddSingleton<TokenService>().AddSingleton<Callers>();
        services.AddSingleton<Throttle>().AddSingleton<Idempotency>().AddSingleton<CallCleaner>();
        services.AddSingleton<CatalogCache>().AddSingleton<Outbox>();
        services.AddSingleton(new Sharing(shares ? SharedBatch : 1, shares ? 1 : MaxConnections));
        services.AddSingleton<ContactWriter>().AddSingleton<ContactLookUps>().AddSingleton<ContactService>().AddSingleton<ContactSearches>().AddSingleton<ContactDuplicates>();
        services.AddSingleton<FieldService>().AddSingleton<GroupService>().AddSingleton<StageService>().AddSingleton<AutomationService>();
        services.AddSingleton<GroupCleaner>();
        services.AddTestBench();
        return services;
    }

    /// <summary>A pool of connections, under a name that metrics and traces tell in place of the connection string.</summary>
    private static NpgsqlDataSource Connections(string name, NpgsqlConnectionStringBuilder builder) =>
        new NpgsqlDataSourceBuilder(builder.ConnectionString) { Name = name }.Build();

    /// <summary>
    /// The write engine and the look-ups ask for rows by their keys, in lists of any length: one plan, by index, serves all of them. PostgreSQL would
    /// plan anew for each list, which costs more than carrying it out, and would read a table from end to end while it has no statistics yet.
    /// </summary>
    private static NpgsqlConnectionStringBuilder WithFixedPlans(NpgsqlConnectionStringBuilder builder) => new(builder.ConnectionString)
    {
        Options = $"{builder.Options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off".TrimStart(),
    };

    /// <summary>What the server does in the background; commands that only live for a moment do without.</summary>
    /// <param name="services">The program's services, with the book's.</param>
    public static IServiceCollection AddBackgroundWork(this IServiceCollection services) => services
        .AddHostedService<FirstStatistics>()
        .AddHostedService(provider => provider.GetRequiredService<GroupCleaner>())
        .AddHostedService(provider => provider.GetRequiredService<Throttle>())
        .AddHostedService(provider => provider.GetRequiredService<CallCleaner>());
}
