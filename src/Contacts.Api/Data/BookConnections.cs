using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Contacts.Data;

/// <summary>The server's connections to its database: two pools (decision 16), and those of the watch. What the connection string says stays as it is.</summary>
public sealed class BookConnections : IDisposable
{
    // Every statement of the engine and of the lists is prepared once per connection; PgBouncer in transaction mode can't have that.
    private const int PreparedStatements = 200;

    // More connections than this gain nothing on one machine: they wait for the same disk and the same rows.
    private const int MaxConnections = 32;

    // Seconds, with several hosts: how long one that swallows packets may hold up whoever connects, and how long it is passed over then. The watch makes
    // Npgsql forget what it knows of hosts when a primary is found.
    private const int HostTimeout = 2;
    private const int HostRecheck = 30;

    // Seconds, for the watch, which does not wait for one attempt before the next.
    private const int WatchTimeout = 15;

    // The write engine and the look-ups ask for rows by their keys, in lists of any length: one plan, by index, serves all of them. PostgreSQL would plan anew
    // for each list, which costs more than carrying it out, and would read a table from end to end while it has no statistics yet. And a server that the
    // network took away must not hold its locks for long.
    private const string EngineOptions = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
        + " -c idle_in_transaction_session_timeout=15s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=4";

    private readonly HashSet<int> _ports = [];
    private readonly HashSet<string> _sockets = new(StringComparer.Ordinal);

    /// <summary>The connections.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="prepares">Whether statements are prepared; false behind PgBouncer in transaction mode.</param>
    public BookConnections(string connectionString, bool prepares)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = new NpgsqlConnectionStringBuilder(connectionString).ConnectionString };
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "contacts" };
        HasSeveralHosts = builder.Host?.Contains(',') == true;
        if (!connectionString.Contains("Max", StringComparison.OrdinalIgnoreCase))
            builder.MaxPoolSize = MaxConnections;

        // Half for the engine, half for everything else.
        builder.MaxPoolSize = (builder.MaxPoolSize + 1) / 2;
        builder.MinPoolSize = Math.Min(builder.MinPoolSize, builder.MaxPoolSize);
        builder.MaxAutoPrepare = prepares ? PreparedStatements : 0;
        builder.AutoPrepareMinUsages = 2;
        builder.NoResetOnClose = true;
        if (HasSeveralHosts)
            FollowPrimary(builder, said);
        Book = Open("book", builder);
        Engine = Open("engine", prepares ? ForEngine(builder) : builder);
        Hosts = [.. HostsOf(builder)];
    }

    /// <summary>For lists and everything that the engine does not do.</summary>
    public NpgsqlDataSource Book { get; }

    /// <summary>For the write engine and look-ups.</summary>
    public NpgsqlDataSource Engine { get; }

    /// <summary>Whether the connection string names several hosts.</summary>
    public bool HasSeveralHosts { get; }

    /// <summary>Each host by itself, without a pool.</summary>
    internal IReadOnlyList<NpgsqlDataSource> Hosts { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var host in Hosts)
            host.Dispose();
        Book.Dispose();
        Engine.Dispose();
    }

    /// <summary>Forgets the connections that nobody uses now.</summary>
    internal void Clear()
    {
        Book.Clear();
        Engine.Clear();
    }

    /// <summary>Makes Npgsql ask again which host takes writes.</summary>
    internal void ForgetHostStates()
    {
        (Book as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
        (Engine as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
    }

    /// <summary>Ends all connections; see <see cref="SilentConnections"/>.</summary>
    internal void HangUp() => SilentConnections.HangUp(_ports, _sockets);

    /// <summary>A pool of connections, under a name that metrics and traces tell in place of the connection string.</summary>
    private static NpgsqlDataSource Open(string name, NpgsqlConnectionStringBuilder builder) =>
        new NpgsqlDataSourceBuilder(builder.ConnectionString) { Name = name }.Build();

    private static NpgsqlConnectionStringBuilder ForEngine(NpgsqlConnectionStringBuilder builder) =>
        new(builder.ConnectionString) { Options = $"{builder.Options} {EngineOptions}".TrimStart() };

    private static void FollowPrimary(NpgsqlConnectionStringBuilder builder, DbConnectionStringBuilder said)
    {
        builder.TargetSessionAttributes ??= "primary";
        if (!said.ContainsKey("Timeout"))
            builder.Timeout = HostTimeout;
        if (!said.ContainsKey("Host Recheck Seconds"))
            builder.HostRecheckSeconds = HostRecheck;
    }

    private IEnumerable<NpgsqlDataSource> HostsOf(NpgsqlConnectionStringBuilder builder)
    {
        foreach (var text in (builder.Host ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (host, port) = PartsOf(text, builder.Port);
            if (host.StartsWith('/'))
                _sockets.Add(string.Create(CultureInfo.InvariantCulture, $"{host}/.s.PGSQL.{port}"));
            else
                _ports.Add(port);
            var alone = new NpgsqlConnectionStringBuilder(builder.ConnectionString)
            {
                Host = host,
                Port = port,
                Pooling = false,
                MinPoolSize = 0,
                MaxAutoPrepare = 0,
                ApplicationName = "contacts watch",
                TargetSessionAttributes = null,
                Timeout = WatchTimeout,
                CommandTimeout = WatchTimeout,
            };
            yield return new NpgsqlDataSourceBuilder(alone.ConnectionString) { Name = "watch" }.ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();
        }
    }

    /// <summary>The host and its port, as Npgsql reads them: <c>db:5433</c>, <c>[::1]:5433</c>, <c>::1</c>, <c>/run/postgresql</c>.</summary>
    private static (string Host, int Port) PartsOf(string text, int port)
    {
        var colon = text.LastIndexOf(':');
        var isPlain = text.StartsWith('/') || colon < 0 || (text.IndexOf(':', StringComparison.Ordinal) != colon && text[colon - 1] != ']');
        return isPlain || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var own)
            ? (text, port)
            : (text[..colon], own);
    }
}
