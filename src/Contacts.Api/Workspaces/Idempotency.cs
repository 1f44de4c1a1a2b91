using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Workspaces;

/// <summary>What is to be done with a call under a key.</summary>
public abstract record Claiming
{
    /// <summary>Carry it out.</summary>
    /// <param name="Claim">The right to it.</param>
    public sealed record Granted(Claim Claim) : Claiming;

    /// <summary>It was carried out by a server that was stopped before it kept the answer: make the answer again, and keep it.</summary>
    /// <param name="Claim">The right to keep it.</param>
    /// <param name="Effect">What the call came to.</param>
    /// <param name="Subject">The one object that it is about; null when there is none.</param>
    public sealed record Done(Claim Claim, CallEffect Effect, string? Subject) : Claiming;

    /// <summary>It was answered.</summary>
    /// <param name="Status">The status.</param>
    /// <param name="ContentType">The content type, or null.</param>
    /// <param name="Body">The body; null when it was not kept.</param>
    public sealed record Answered(int Status, string? ContentType, byte[]? Body) : Claiming;

    /// <summary>The key was used for another request.</summary>
    public sealed record OtherRequest : Claiming;

    /// <summary>It is being carried out.</summary>
    public sealed record Running : Claiming;
}

/// <summary>
/// Keeps the answers of calls that their clients named by a key. A claim is a row; the unique index makes one of any number of racing calls.
/// A claim holds for <see cref="Lease"/>: when its server is stopped another may take the call over, which tells from the row whether it was
/// carried out.
/// </summary>
/// <param name="contexts">Where calls are kept.</param>
/// <param name="clock">The clock.</param>
public sealed class Idempotency(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>How long a key stands for its call.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long a call without an answer is taken to be running.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const int Attempts = 3;

    /// <summary>Asks for the right to carry out a call.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="key">The client's key.</param>
    /// <param name="requestHash">What makes two calls the same.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Claiming> ClaimAsync(Caller caller, string key, byte[] requestHash, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(caller);
        await using var db = contexts.Open(caller.Workspace.Id);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var now = clock.NowIn(caller.Workspace);
            var claim = new Claim(RowId.At(now));
            if (await InsertAsync(db, claim, caller.Token.Id, key, requestHash, now, cancellation))
                return new Claiming.Granted(claim);
            var call = await db.IdempotentCalls.AsNoTracking()
                .SingleOrDefaultAsync(row => row.TokenId == caller.Token.Id && row.Key == key, cancellation);
            if (call is null)
                continue;
            if (call.ExpiresOn > now)
                return await DecideAsync(db, call, claim, requestHash, now, cancellation);
            await db.IdempotentCalls.Where(row => row.Id == call.Id).ExecuteDeleteAsync(cancellation);
        }

        return new Claiming.Running();
    }

    /// <summary>Keeps the answer.</summary>
    /// <param name="caller">Who called.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="status">The status.</param>
    /// <param name="contentType">The content type, or null.</param>
    /// <param name="body">The body; null to keep only that there was an answer.</param>
    /// <returns>False when somebody else took the call over: then theirs is the answer.</returns>
    public async Task<bool> KeepAsync(Caller caller, Claim claim, int status, string? contentType, byte[]? body)
    {
        ArgumentNullException.ThrowIfNull(caller);
        await using var db = contexts.Open(caller.Workspace.Id);
        return await db.IdempotentCalls.Where(call => call.Id == claim.Id).ExecuteUpdateAsync(
            update => update
                .SetProperty(call => call.Status, status)
                .SetProperty(call => call.ContentType, contentType)
                .SetProperty(call => call.Body, body),
            CancellationToken.None) == 1;
    }

    /// <summary>
    /// Gives the claim up after a failure. The key is free again, unless the book was changed: then the next call makes the answer again.
    /// </summary>
    /// <param name="caller">Who called.</param>
    /// <param name="claim">The claim.</param>
    public async Task ReleaseAsync(Caller caller, Claim claim)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = clock.NowIn(caller.Workspace);
        await using var db = contexts.Open(caller.Workspace.Id);
        var freed = await db.IdempotentCalls.Where(call => call.Id == claim.Id && call.Effect == null).ExecuteDeleteAsync(CancellationToken.None);
        if (freed == 0)
        {
            await db.IdempotentCalls.Where(call => call.Id == claim.Id)
                .ExecuteUpdateAsync(update => update.SetProperty(call => call.LeasedUntil, now), CancellationToken.None);
        }
    }

    private static async Task<bool> InsertAsync(
        ContactsDb db, Claim claim, Guid tokenId, string key, byte[] requestHash, DateTime now, CancellationToken cancellation) =>
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO idempotent_calls (workspace_id, id, token_id, key, request_hash, leased_until, expires_on)
             VALUES ({db.WorkspaceId}, {claim.Id}, {tokenId}, {key}, {requestHash}, {now + Lease}, {now + Lifetime})
             ON CONFLICT (workspace_id, token_id, key) DO NOTHING
             """,
            cancellation) == 1;

    private static async Task<Claiming> DecideAsync(
        ContactsDb db, IdempotentCall call, Claim claim, byte[] requestHash, DateTime now, CancellationToken cancellation)
    {
        if (!call.RequestHash.AsSpan().SequenceEqual(requestHash))
            return new Claiming.OtherRequest();
        if (call.Status is { } status)
            return new Claiming.Answered(status, call.ContentType, call.Body);
        return call.LeasedUntil > now ? new Claiming.Running() : await TakeOverAsync(db, call.Id, claim, now, cancellation);
    }

    /// <summary>
    /// A call that is late and not stopped either holds its row by now, which is passed over here, or finds its claim gone when it comes to write.
    /// What the row says is read after it was locked.
    /// </summary>
    private static async Task<Claiming> TakeOverAsync(ContactsDb db, Guid old, Claim claim, DateTime now, CancellationToken cancellation)
    {
        var taken = await db.IdempotentCalls.FromSql(
            $"""
             UPDATE idempotent_calls SET id = {claim.Id}, leased_until = {now + Lease}
             WHERE workspace_id = {db.WorkspaceId} AND id = (
               SELECT id FROM idempotent_calls WHERE workspace_id = {db.WorkspaceId} AND id = {old} AND status IS NULL FOR UPDATE SKIP LOCKED)
             RETURNING *
             """).IgnoreQueryFilters().AsNoTracking().ToListAsync(cancellation);
        return taken switch
        {
            [{ Effect: { } effect, Subject: var subject }] => new Claiming.Done(claim, effect, subject),
            [_] => new Claiming.Granted(claim),
            _ => new Claiming.Running(),
        };
    }
}
