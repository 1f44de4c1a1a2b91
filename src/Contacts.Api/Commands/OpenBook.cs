using Contacts.Core;
using Contacts.Data;
using Contacts.Data.LocalPostgres;
using Contacts.Operations;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Contacts.Commands;

/// <summary>
/// The book, opened for one short command: over the connection string when there is one, through the server that runs on the data folder,
/// or with a PostgreSQL of the command's own.
/// </summary>
internal sealed class OpenBook : IAsyncDisposable
{
    private readonly LocalPostgres? _postgres;
    private readonly ServiceProvider _services;

    private OpenBook(string connectionString, LocalPostgres? postgres)
    {
        _postgres = postgres;
        _services = new ServiceCollection().AddLogging().AddBook(connectionString, prepares: false).BuildServiceProvider();
    }

    /// <summary>The book's workspaces.</summary>
    public WorkspaceService Workspaces => _services.GetRequiredService<WorkspaceService>();

    /// <summary>The keys to them.</summary>
    public TokenService Tokens => _services.GetRequiredService<TokenService>();

    /// <summary>Opens the book that the settings name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="mayCreate">Whether a data folder without a book gets a new one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartRefusedException">There is no such book, or it cannot be opened.</exception>
    public static async Task<OpenBook> OpenAsync(ServerSettings settings, bool mayCreate, CancellationToken cancellation)
    {
        var book = settings.ConnectionString is { } connection ? new OpenBook(connection, null) : await OpenLocalAsync(settings.DataFolder, mayCreate, cancellation);
        try
        {
            await MigrateAsync(book._services, cancellation);
            return book;
        }
        catch (Exception e)
        {
            await book.DisposeAsync();
            if (e is NpgsqlException && settings.ConnectionString is not null)
                throw ServerSettings.DatabaseUnusable(e);
            throw;
        }
    }

    /// <summary>The workspace with a name in any case.</summary>
    /// <exception cref="StartRefusedException">There is none.</exception>
    public async Task<Workspace> FindWorkspaceAsync(string name, CancellationToken cancellation) =>
        await Workspaces.FindAsync(name, cancellation) ?? throw new StartRefusedException($"There is no workspace named {name}. The names: workspace list");

    /// <summary>Brings a database up to this program's schema.</summary>
    /// <exception cref="StartRefusedException">The database can't hold every name.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<DatabaseWatch>().ChooseHostAsync(cancellation);
        await using var db = await services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync(cancellation);
        if (await db.Database.CanConnectAsync(cancellation)
            && await db.Database.SqlQuery<string>($"SELECT current_setting('server_encoding') AS \"Value\"").SingleAsync(cancellation) is not "UTF8" and var encoding)
        {
            throw new StartRefusedException(
                $"The database's encoding is {encoding}, which can't hold every name. Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
        }

        await db.Database.MigrateAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    private static async Task<OpenBook> OpenLocalAsync(string folder, bool mayCreate, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await DataFolder.RunningServerAsync(folder, cancellation) is { } running)
                return new OpenBook(running, null);
            if (!mayCreate && !LocalPostgres.IsIn(folder))
                throw new StartRefusedException($"There is no contact book in {folder}. Name its folder with --data, or its database with ConnectionStrings__Contacts.");
            try
            {
                var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataFolder = folder }, NullLogger.Instance, cancellation);
                return new OpenBook(postgres.ConnectionString, postgres);
            }
            catch (StartRefusedException) when (attempt == 1 && DataFolder.IsHeld(folder))
            {
                // A server took the folder between the question and the start: it is asked in the next round.
            }
        }
    }
}
