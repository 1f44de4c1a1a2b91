using System.Security.Cryptography;
using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Console;

/// <summary>
/// Signs people in and out. A session lasts <see cref="Idle"/> after its last use and <see cref="Longest"/> at most, and ends with the token that it acts
/// as: the database decides at every page, so all servers agree. Only hashes are kept.
/// </summary>
/// <param name="contexts">Where sessions are kept.</param>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock.</param>
public sealed class Sessions(IDbContextFactory<ContactsDb> contexts, DatabaseWatch watch, TimeProvider clock)
{
    /// <summary>How long a session lasts that nobody uses.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    /// <summary>How long a session lasts at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>How long a link works that nobody uses.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromHours(12);

    // A page view writes nothing until this much of the idle time is over.
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(5);

    private const string RemoveOver = "DELETE FROM console_sessions WHERE expires_on <= $1";

    private const string Add =
        "INSERT INTO console_sessions (hash, workspace_id, token_id, is_link, begun_on, expires_on) VALUES ($1, $2, $3, $4, $5, $6)";

    /// <summary>Makes a link that signs in once as a token.</summary>
    /// <param name="caller">Whose token.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The link's key.</returns>
    public Task<string> OfferAsync(Caller caller, CancellationToken cancellation) => AddAsync(caller, isLink: true, LinkLife, cancellation);

    /// <summary>Begins a session.</summary>
    /// <param name="caller">The token that it acts as.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The cookie's value.</returns>
    public Task<string> BeginAsync(Caller caller, CancellationToken cancellation) => AddAsync(caller, isLink: false, Idle, cancellation);

    /// <summary>Uses a link up: whoever comes first gets its caller.</summary>
    /// <param name="key">The link's key.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The caller, or null when the link is none, was used, is too old, or its token is revoked.</returns>
    public async Task<Caller?> RedeemAsync(string key, CancellationToken cancellation)
    {
        var hash = HashOf(key);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var found = await FindAsync(db, hash, isLink: true, cancellation);
        return await db.ConsoleSessions.Where(row => row.Hash == hash && row.IsLink).ExecuteDeleteAsync(cancellation) == 1 ? found?.Caller : null;
    }

    /// <summary>Who a session's cookie belongs to; a session in use goes on.</summary>
    /// <param name="key">The cookie's value.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The caller, or null when there is no such session any more.</returns>
    public async Task<Caller?> FindAsync(string key, CancellationToken cancellation)
    {
        var hash = HashOf(key);
        var now = clock.Now();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await FindAsync(db, hash, isLink: false, cancellation) is not { } found)
            return null;
        var until = Least(now + Idle, found.Session.BegunOn + Longest);
        if (until - found.Session.ExpiresOn > Renewal)
        {
            await db.ConsoleSessions.Where(row => row.Hash == hash)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.ExpiresOn, until), cancellation);
        }

        return found.Caller;
    }

    /// <summary>Ends a session.</summary>
    /// <param name="key">The cookie's value.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task EndAsync(string key, CancellationToken cancellation)
    {
        var hash = HashOf(key);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.ConsoleSessions.Where(row => row.Hash == hash).ExecuteDeleteAsync(cancellation);
    }

    private async Task<string> AddAsync(Caller caller, bool isLink, TimeSpan life, CancellationToken cancellation)
    {
        var key = RandomNumberGenerator.GetHexString(ApiToken.KeyLength, lowercase: true);
        var now = clock.Now();

        // Few people sign in, so whoever does takes away what is over.
        await watch.ExecuteAsync(RemoveOver, [Time(now)], cancellation);
        NpgsqlParameter[] session =
        [
            Bytes(HashOf(key)), Uuid(caller.Workspace.Id), Uuid(caller.Token.Id), new NpgsqlParameter<bool> { TypedValue = isLink }, Time(now), Time(now + life),
        ];
        await watch.ExecuteAsync(Add, session, cancellation);
        return key;
    }

    private async Task<Found?> FindAsync(ContactsDb db, byte[] hash, bool isLink, CancellationToken cancellation)
    {
        var now = clock.Now();
        var found = await (
            from session in db.ConsoleSessions.AsNoTracking()
            join token in db.ApiTokens on new { session.WorkspaceId, Id = session.TokenId } equals new { token.WorkspaceId, token.Id }
            join workspace in db.Workspaces on session.WorkspaceId equals workspace.Id
            where session.Hash == hash && session.IsLink == isLink && session.ExpiresOn > now && token.RevokedOn == null
            select new { session, token, workspace }).SingleOrDefaultAsync(cancellation);
        return found is null || !CryptographicOperations.FixedTimeEquals(found.session.Hash, hash)
            ? null
            : new Found(found.session, new Caller(found.workspace, found.token));
    }

    private static DateTime Least(DateTime one, DateTime other) => one < other ? one : other;

    private static byte[] HashOf(string key) => ApiToken.HashOf(key);

    private sealed record Found(Session Session, Caller Caller);
}
