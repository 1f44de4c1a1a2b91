using Contacts.Data.LocalPostgres;
using Contacts.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Contacts.Commands;

/// <summary>
/// The book's database, opened for one short command and left with the schema that it has: over the connection string when there is one,
/// through the server that runs on the data folder, or with a PostgreSQL of the command's own.
/// </summary>
/// <param name="connectionString">How to reach it.</param>
/// <param name="postgres">The command's own PostgreSQL, or null.</param>
internal sealed class OpenDatabase(string connectionString, LocalPostgres? postgres) : IAsyncDisposable
{
    /// <summary>How to reach it.</summary>
    public string ConnectionString => connectionString;

    /// <summary>Opens the database that the settings name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="mayCreate">Whether a data folder without a book gets a new one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartRefusedException">There is no such book, or it cannot be opened.</exception>
    public static async Task<OpenDatabase> OpenAsync(ServerSettings settings, bool mayCreate, CancellationToken cancellation) =>
        settings.ConnectionString is { } connection ? new OpenDatabase(connection, null) : await OpenLocalAsync(settings.DataFolder, mayCreate, cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
            await postgres.DisposeAsync();
    }

    private static async Task<OpenDatabase> OpenLocalAsync(string folder, bool mayCreate, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await DataFolder.RunningServerAsync(folder, cancellation) is { } running)
                return new OpenDatabase(running, null);
            if (!mayCreate && !LocalPostgres.IsIn(folder))
                throw new StartRefusedException($"There is no contact book in {folder}. Name its folder with --data, or its database with ConnectionStrings__Contacts.");
            try
            {
                var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataFolder = folder }, NullLogger.Instance, cancellation);
                return new OpenDatabase(postgres.ConnectionString, postgres);
            }
            catch (StartRefusedException) when (attempt == 1 && DataFolder.IsHeld(folder))
            {
                // A server took the folder between the question and the start: it is asked in the next round.
            }
        }
    }
}
