using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Contacts.Operations;
using Npgsql;

namespace Contacts.Data.LocalPostgres;

/// <summary>
/// A private PostgreSQL of this process, made from the programs installed on the machine: the quick start's database, and the tests'.
/// It lives in a data folder that only one process can hold, stops with this object, dies with this process, and recovers after a crash.
/// </summary>
[SuppressMessage("Design", "MA0049", Justification = "The folder is named after its one entrance.")]
public sealed class LocalPostgres : IAsyncDisposable
{
    /// <summary>A socket's whole path fits 107 bytes on Linux and 103 on macOS.</summary>
    private const int LongestSocketPath = 103;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DataFolder _folder;
    private readonly PostgresCluster _cluster;
    private readonly PostgresServer _server;
    private readonly string? _socketFolder;
    private bool _isDisposed;

    private LocalPostgres(DataFolder folder, PostgresCluster cluster, PostgresServer server, string? socketFolder, string connectionString)
    {
        _folder = folder;
        _cluster = cluster;
        _server = server;
        _socketFolder = socketFolder;
        ConnectionString = connectionString;
    }

    /// <summary>How to reach the book's database, as the role that owns the server.</summary>
    public string ConnectionString { get; }

    /// <summary>Completes when PostgreSQL has ended, asked or not.</summary>
    public Task Exited => _server.Exited;

    /// <summary>Whether a folder holds a private PostgreSQL's data.</summary>
    public static bool IsIn(string dataFolder) => Directory.Exists(Path.Combine(dataFolder, "postgres"));

    /// <summary>Takes the data folder, makes the cluster on first use, tidies after a crash, starts PostgreSQL and waits until it takes connections.</summary>
    /// <exception cref="StartRefusedException">No PostgreSQL is installed, the folder is in use or unusable, or PostgreSQL does not start; the message says how to go on.</exception>
    public static async Task<LocalPostgres> StartAsync(LocalPostgresOptions options, ILogger logger, CancellationToken cancellation)
    {
        var folder = await DataFolder.TakeAsync(options.DataFolder, options.Share, cancellation);
        try
        {
            var cluster = await PostgresCluster.OpenAsync(folder.Path, options, cancellation);
            await cluster.RecoverAsync(logger, cancellation);
            var (socketFolder, port) = options.Loopback ? (null, FreePort()) : (await SocketFolderAsync(cluster, cancellation), 5432);
            var connection = ConnectionTo(cluster, socketFolder, port);
            await cluster.ConfigureAsync(socketFolder, port);
            var server = options.Detached
                ? await PostgresServer.StartDetachedAsync(cluster, cancellation)
                : await PostgresServer.StartChildAsync(cluster, logger);
            var postgres = new LocalPostgres(folder, cluster, server, socketFolder, connection.ConnectionString);
            await postgres.FinishStartAsync(options, cancellation);
            return postgres;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Stops PostgreSQL in order (sessions end, a checkpoint is written), then the hard way when it does not follow.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        foreach (var (mode, seconds) in new[] { ("fast", 20), ("immediate", 5) })
        {
            if (Exited.IsCompleted || await _cluster.StopAsync(mode, TimeSpan.FromSeconds(seconds), CancellationToken.None))
                break;
        }

        if (!Exited.IsCompleted && File.Exists(_cluster.PidFile))
            _server.Kill();
        if (_socketFolder is not null && !string.Equals(_socketFolder, _cluster.Folder, StringComparison.Ordinal))
            Directory.Delete(_socketFolder, recursive: true);
        _folder.Dispose();
    }

    private static async Task<string> SocketFolderAsync(PostgresCluster cluster, CancellationToken cancellation)
    {
        if (Encoding.UTF8.GetByteCount(Path.Combine(cluster.Folder, ".s.PGSQL.5432")) <= LongestSocketPath)
            return cluster.Folder;
        var folder = Directory.CreateTempSubdirectory("contacts-").FullName;
        await cluster.Account.OwnAsync(folder, cancellation);
        return folder;
    }

    private static NpgsqlConnectionStringBuilder ConnectionTo(PostgresCluster cluster, string? socketFolder, int port)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = socketFolder ?? "127.0.0.1",
            Port = port,
            Username = PostgresCluster.Role,
            Database = PostgresCluster.Role,
        };
        if (socketFolder is null)
            connection.Password = cluster.Password();
        return connection;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task FinishStartAsync(LocalPostgresOptions options, CancellationToken cancellation)
    {
        try
        {
            await WaitUntilReadyAsync(cancellation);
            await EnsureDatabaseAsync(cancellation);
            if (options.Share)
                _folder.Share(ConnectionString);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for PostgreSQL's own word, the last line of its pid file: cheaper than trying to connect, and it covers crash recovery.</summary>
    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (!IsReady())
        {
            if (Exited.IsCompleted)
                throw new StartRefusedException($"PostgreSQL did not start in {_cluster.Folder}:\n{_server.LastLines}");
            if (TimeProvider.System.GetUtcNow() > deadline)
                throw new StartRefusedException($"PostgreSQL was not ready after {Patience.TotalSeconds} seconds in {_cluster.Folder}:\n{_server.LastLines}");
            await Task.Delay(15, cancellation);
        }
    }

    private bool IsReady()
    {
        try
        {
            return File.ReadLines(_cluster.PidFile).ElementAtOrDefault(7)?.StartsWith("ready", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellation)
    {
        var admin = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(admin.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = PostgresCluster.Role } } };
        if (await exists.ExecuteScalarAsync(cancellation) is not null)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {PostgresCluster.Role}", connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }
}
