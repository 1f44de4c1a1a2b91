using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Data;

/// <summary>
/// Gathers a growing table's first statistics soon. Until PostgreSQL does so by itself, up to a minute later, it takes a workspace for a two-hundredth of
/// the table, and a first import reads the whole of it again and again: 100,000 contacts took 78 seconds that way.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed partial class FirstStatistics(DatabaseWatch watch, TimeProvider clock, ILogger<FirstStatistics> log) : BackgroundService
{
    private const int WorthKnowing = 500;
    private const string NeverLookedAt =
        """
        SELECT relname::text FROM pg_stat_user_tables
        WHERE schemaname = current_schema() AND n_live_tup >= $1 AND last_analyze IS NULL AND last_autoanalyze IS NULL
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, string> ByTable = new(StringComparer.Ordinal)
    {
        ["contacts"] = "ANALYZE contacts",
        ["contact_urns"] = "ANALYZE contact_urns",
        ["group_members"] = "ANALYZE group_members",
        ["group_counts"] = "ANALYZE group_counts",
    };

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await GatherAsync(stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
            {
                LogFailure(log, error);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round: tables that have grown and were never looked at.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public async Task GatherAsync(CancellationToken cancellation)
    {
        var tables = await watch.ListAsync(NeverLookedAt, [Integer(WorthKnowing)], row => row.GetString(0), cancellation);
        foreach (var table in tables.Where(ByTable.ContainsKey))
            await watch.ExecuteAsync(ByTable[table], [], cancellation);
    }

    [LoggerMessage(LogLevel.Debug, "The first statistics could not be gathered; PostgreSQL does it by itself in a while.")]
    private static partial void LogFailure(ILogger logger, Exception error);
}
