using Contacts.Operations;
using Npgsql;

namespace Contacts.Data.Migrations;

/// <summary>
/// Tells whether a database has every migration of this program, by the history that EF Core's migrator keeps. A start that finds it so needs no migrator,
/// and so no model (decision 28).
/// </summary>
internal static class SchemaVersion
{
    private const string Prefix = "Contacts.Data.Migrations.";
    private const string Suffix = ".sql";

    private const string AskDatabase = "SELECT current_setting('server_encoding'), to_regclass('\"__EFMigrationsHistory\"') IS NOT NULL";

    private const string AskHistory = "SELECT \"MigrationId\"::text FROM \"__EFMigrationsHistory\"";

    /// <summary>The names of the program's migrations: those of their files.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(SchemaVersion).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]),
    ];

    /// <summary>Whether there is nothing to migrate. A database that is not there yet has everything before it: the migrator makes it.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartRefusedException">The database can't hold every name.</exception>
    /// <exception cref="NpgsqlException">It can't be asked.</exception>
    public static async Task<bool> IsCurrentAsync(DatabaseWatch watch, CancellationToken cancellation)
    {
        try
        {
            var (encoding, hasHistory) = (await watch.ListAsync(AskDatabase, [], row => (row.GetString(0), row.GetBoolean(1)), cancellation)).Single();
            if (encoding != "UTF8")
            {
                throw new StartRefusedException(
                    $"The database's encoding is {encoding}, which can't hold every name. Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
            }

            return hasHistory && !Names.Except(await watch.ListAsync(AskHistory, [], row => row.GetString(0), cancellation), StringComparer.Ordinal).Any();
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return false;
        }
    }
}
