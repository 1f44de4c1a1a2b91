using Contacts.Audit;
using Contacts.Core;
using Contacts.Data;
using Contacts.Data.Migrations;
using Contacts.Operations;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.Commands;

/// <summary>The book, opened for one short command, with the schema of this program.</summary>
internal sealed class OpenBook : IAsyncDisposable
{
    private readonly OpenDatabase _database;
    private readonly ServiceProvider _services;

    private OpenBook(OpenDatabase database)
    {
        _database = database;
        _services = new ServiceCollection().AddLogging().AddBook(database.ConnectionString, prepares: false).AddSingleton<AuditTrail>().BuildServiceProvider();
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
        var book = new OpenBook(await OpenDatabase.OpenAsync(settings, mayCreate, cancellation));
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

    /// <summary>Does something to a workspace, with an entry in its audit log.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="action">The command.</param>
    /// <param name="work">Does it.</param>
    /// <param name="isDone">Whether it was done, by what came of it.</param>
    /// <param name="cancellation">Gives up before it begins.</param>
    public async Task<T> DoAsync<T>(Guid workspaceId, string action, Func<Task<T>> work, Func<T, bool> isDone, CancellationToken cancellation)
    {
        var trail = _services.GetRequiredService<AuditTrail>();
        var entry = new AuditEntry { WorkspaceId = workspaceId, Id = trail.NewId(), Channel = AuditTrail.Command, Action = action };
        await trail.BeginAsync(entry, cancellation);
        var journal = new ChangeJournal();
        journal.Enter();
        var done = await work();
        await trail.EndAsync(entry, isDone(done) ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, journal);
        return done;
    }

    /// <summary>Brings a database up to this program's schema.</summary>
    /// <exception cref="StartRefusedException">The database can't hold every name.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var watch = services.GetRequiredService<DatabaseWatch>();
        await watch.ChooseHostAsync(cancellation);
        if (await SchemaVersion.IsCurrentAsync(watch, cancellation))
            return;
        await using var db = await services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync(cancellation);
        await db.Database.MigrateAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }
}
