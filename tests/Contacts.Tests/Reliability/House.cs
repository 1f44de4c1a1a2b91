using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Contacts.Data.LocalPostgres;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Contacts.Tests.Reliability;

/// <summary>A whole installation to break: a PostgreSQL with every promise of durability, servers as processes, a network between them, a receiver of webhooks.</summary>
internal sealed class House : IAsyncDisposable
{
    private const int DiskMegabytes = 512;
    private const string Token = "0123456789abcdef0123456789abcdef01234567";

    private readonly string _root = Directory.CreateTempSubdirectory("contacts-test-").FullName;
    private readonly ContactsProcess[] _servers;
    private readonly List<ContactsProcess> _started = [];
    private readonly string[] _urls;
    private LocalPostgres? _postgres;

    private House(int servers)
    {
        _servers = new ContactsProcess[servers];
        _urls = [.. Enumerable.Range(0, servers).Select(_ => FreeUrl())];
        Networks = [.. Enumerable.Range(0, servers).Select(_ => NetworkCut.Listen(() => PostgresAddress))];
        Clients = [.. _urls.Select(Client)];
    }

    /// <summary>The network of each server.</summary>
    public IReadOnlyList<NetworkCut> Networks { get; }

    /// <summary>A client of each server.</summary>
    public IReadOnlyList<HttpClient> Clients { get; }

    /// <summary>Who is told of changes.</summary>
    public Receiver Receiver { get; private set; } = null!;

    /// <summary>Where PostgreSQL keeps its data: a disk of its own, when the system lets us mount one.</summary>
    public string Data => Path.Combine(_root, "data");

    /// <summary>Whether the data has a disk of its own, which can be filled.</summary>
    public bool HasDisk { get; private set; }

    /// <summary>How many servers.</summary>
    public int Servers => _servers.Length;

    private EndPoint PostgresAddress => new UnixDomainSocketEndPoint(new NpgsqlConnectionStringBuilder(_postgres!.ConnectionString).Host + "/.s.PGSQL.5432");

    /// <summary>Starts everything.</summary>
    /// <param name="servers">How many servers.</param>
    /// <param name="wantsDisk">Whether the data shall have a disk of its own.</param>
    public static async Task<House> StartAsync(int servers, bool wantsDisk)
    {
        var house = new House(servers);
        try
        {
            Directory.CreateDirectory(house.Data);
            if (wantsDisk)
                house.HasDisk = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={DiskMegabytes}m", "tmpfs", house.Data) == 0;
            house.Receiver = await Receiver.StartAsync();
            await house.StartPostgresAsync();
            for (var i = 0; i < servers; i++)
                await house.StartServerAsync(i);
            await house.FurnishAsync();
            return house;
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection of the test's own, past the network.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres!.ConnectionString) { Pooling = false, Timeout = 5 }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Starts a server.</summary>
    /// <param name="server">Which.</param>
    public async Task StartServerAsync(int server)
    {
        var database = new NpgsqlConnectionStringBuilder(_postgres!.ConnectionString) { Host = "127.0.0.1", Port = Networks[server].Port };
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Contacts"] = database.ConnectionString };
        _servers[server] = ContactsProcess.Start(environment, "--urls", _urls[server], "--token", Token, "--Logging:LogLevel:Default=Warning");
        _started.Add(_servers[server]);
        await _servers[server].ReadyAsync();
    }

    /// <summary>Sends a server a signal.</summary>
    public Task SignalServerAsync(int server, string signal) => _servers[server].SignalAsync(signal);

    /// <summary>Sends a server a signal and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndServerAsync(int server, string signal)
    {
        await _servers[server].SignalAsync(signal);
        var code = await _servers[server].ExitAsync();
        await _servers[server].DisposeAsync();
        return code;
    }

    /// <summary>Starts PostgreSQL, after whatever befell it.</summary>
    public async Task StartPostgresAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataFolder = Data, Loopback = false }, NullLogger.Instance, CancellationToken.None);
    }

    /// <summary>Stops PostgreSQL in order.</summary>
    public async Task StopPostgresAsync() => await _postgres!.DisposeAsync();

    /// <summary>Sends PostgreSQL's first process a signal and waits until all of it is gone.</summary>
    public async Task EndPostgresAsync(string signal)
    {
        await ContactsProcess.SignalAsync(signal, PostgresProcess.IdOf(Data));
        await _postgres!.Exited.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Whether PostgreSQL still runs and takes connections within some seconds.</summary>
    public async Task<bool> IsPostgresWellAsync()
    {
        for (var attempt = 0; attempt < 100 && !_postgres!.Exited.IsCompleted; attempt++)
        {
            try
            {
                await using var connection = await ConnectAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100);
            }
        }

        return false;
    }

    /// <summary>Waits until every server says that it is ready, and writes.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> UntilServingAsync()
    {
        var since = Stopwatch.GetTimestamp();
        foreach (var client in Clients)
            await Eventually.BecomesTrueAsync(() => WritesAsync(client), "the server serves again");
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>The requests that servers failed at, those that are gone too.</summary>
    public string Failures => string.Join('\n', _started.SelectMany(server => server.Errors.Split("A request failed").Skip(1)).Take(8)
        .Select(log => log[..Math.Min(log.Length, 2_500)]));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
            client.Dispose();
        foreach (var server in _servers.Where(server => server is not null))
            await server.DisposeAsync();
        foreach (var network in Networks)
            await network.DisposeAsync();
        if (Receiver is not null)
            await Receiver.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        if (HasDisk)
            await RunAsync("umount", "-l", Data);
        Directory.Delete(_root, recursive: true);
    }

    private static async Task<bool> WritesAsync(HttpClient client)
    {
        try
        {
            using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            using var written = await client.PostAsJsonAsync("/api/v2/contacts.json?urn=ext:probe", new { name = "Probe" });
            return ready.IsSuccessStatusCode && written.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Field, groups and webhook.</summary>
    private async Task FurnishAsync()
    {
        await MakeAsync("/api/v2/fields.json", new { label = "Serial", value_type = "text" });
        foreach (var name in Face.Groups)
            await MakeAsync("/api/v2/groups.json", new { name });
        using var allowed = await Clients[0].PatchAsJsonAsync("/manage/api/workspace", new { allows_private_targets = true });
        allowed.EnsureSuccessStatusCode();
        await MakeAsync("/manage/api/webhooks", new { name = "Ledger", url = Receiver.Url, events = new[] { "*" } });
        await UntilServingAsync();

        // Other servers know of a new webhook, field and group within two seconds.
        await Task.Delay(Servers > 1 ? 2_000 : 0);
    }

    private async Task MakeAsync(string path, object body)
    {
        using var made = await Clients[0].PostAsJsonAsync(path, body);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
    }

    private static HttpClient Client(string url)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", Token);
        return client;
    }

    private static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return -1;
        }
    }
}
