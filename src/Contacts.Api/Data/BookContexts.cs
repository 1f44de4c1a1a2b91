using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Contacts.Data;

/// <summary>Contexts of the host that takes writes, a pool of them for each host, made when the first one is asked for; their connections are opened by way of the watch.</summary>
internal sealed class BookContexts : IDbContextFactory<ContactsDb>
{
    private readonly BookConnections _connections;
    private readonly Lazy<IDbContextFactory<ContactsDb>[]> _hosts;

    /// <summary>Contexts.</summary>
    /// <param name="provider">The program's services, for EF Core's log.</param>
    /// <param name="connections">The connections.</param>
    /// <param name="watch">Opens them.</param>
    public BookContexts(IServiceProvider provider, BookConnections connections, DatabaseWatch watch)
    {
        _connections = connections;
        _hosts = new(() => [.. connections.Books.Select(pool => new PooledDbContextFactory<ContactsDb>(OptionsOf(provider, pool, new WatchedConnections(watch))))]);
    }

    /// <inheritdoc />
    public ContactsDb CreateDbContext() => _hosts.Value[_connections.Primary].CreateDbContext();

    private static DbContextOptions<ContactsDb> OptionsOf(IServiceProvider provider, NpgsqlDataSource pool, WatchedConnections opening) =>
        new DbContextOptionsBuilder<ContactsDb>().UseApplicationServiceProvider(provider).UseNpgsql(pool).AddInterceptors(opening).Options;
}
