using System.Globalization;
using Npgsql;

namespace Contacts.Data;

/// <summary>
/// The server's connections to its database: two pools (decision 16) to the host that takes writes, of those that the connection string names. What the
/// string says stays as it is. Which host that is tells <see cref="DatabaseWatch"/>: Npgsql's own search would ask a dead host again and again, with calls waiting.
/// </summary>
public sealed class BookConnections : IDisposable
{
    // Every statement of the engine and of the lists is prepared once per connection; PgBouncer in transaction mode can't have that.
    private const int PreparedStatements = 200;

    // More connections than this gain nothing on one machine: they wait for the same disk and the same rows.
    private const int MaxConnections = 32;

    // Seconds, for the watch, which gives up by itself before.
    private const int WatchTimeout = 20;

    // The write engine and the look-ups ask for rows by their keys, in lists of any length: one plan, by index, serves all of them. PostgreSQL would plan anew
    // for each list, which costs more than carrying it out, and would read a table from end to end while it has no statistics yet. And a server that the
    // network took away must not hold its locks for long: a batch that was only slow starts over.
    private const string EngineOptions = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
        + " -c idle_in_transaction_session_timeout=2s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=4";

    private readonly HashSet<int> _ports = [];
    private readonly HashSet<string> _sockets = new(StringComparer.Ordinal);
    private readonly Host[] _hosts;
    private volatile int _primary;

    /// <summary>The connections; none is opened yet.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="prepares">Whether statements are prepared; false behind PgBouncer in transaction mode.</param>
    public BookConnections(string connectionString, bool prepares)
    {
        var builder = BuilderOf(connectionString, prepares);
        _hosts = [.. PerHost(builder).Select(host => Open(host, prepares))];
    }

    /// <summary>For lists and everything that the engine does not do.</summary>
    public NpgsqlDataSource Book => _hosts[_primary].Book;

    /// <summary>For the write engine and look-ups.</summary>
    public NpgsqlDataSource Engine => _hosts[_primary].Engine;

    /// <summary>The number of the host in use, in the order of the connection string.</summary>
    internal int Primary => _primary;

    /// <summary>The pools of each host for what the engine does not do.</summary>
    internal IEnumerable<NpgsqlDataSource> Books => _hosts.Select(host => host.Book);

    /// <summary>Each host for the watch, without a pool.</summary>
    internal IReadOnlyList<NpgsqlDataSource> Watches => [.. _hosts.Select(host => host.Watch)];

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            host.Watch.Dispose();
            host.Book.Dispose();
            host.Engine.Dispose();
        }
    }

    /// <summary>From now on connections go to this host.</summary>
    /// <param name="host">Its number.</param>
    internal void Follow(int host) => _primary = host;

    /// <summary>Forgets the connections that nobody uses now.</summary>
    internal void Clear()
    {
        foreach (var host in _hosts)
        {
            host.Book.Clear();
            host.Engine.Clear();
        }
    }

    /// <summary>Ends all connections; see <see cref="SilentConnections"/>.</summary>
    internal void HangUp() => SilentConnections.HangUp(_ports, _sockets);

    private Host Open(NpgsqlConnectionStringBuilder builder, bool prepares)
    {
        if (builder.Host?.StartsWith('/') == true)
            _sockets.Add(string.Create(CultureInfo.InvariantCulture, $"{builder.Host}/.s.PGSQL.{builder.Port}"));
        else
            _ports.Add(builder.Port);
        var alone = new NpgsqlConnectionStringBuilder(builder.ConnectionString)
        {
            Pooling = false,
            MinPoolSize = 0,
            MaxAutoPrepare = 0,
            ApplicationName = "contacts watch",
            Timeout = WatchTimeout,
            CommandTimeout = WatchTimeout,
        };
        return new Host(
            Source("watch", alone).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build(),
            Source("book", builder).Build(),
            Source("engine", prepares ? ForEngine(builder) : builder).Build());
    }

    /// <summary>A connection string with what every pool of ours has.</summary>
    /// <param name="connectionString">As the server's owner wrote it.</param>
    /// <param name="prepares">Whether statements are prepared.</param>
    internal static NpgsqlConnectionStringBuilder BuilderOf(string connectionString, bool prepares)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "contacts", TargetSessionAttributes = null, LoadBalanceHosts = false };
        if (!connectionString.Contains("Max", StringComparison.OrdinalIgnoreCase))
            builder.MaxPoolSize = MaxConnections;

        // Half for the engine, half for everything else.
        builder.MaxPoolSize = (builder.MaxPoolSize + 1) / 2;
        builder.MinPoolSize = Math.Min(builder.MinPoolSize, builder.MaxPoolSize);
        builder.MaxAutoPrepare = prepares ? PreparedStatements : 0;
        builder.AutoPrepareMinUsages = 2;
        builder.NoResetOnClose = true;
        return builder;
    }

    /// <summary>A string for each of the hosts that one names; itself when it names none.</summary>
    /// <param name="builder">The string.</param>
    internal static IEnumerable<NpgsqlConnectionStringBuilder> PerHost(NpgsqlConnectionStringBuilder builder)
    {
        var names = (builder.Host ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0 ? [builder] : names.Select(name => At(builder, name));
    }

    /// <summary>Connections of a name that metrics and traces tell in place of the connection string.</summary>
    private static NpgsqlDataSourceBuilder Source(string name, NpgsqlConnectionStringBuilder builder) => new(builder.ConnectionString) { Name = name };

    private static NpgsqlConnectionStringBuilder ForEngine(NpgsqlConnectionStringBuilder builder) =>
        new(builder.ConnectionString) { Options = $"{builder.Options} {EngineOptions}".TrimStart() };

    /// <summary>The string for one host, whose name may bring its port, as Npgsql reads it: <c>db:5433</c>, <c>[::1]:5433</c>, <c>::1</c>, <c>/run/postgresql</c>.</summary>
    private static NpgsqlConnectionStringBuilder At(NpgsqlConnectionStringBuilder builder, string name)
    {
        var colon = name.LastIndexOf(':');
        var isPlain = name.StartsWith('/') || colon < 0 || (name.IndexOf(':', StringComparison.Ordinal) != colon && name[colon - 1] != ']');
        return isPlain || !int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new NpgsqlConnectionStringBuilder(builder.ConnectionString) { Host = name }
            : new NpgsqlConnectionStringBuilder(builder.ConnectionString) { Host = name[..colon], Port = port };
    }

    private sealed record Host(NpgsqlDataSource Watch, NpgsqlDataSource Book, NpgsqlDataSource Engine);
}
