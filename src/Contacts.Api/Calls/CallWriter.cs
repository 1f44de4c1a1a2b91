using System.Diagnostics;
using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;

namespace Contacts.Calls;

/// <summary>
/// Writes what was recorded, some times a second, and the counts of all calls every two seconds. What cannot be written is left out and counted:
/// a call never waits for its record.
/// </summary>
/// <param name="queue">Where recorded calls wait.</param>
/// <param name="minutes">The counts.</param>
/// <param name="feed">Is told what was written.</param>
/// <param name="catalogs">The names of fields and groups.</param>
/// <param name="watch">Opens connections. While the database is away calls wait for it, as many as there is room for.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
internal sealed partial class CallWriter(
    CallQueue queue,
    CallMinutes minutes,
    CallFeed feed,
    CatalogCache catalogs,
    DatabaseWatch watch,
    TimeProvider clock,
    ILogger<CallWriter> log) : BackgroundService
{
    private const int BatchSize = 500;

    // Of what the calls of a batch weigh: their rows are made anew of it, and all are held at once.
    private const int BatchWeight = 4 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MinutesPause = TimeSpan.FromSeconds(2);

    // A server that stops gives the rest this long.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private (Workspace Workspace, long ReadAt)? _home;
    private long _minutesAt;

    /// <summary>Writes everything that waits, and the counts.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            await WriteCallsAsync(cancellation);
            await WriteMinutesAsync(cancellation);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastPatience);
        try
        {
            await FlushAsync(patience.Token);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogFailure(log, error.Level(), error);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await queue.WaitAsync(Pause, stoppingToken);
                await RoundAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailure(log, error.Level(), error);
            }
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            await WriteCallsAsync(cancellation);
            if (Stopwatch.GetElapsedTime(_minutesAt) < MinutesPause)
                return;
            await WriteMinutesAsync(cancellation);
            _minutesAt = Stopwatch.GetTimestamp();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task WriteCallsAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            watch.ThrowIfAway();
            var calls = new List<CallRecord>();
            for (var weight = 0; calls.Count < BatchSize && weight < BatchWeight && queue.TryTake(out var call); weight += call.Weight)
                calls.Add(call);
            if (calls.Count == 0)
                return;

            // They are in no queue any more, and may be of several workspaces: whoever asked for this and goes away does not take them along.
            foreach (var group in calls.GroupBy(call => call.Caller?.Workspace.Id))
                await WriteAsync(group.Key, [.. group], CancellationToken.None);
            calls.ForEach(call => call.Close());
        }
    }

    private async Task WriteAsync(Guid? known, List<CallRecord> calls, CancellationToken cancellation)
    {
        var workspaceId = known ?? Guid.Empty;
        try
        {
            var workspace = calls[^1].Caller?.Workspace ?? await HomeAsync(cancellation);
            if (workspace is null)
                return;
            workspaceId = workspace.Id;
            if (known is null)
                calls.RemoveAll(call => workspace.Recording == Recording.Off || (workspace.Recording == Recording.Errors && call.Status < StatusCodes.Status400BadRequest));
            if (calls.Count == 0)
                return;
            var changes = new ChangeText(new ShownNames(await catalogs.GetAsync(workspaceId, cancellation), workspace.IsAnonymous));
            var texts = calls.ConvertAll(call => CallText.RowOf(workspaceId, call, changes));
            var rows = texts.ConvertAll(text => text.Row);
            await CallRows.InsertAsync(watch, workspaceId, rows, texts.ConvertAll(text => text.Answer), ContactsOf(rows, calls), cancellation);
            for (var i = 0; i < rows.Count; i++)
                minutes.CountKept(workspaceId, calls[i].StartedOn, calls[i].Status, rows[i].Size);
            feed.Announce(workspaceId);
        }
        catch (Exception error) when (calls.Count > 1 && (error is ArgumentException || error.IsMisfit()))
        {
            // One that can't be written does not take the others along.
            foreach (var call in calls)
                await WriteAsync(known, [call], cancellation);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            foreach (var call in calls)
                minutes.CountKept(workspaceId, call.StartedOn, call.Status, null);
            LogLeftOut(log, error.Level(), error, calls.Count);
        }
    }

    private static List<RecordedContact> ContactsOf(List<RecordedCall> rows, List<CallRecord> calls)
    {
        var contacts = new List<RecordedContact>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (calls[i].Journal?.Contacts is not { Count: > 1 } several)
                continue;
            var row = rows[i];
            contacts.AddRange(several.Select(contact => new RecordedContact { WorkspaceId = row.WorkspaceId, ContactId = contact, CallId = row.Id }));
        }

        return contacts;
    }

    private async Task WriteMinutesAsync(CancellationToken cancellation)
    {
        if (minutes.Has(Guid.Empty) && await HomeAsync(cancellation) is { } home)
            minutes.Move(Guid.Empty, home.Id);
        foreach (var rows in minutes.Unwritten().Where(row => row.WorkspaceId != Guid.Empty).GroupBy(row => row.WorkspaceId))
        {
            CallMinute[] all = [.. rows];
            await CallRows.UpsertAsync(watch, all, cancellation);
            minutes.Written(all);
        }
    }

    /// <summary>The workspace that gets the calls of which nobody knows whose they are: the oldest one.</summary>
    private async Task<Workspace?> HomeAsync(CancellationToken cancellation)
    {
        if (_home is { } home && clock.GetElapsedTime(home.ReadAt) < Callers.MaxAge)
            return home.Workspace;
        var readAt = clock.GetTimestamp();
        var oldest = await WorkspaceRows.OldestAsync(watch, cancellation);
        _home = oldest is null ? null : (oldest, readAt);
        return oldest;
    }

    [LoggerMessage(Message = "{Count} calls could not be recorded.")]
    private static partial void LogLeftOut(ILogger logger, LogLevel level, Exception error, int count);

    [LoggerMessage(Message = "Recording calls failed; it is tried again in a moment.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception error);
}
