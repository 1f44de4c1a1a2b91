namespace Contacts.Data.LocalPostgres;

/// <summary>What a private PostgreSQL is started with.</summary>
public sealed record LocalPostgresOptions
{
    /// <summary>The folder of the data; made when it is missing. The cluster itself stands in its subfolder <c>postgres</c>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>False gives up durability for speed (no fsync, no full pages): for tests, whose data may be lost.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How many connections PostgreSQL takes at once.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>True tells other commands on this data folder how to connect (<c>connection.json</c>): a server does, a short command does not.</summary>
    public bool Share { get; init; }

    /// <summary>
    /// A loopback port with a random password instead of a Unix socket in a private folder: Windows, where PostgreSQL's programs
    /// and Npgsql do not agree on sockets.
    /// </summary>
    public bool Loopback { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Started by <c>pg_ctl</c> instead of as our child: outside Linux, where no session of its own can be had otherwise.</summary>
    internal bool Detached { get; init; } = !OperatingSystem.IsLinux();
}
