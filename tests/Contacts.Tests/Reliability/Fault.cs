using Contacts.Tests.Operations;
using Npgsql;

namespace Contacts.Tests.Reliability;

/// <summary>Something that breaks an installation, and mends it again.</summary>
/// <param name="Name">What it is.</param>
/// <param name="StrikeAsync">Breaks and mends.</param>
internal sealed record Fault(string Name, Func<House, Random, Task> StrikeAsync)
{
    private const int FillerPiece = 1 << 20;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    // Longer than a server's right to deliver webhooks holds.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(12);

    /// <summary>The server dies.</summary>
    public static readonly Fault ServerKilled = new("kill -9 of a server", async (house, random) =>
    {
        var server = random.Next(house.Servers);
        await house.EndServerAsync(server, "KILL");
        await house.StartServerAsync(server);
    });

    /// <summary>The server is asked to stop: whoever gets no answer was not served.</summary>
    public static readonly Fault ServerStopped = new("a server is stopped", async (house, random) =>
    {
        var server = random.Next(house.Servers);
        (await house.EndServerAsync(server, "TERM")).ShouldBe(0);
        await house.StartServerAsync(server);
    })
    {
        ServesOrRefuses = true,
    };

    /// <summary>The server stands still, comes back, and believes that no time has passed; others have done its work.</summary>
    public static readonly Fault ServerPaused = new("a server stands still", async (house, random) =>
    {
        var server = random.Next(house.Servers);
        await house.SignalServerAsync(server, "STOP");
        await Task.Delay(Pause);
        await house.SignalServerAsync(server, "CONT");
    });

    /// <summary>PostgreSQL dies.</summary>
    public static readonly Fault PostgresKilled = new("kill -9 of PostgreSQL", async (house, _) =>
    {
        await house.EndPostgresAsync("KILL");
        await house.StartPostgresAsync();
    });

    /// <summary>A process of PostgreSQL dies, whereupon it ends all others and recovers.</summary>
    public static readonly Fault BackendKilled = new("kill -9 of a backend", async (house, random) =>
    {
        var backends = await BackendsAsync(house);
        await ContactsProcess.SignalAsync("KILL", backends[random.Next(backends.Count)]);
        await house.UntilServingAsync();
    });

    /// <summary>An administrator ends all connections.</summary>
    public static readonly Fault BackendsEnded = new("pg_terminate_backend of all", async (house, _) =>
    {
        await using var connection = await house.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'contacts'", connection);
        await command.ExecuteNonQueryAsync();
    });

    /// <summary>PostgreSQL is restarted in order.</summary>
    public static readonly Fault PostgresRestarted = new("a restart of PostgreSQL", async (house, _) =>
    {
        await house.StopPostgresAsync();
        await Task.Delay(Outage);
        await house.StartPostgresAsync();
    });

    /// <summary>PostgreSQL is stopped without order, and recovers.</summary>
    public static readonly Fault PostgresStoppedAtOnce = new("an immediate stop of PostgreSQL", async (house, _) =>
    {
        await house.EndPostgresAsync("QUIT");
        await house.StartPostgresAsync();
    });

    /// <summary>The connections are reset, and no new one can be had for a while.</summary>
    public static readonly Fault NetworkReset = new("the network resets connections", async (house, random) =>
    {
        var network = house.Networks[random.Next(house.Servers)];
        network.Reset();
        await Task.Delay(Outage);
        network.Mend(forgets: false);
    });

    /// <summary>Nothing gets through for a while, and then everything, late.</summary>
    public static readonly Fault NetworkLate = new("the network is silent, then late", (house, random) => SilenceAsync(house, random, answersOnly: false, forgets: false));

    /// <summary>Nothing gets through any more; PostgreSQL is never told that the connections are gone.</summary>
    public static readonly Fault NetworkSilent = new("the network is silent", (house, random) => SilenceAsync(house, random, answersOnly: false, forgets: true));

    /// <summary>Statements arrive, and their answers do not.</summary>
    public static readonly Fault AnswersLost = new("the network loses answers", (house, random) => SilenceAsync(house, random, answersOnly: true, forgets: true));

    /// <summary>The disk of the data is full for a while.</summary>
    public static readonly Fault DiskFull = new("the disk is full", async (house, _) =>
    {
        var filler = Path.Combine(house.Data, "filler");
        try
        {
            await FillAsync(filler);
            await UseUpLogAsync(house);
            await Task.Delay(Silence);
        }
        finally
        {
            File.Delete(filler);
        }

        if (!await house.IsPostgresWellAsync())
            await house.StartPostgresAsync();
    });

    /// <summary>Every fault.</summary>
    public static readonly IReadOnlyList<Fault> Every =
    [
        ServerKilled, ServerStopped, ServerPaused, PostgresKilled, BackendKilled, BackendsEnded, PostgresRestarted, PostgresStoppedAtOnce, NetworkReset,
        NetworkLate, NetworkSilent, AnswersLost, DiskFull,
    ];

    /// <summary>Whether a call without an answer must not be in the book.</summary>
    public bool ServesOrRefuses { get; init; }

    private static async Task SilenceAsync(House house, Random random, bool answersOnly, bool forgets)
    {
        var network = house.Networks[random.Next(house.Servers)];
        network.Silence(answersOnly);
        await Task.Delay(Silence);
        network.Mend(forgets);
    }

    private static async Task<List<int>> BackendsAsync(House house)
    {
        var backends = new List<int>();
        await using var connection = await house.ConnectAsync();
        await using var command = new NpgsqlCommand("SELECT pid FROM pg_stat_activity WHERE application_name = 'contacts'", connection);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            backends.Add(rows.GetInt32(0));
        return backends;
    }

    private static async Task FillAsync(string filler)
    {
        var piece = new byte[FillerPiece];
        await using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = FillerPiece; size > 0;)
        {
            try
            {
                await file.WriteAsync(piece.AsMemory(0, size));
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Lets PostgreSQL need new files for its log, which it kept some of in stock.</summary>
    private static async Task UseUpLogAsync(House house)
    {
        try
        {
            await using var connection = await house.ConnectAsync();
            for (var i = 0; i < 20; i++)
            {
                await using var command = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'ledger', 'x'), pg_switch_wal()", connection);
                await command.ExecuteNonQueryAsync();
            }
        }
        catch (NpgsqlException)
        {
            // It ran out, as it was meant to.
        }
    }
}
