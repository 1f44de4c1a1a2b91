using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Workspaces;

/// <summary>Makes, lists and revokes the keys to workspaces.</summary>
/// <param name="contexts">Where tokens are kept.</param>
/// <param name="callers">Is told of what changed.</param>
/// <param name="clock">The clock.</param>
public sealed class TokenService(IDbContextFactory<ContactsDb> contexts, Callers callers, TimeProvider clock)
{
    /// <summary>How many tokens of a workspace may be in use.</summary>
    public const int MaxInUse = 1000;

    /// <summary>The tokens in use, the oldest first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.ApiTokens.AsNoTracking().Where(token => token.WorkspaceId == workspaceId && token.RevokedOn == null)
            .OrderBy(token => token.Id).ToListAsync(cancellation);
    }

    /// <summary>Keeps a token's hash.</summary>
    /// <param name="workspaceId">The workspace that it opens.</param>
    /// <param name="key">The key: <see cref="ApiToken.NewKey"/>, or one that scripts already know.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The token; refused when the key exists already, in this workspace or another, or when there are <see cref="MaxInUse"/>.</returns>
    public async Task<Outcome<ApiToken>> AddAsync(Guid workspaceId, string key, Role role, string name, CancellationToken cancellation)
    {
        var token = ApiToken.Of(workspaceId, key, role, name, clock.Now());
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.ApiTokens.CountAsync(row => row.WorkspaceId == workspaceId && row.RevokedOn == null, cancellation) is var count && count >= MaxInUse)
            return new Refusal.LimitReached(count, MaxInUse);
        db.Add(token);
        try
        {
            await db.SaveChangesAsync(cancellation);
            return token;
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new Refusal.NotUnique(UniqueAttribute.Key);
        }
    }

    /// <summary>A token in use, by its key or its id, or null.</summary>
    /// <param name="keyOrId">The key itself, or the token's id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<ApiToken?> FindAsync(string keyOrId, CancellationToken cancellation)
    {
        var hash = ApiToken.HashOf(keyOrId);
        var id = Guid.TryParse(keyOrId, out var parsed) ? parsed : Guid.Empty;
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.ApiTokens.AsNoTracking().FirstOrDefaultAsync(token => token.RevokedOn == null && (token.Hash == hash || token.Id == id), cancellation);
    }

    /// <summary>Revokes a token. Servers stop taking it within two seconds.</summary>
    /// <param name="keyOrId">The key itself, or the token's id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Whether there was such a token in use.</returns>
    public async Task<bool> RevokeAsync(string keyOrId, CancellationToken cancellation)
    {
        var hash = ApiToken.HashOf(keyOrId);
        var id = Guid.TryParse(keyOrId, out var parsed) ? parsed : Guid.Empty;
        var now = clock.Now();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.ApiTokens
            .Where(token => token.RevokedOn == null && (token.Hash == hash || token.Id == id))
            .ExecuteUpdateAsync(update => update.SetProperty(token => token.RevokedOn, now), cancellation) > 0;
    }

    /// <summary>Deletes a token that nobody needs to know of any more; where a session refers to it, it is revoked.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The token's id.</param>
    public async Task DiscardAsync(Guid workspaceId, Guid id)
    {
        await using var db = contexts.Open(workspaceId);
        var deleted = await db.ApiTokens
            .Where(token => token.WorkspaceId == workspaceId && token.Id == id
                && !db.ConsoleSessions.Any(session => session.WorkspaceId == workspaceId && session.TokenId == token.Id))
            .ExecuteDeleteAsync(CancellationToken.None);
        callers.Forget(workspaceId);
        if (deleted == 0)
            await RevokeAsync(workspaceId, id, CancellationToken.None);
    }

    /// <summary>Revokes a token of a workspace. This server refuses it at once, others within two seconds.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The token's id.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Whether there was such a token in use.</returns>
    public async Task<bool> RevokeAsync(Guid workspaceId, Guid id, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var revoked = await db.ApiTokens.Where(token => token.WorkspaceId == workspaceId && token.Id == id && token.RevokedOn == null)
            .ExecuteUpdateAsync(update => update.SetProperty(token => token.RevokedOn, now), cancellation);
        callers.Forget(workspaceId);
        return revoked > 0;
    }
}
