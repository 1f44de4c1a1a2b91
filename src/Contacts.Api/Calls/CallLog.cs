using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.Calls;

/// <summary>A recorded call as lists show it, without headers and bodies.</summary>
/// <param name="Id">The call; begins with the time at which it came.</param>
/// <param name="TokenId">The token, or null.</param>
/// <param name="TokenName">Its name, or null.</param>
/// <param name="Dialect">Whose API was called.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Query">The query, or null.</param>
/// <param name="Status">The status.</param>
/// <param name="DurationUs">How long it took, in microseconds.</param>
/// <param name="ContactId">The contact that it touched, when it is exactly one.</param>
/// <param name="RequestId">The id that log lines and the answer carry.</param>
/// <param name="Flags">What has to be known of it.</param>
public sealed record CallSummary(
    Guid Id,
    Guid? TokenId,
    string? TokenName,
    string Dialect,
    string Method,
    string Path,
    string? Query,
    int Status,
    long DurationUs,
    Guid? ContactId,
    string RequestId,
    CallFlags Flags);

/// <summary>A call that touched a contact.</summary>
/// <param name="Call">The call.</param>
/// <param name="Changes">What it changed: a JSON array, or null.</param>
public sealed record ContactCall(CallSummary Call, string? Changes);

/// <summary>How many contacts were made and deleted within a minute, by the calls of one server.</summary>
/// <param name="Minute">When it began.</param>
/// <param name="Created">How many were made.</param>
/// <param name="Deleted">How many were deleted.</param>
public sealed record BookMinute(DateTime Minute, int Created, int Deleted);

/// <summary>What was waited for.</summary>
/// <param name="Calls">The first calls that matched, in the order in which they came.</param>
/// <param name="IsComplete">Whether they are as many as were wanted.</param>
public sealed record AwaitedCalls(IReadOnlyList<CallSummary> Calls, bool IsComplete);

/// <summary>A search through recorded calls took too long; it is to be narrowed down.</summary>
public sealed class SearchTooLongException() : Exception("The search took too long.");

/// <summary>So many wait for calls already that nobody else may; some of them are done in a moment.</summary>
public sealed class TooManyWaitException() : Exception("Too many wait for calls at once.");

/// <summary>Reads the recorded calls of a workspace. Every statement has its time; one that would take longer is ended.</summary>
public sealed class CallLog
{
    /// <summary>The most calls of a page.</summary>
    public const int MaxPageSize = 250;

    /// <summary>How long somebody may wait for a call.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>How long a search may take.</summary>
    public static readonly TimeSpan MaxSearch = TimeSpan.FromSeconds(5);

    /// <summary>How many may wait for calls at once on a server; those of one workspace are half of them at most.</summary>
    public const int MaxWaiting = 64;

    private const int DeleteChunk = 5_000;

    // What other servers recorded is asked for this often.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    // While calls keep coming, each of them would have the log searched again at once.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly IDbContextFactory<ContactsDb> _contexts;
    private readonly DatabaseWatch _watch;
    private readonly CallQueue _queue;
    private readonly CallWriter _writer;
    private readonly CallFeed _feed;
    private readonly TimeProvider _clock;

    /// <summary>A log.</summary>
    /// <param name="contexts">Where calls are kept.</param>
    /// <param name="watch">Opens connections.</param>
    /// <param name="queue">Where those wait that are not written yet.</param>
    /// <param name="writer">Writes them.</param>
    /// <param name="feed">Tells what this server wrote.</param>
    /// <param name="clock">The clock.</param>
    internal CallLog(
        IDbContextFactory<ContactsDb> contexts, DatabaseWatch watch, CallQueue queue, CallWriter writer, CallFeed feed, TimeProvider clock) =>
        (_contexts, _watch, _queue, _writer, _feed, _clock) = (contexts, watch, queue, writer, feed, clock);

    /// <summary>Those who wait.</summary>
    internal Seats Waiting { get; } = new(MaxWaiting);

    /// <summary>A page of calls, the last one first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="size">How many.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="SearchTooLongException">It took longer than <see cref="MaxSearch"/>.</exception>
    public Task<Page<CallSummary>> ListAsync(Workspace workspace, CallQuery query, int size, Cursor? from, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return WithinTimeAsync(workspace, async db =>
        {
            var calls = query.In(db);
            var ordered = from switch
            {
                null => calls.OrderByDescending(call => call.Id),
                { Backwards: true, Id: var id } => calls.Where(call => call.Id > id).OrderBy(call => call.Id),
                { Id: var id } => calls.Where(call => call.Id < id).OrderByDescending(call => call.Id),
            };
            return Page<CallSummary>.Of(await Summaries(ordered.Take(size + 1)).ToListAsync(cancellation), size, from, call => (null, call.Id));
        });
    }

    /// <summary>One call with everything that is kept of it, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">The calls of which it is one; else it is not found.</param>
    /// <param name="id">The call.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<RecordedCall?> FindAsync(Workspace workspace, CallQuery query, Guid id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(query);
        await using var db = _contexts.Open(workspace.Id);
        return await query.In(db).SingleOrDefaultAsync(call => call.Id == id, cancellation);
    }

    /// <summary>The last calls that match, the newest first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="SearchTooLongException">It took longer than <see cref="MaxSearch"/>.</exception>
    public Task<List<CallSummary>> LastAsync(Workspace workspace, CallQuery query, int most, CancellationToken cancellation) =>
        WithinTimeAsync(workspace, db => Summaries(query.In(db).OrderByDescending(call => call.Id).Take(most)).ToListAsync(cancellation));

    /// <summary>How many calls match.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="SearchTooLongException">It took longer than <see cref="MaxSearch"/>.</exception>
    public Task<int> CountAsync(Workspace workspace, CallQuery query, CancellationToken cancellation) =>
        WithinTimeAsync(workspace, db => query.In(db).CountAsync(cancellation));

    /// <summary>The last calls that touched a contact, with what they changed, the newest first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones; names the contact.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Stops the query.</param>
    /// <exception cref="SearchTooLongException">It took longer than <see cref="MaxSearch"/>.</exception>
    public Task<List<ContactCall>> HistoryAsync(Workspace workspace, CallQuery query, int most, CancellationToken cancellation) =>
        WithinTimeAsync(workspace, db => query.In(db).OrderByDescending(call => call.Id).Take(most).Select(call => new ContactCall(
            new CallSummary(
                call.Id, call.TokenId, call.TokenName, call.Dialect, call.Method, call.Path, call.Query, call.Status, call.DurationUs, call.ContactId, call.RequestId, call.Flags),
            call.Changes)).ToListAsync(cancellation));

    /// <summary>Waits until there are so many matching calls, those that came before included. This server's calls are seen at once, others' within a second.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="count">How many.</param>
    /// <param name="time">How long at most.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="SearchTooLongException">A search took longer than <see cref="MaxSearch"/>.</exception>
    /// <exception cref="TooManyWaitException">As many as may wait do so already.</exception>
    public async Task<AwaitedCalls> WaitAsync(Workspace workspace, CallQuery query, int count, TimeSpan time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(query);
        if (!Waiting.TryTake(workspace.Id))
            throw new TooManyWaitException();
        try
        {
            return await SearchAsync(workspace, query, count, time, cancellation);
        }
        finally
        {
            Waiting.Leave(workspace.Id);
        }
    }

    /// <summary>The counts of all calls since a time, those that were not recorded among them, the first minute first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="since">Since when.</param>
    /// <param name="until">Until before when.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<CallMinute>> CountAsync(Workspace workspace, DateTime since, DateTime until, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        await using var db = _contexts.Open(workspace.Id);
        return await db.CallMinutes.AsNoTracking().Where(row => row.Minute >= since && row.Minute < until)
            .OrderBy(row => row.Minute).ThenBy(row => row.StatusClass).ToListAsync(cancellation);
    }

    /// <summary>The minutes in which contacts were made or deleted, the first one first; calls of several servers stand apart.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="since">Since when.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<BookMinute>> GrowthAsync(Workspace workspace, DateTime since, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        await using var db = _contexts.Open(workspace.Id);
        return await db.CallMinutes.AsNoTracking().Where(row => row.Minute >= since && row.ContactsCreated + row.ContactsDeleted > 0)
            .OrderBy(row => row.Minute).Select(row => new BookMinute(row.Minute, row.ContactsCreated, row.ContactsDeleted)).ToListAsync(cancellation);
    }

    /// <summary>Removes all calls that were answered by now; of other servers, those that were written. The counts stay.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops between statements.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> DeleteAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await _writer.FlushAsync(cancellation);
        return await OldCallRows.RemoveAsync(_watch, workspaceId, RowId.First(_clock.Now()), DeleteChunk, cancellation);
    }

    private static IQueryable<CallSummary> Summaries(IQueryable<RecordedCall> calls) => calls.Select(call => new CallSummary(
        call.Id, call.TokenId, call.TokenName, call.Dialect, call.Method, call.Path, call.Query, call.Status, call.DurationUs, call.ContactId, call.RequestId, call.Flags));

    private async Task<AwaitedCalls> SearchAsync(Workspace workspace, CallQuery query, int count, TimeSpan time, CancellationToken cancellation)
    {
        using var hurry = _queue.Hurry();
        var began = _clock.GetTimestamp();
        while (true)
        {
            var written = _feed.NextAsync(workspace.Id);
            var found = await WithinTimeAsync(
                workspace, db => Summaries(query.In(db).OrderBy(call => call.Id).Take(count)).ToListAsync(cancellation));
            var left = time - _clock.GetElapsedTime(began);
            if (found.Count >= count || left <= TimeSpan.Zero)
                return new AwaitedCalls(found, found.Count >= count);
            await Task.Delay(left < Rest ? left : Rest, _clock, cancellation);
            await Task.WhenAny(written, Task.Delay(left < Poll ? left : Poll, _clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<T> WithinTimeAsync<T>(Workspace workspace, Func<ContactsDb, Task<T>> read)
    {
        await using var db = _contexts.Open(workspace.Id);
        db.Database.SetCommandTimeout(MaxSearch);
        try
        {
            return await read(db);
        }
        catch (Exception error) when (IsTimeout(error))
        {
            throw new SearchTooLongException();
        }
    }

    private static bool IsTimeout(Exception error) =>
        error is NpgsqlException { InnerException: TimeoutException } || (error.InnerException is { } inner && IsTimeout(inner));
}
