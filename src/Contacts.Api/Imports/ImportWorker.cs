using System.Collections.Concurrent;
using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Imports;

/// <summary>
/// Carries out imports in the background: those that were begun here at once, and what another server left when it died. Takes away the old ones.
/// </summary>
public sealed partial class ImportWorker : BackgroundService
{
    /// <summary>How many times in a row an import may fail at the same rows before it is given up.</summary>
    public const int MaxFailures = 5;

    private const int AtOnce = 4;

    private const string Old = "SELECT workspace_id, id FROM imports WHERE id < $1 AND status NOT IN ('Checking', 'Running')";

    private const string Due = "SELECT workspace_id, id FROM imports WHERE status IN ('Checking', 'Running') AND (leased_until IS NULL OR leased_until < $1)";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CleaningPause = TimeSpan.FromHours(1);

    private readonly Dictionary<Guid, Task> _running = [];

    // Of this server alone: another one that takes an import over tries as often.
    private readonly ConcurrentDictionary<Guid, (int ReadCount, int Failures)> _failures = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly IDbContextFactory<ContactsDb> _contexts;
    private readonly DatabaseWatch _watch;
    private readonly ImportParts _parts;
    private readonly TimeProvider _clock;
    private readonly ILogger<ImportWorker> _log;
    private DateTime _cleanedOn = DateTime.MinValue;

    /// <summary>A worker.</summary>
    /// <param name="contexts">Where imports are kept.</param>
    /// <param name="watch">Opens connections.</param>
    /// <param name="parts">What a run needs.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">Where failures are told.</param>
    internal ImportWorker(
        IDbContextFactory<ContactsDb> contexts, DatabaseWatch watch, ImportParts parts, TimeProvider clock, ILogger<ImportWorker> log) =>
        (_contexts, _watch, _parts, _clock, _log) = (contexts, watch, parts, clock, log);

    /// <summary>Asks for a round now.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    /// <summary>Removes the imports that are older than they are kept, with their files and rows. Several servers may do so at once.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        var since = RowId.First(_clock.Now() - _parts.Settings.Keep);
        foreach (var (workspaceId, id) in await _watch.ListAsync(Old, [Uuid(since)], Key, cancellation))
        {
            await using var db = _contexts.Open(workspaceId);
            await db.RemoveImportAsync(id, cancellation);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BeginAsync(stoppingToken);
                if (_clock.Now() - _cleanedOn > CleaningPause)
                {
                    await CleanAsync(stoppingToken);
                    _cleanedOn = _clock.Now();
                }

                await _wake.WaitAsync(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailure(_log, error.Level(), error);
                await Task.Delay(Pause, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_running.Values);
    }

    /// <summary>Begins what is to be done and nobody does, as far as there is room.</summary>
    private async Task BeginAsync(CancellationToken stopping)
    {
        var due = await _watch.ListAsync(Due, [Time(_clock.Now())], Key, stopping);
        foreach (var (id, task) in _running)
        {
            if (task.IsCompleted)
                _running.Remove(id);
        }

        foreach (var (workspaceId, id) in due)
        {
            if (_running.Count < AtOnce && !_running.ContainsKey(id))
                _running[id] = Task.Run(() => RunAsync(workspaceId, id, stopping), CancellationToken.None);
        }
    }

    private static (Guid WorkspaceId, Guid Id) Key(NpgsqlDataReader row) => (row.GetGuid(0), row.GetGuid(1));

    private async Task RunAsync(Guid workspaceId, Guid id, CancellationToken stopping)
    {
        var holder = Guid.CreateVersion7();
        Import? import = null;
        try
        {
            if (await _parts.Progress.TakeAsync(workspaceId, id, holder, stopping) is not { } taken)
                return;
            import = taken.Import;
            if (taken.Workspace.Standing == Standing.Good)
                await new ImportRun(_parts, taken.Workspace, import, holder).RunAsync(stopping);
            else
                await _parts.Progress.EndAsync(import, holder, ImportStatus.Failed, "suspended");
            _failures.TryRemove(id, out _);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (stopping.IsCancellationRequested)
                return;
            LogFailure(_log, error.Level(), error);
            if (import is not null && !error.IsLostConnection())
                await CountFailureAsync(import, holder);
        }
        finally
        {
            Wake();
        }
    }

    /// <summary>An import's hold ends by itself, and then somebody goes on from the batch that was at work; one that fails there again and again ends.</summary>
    private async Task CountFailureAsync(Import import, Guid holder)
    {
        var (_, failures) = _failures.AddOrUpdate(
            import.Id, (import.ReadCount, 1), (_, known) => (import.ReadCount, known.ReadCount == import.ReadCount ? known.Failures + 1 : 1));
        if (failures < MaxFailures)
            return;
        try
        {
            await _parts.Progress.EndAsync(import, holder, import.Status == ImportStatus.Checking ? ImportStatus.Draft : ImportStatus.Failed, "failed");
            _failures.TryRemove(import.Id, out _);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogFailure(_log, error.Level(), error);
        }
    }

    [LoggerMessage(Message = "An import could not go on; it is tried again later.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception error);
}
