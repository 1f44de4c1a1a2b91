using System.Threading.Channels;
using Contacts.Core;
using Contacts.Data;

namespace Contacts.Webhooks;

/// <summary>What couriers of one server share.</summary>
/// <param name="Watch">Opens connections.</param>
/// <param name="Lease">Who may deliver.</param>
/// <param name="Faults">Sends, with the faults that were asked for.</param>
/// <param name="Outbox">Is told when a webhook is switched off.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Log">The log.</param>
internal sealed record CourierTools(DatabaseWatch Watch, Lease Lease, DeliveryFaults Faults, Outbox Outbox, TimeProvider Clock, ILogger Log);

/// <summary>
/// Delivers one webhook's events while this server has the lease and there is something to deliver: as many at once as <see cref="FailureRun"/> allows, of
/// one contact one after the other.
/// </summary>
/// <param name="key">The webhook.</param>
/// <param name="tools">What couriers share.</param>
/// <param name="retire">Asks to be forgotten; refused when there is news.</param>
internal sealed partial class Courier(WebhookKey key, CourierTools tools, Func<Courier, bool> retire) : IDisposable
{
    private const int MostHeld = 500;
    private const int WorthSettling = 64;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettleAfter = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetireAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Channel<(Attempt Attempt, int Round)> _ended = Channel.CreateUnbounded<(Attempt, int)>();
    private readonly CancellationTokenSource _hangUp = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly Chains _chains = new();
    private readonly List<Attempt> _unsettled = [];
    private volatile bool _isStale;
    private volatile bool _hasNews = true;
    private LeasedWebhook _leased = null!;
    private TimeSpan _renewedAt;
    private TimeSpan _readAt;
    private TimeSpan _unsettledSince;
    private TimeSpan _busyAt;
    private FailureRun _failures = new(0, tools.Clock);
    private int _writtenFailures;
    private bool _isOff;
    private int _active;

    /// <summary>The webhook.</summary>
    public WebhookKey Key => key;

    /// <summary>Whether something came since it was last looked at.</summary>
    public bool HasNews => _hasNews;

    /// <summary>There are new rows.</summary>
    public void Wake()
    {
        _hasNews = true;
        Nudge();
    }

    /// <summary>The webhook was changed: what is known of it is not true any more.</summary>
    public void Reload() => _isStale = true;

    /// <summary>Delivers until there is nothing more, the lease is lost, or the server stops.</summary>
    /// <param name="stopping">Takes nothing new; what is under way may end.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Forgotten only after the lease was given back, so that no other courier of this server can have it meanwhile.
        var isIdle = true;
        while (isIdle)
        {
            if (await tools.Lease.TakeAsync(key.WorkspaceId, key.WebhookId) is not { } leased)
            {
                // Another server delivers; it looks for rows by itself.
                await Task.Delay(RefusedPause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            (_leased, _renewedAt, _busyAt) = (leased, Now, Now);
            _writtenFailures = leased.Webhook.Failures;
            _failures = new FailureRun(_writtenFailures, tools.Clock);
            try
            {
                isIdle = await DeliverAsync(stopping);
            }
            finally
            {
                await EndAsync();
            }

            isIdle = isIdle && !retire(this);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _hangUp.Dispose();
        _news.Dispose();
    }

    // Pacing is by the machine's time: a clock that stands still must not keep a courier from looking again.
    private static TimeSpan Now => TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <returns>Whether it ended because there is nothing to do.</returns>
    private async Task<bool> DeliverAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && _failures.OffReason is null && await KeepAsync())
        {
            Collect();
            await SettleAsync();
            await ReadAsync();
            Start();
            if (_active > 0 || _unsettled.Count > 0 || _chains.HasReady)
                _busyAt = Now;
            else if (Now - _busyAt > RetireAfter && !_hasNews)
                return true;
            await WaitAsync(stopping);
        }

        return false;
    }

    /// <summary>Renews the lease now and then, and at once when the webhook was changed.</summary>
    private async Task<bool> KeepAsync()
    {
        if (!_isStale && Now - _renewedAt < RenewAfter)
            return true;
        _isStale = false;
        if (await tools.Lease.TakeAsync(key.WorkspaceId, key.WebhookId) is not { } leased)
            return false;
        (_leased, _renewedAt) = (leased, Now);
        return true;
    }

    private async Task ReadAsync()
    {
        if (_chains.Held.Count > MostHeld / 2 || (!_hasNews && Now - _readAt < Poll))
            return;
        _hasNews = false;
        _readAt = Now;
        var limit = MostHeld - _chains.Held.Count;
        var rows = await OutboxRows.ReadDueAsync(tools.Watch, _leased.Webhook, _chains.Held, tools.Clock.Now(), limit);
        if (rows.Count == limit)
            _hasNews = true;
        _chains.Add(await tools.Faults.OrderAsync(key.WorkspaceId, rows));
    }

    private void Start()
    {
        var allowed = _failures.Allowed;
        while (_active < allowed && _chains.HasReady)
        {
            _active++;
            _ = SendAsync(_chains.Take(), _failures.Round);
        }
    }

    private async Task SendAsync(OutboxRow row, int round)
    {
        // Off the courier's own path, which goes on starting others.
        await Task.Yield();
        Attempt attempt;
        try
        {
            attempt = await tools.Faults.SendAsync(_leased, row, _hangUp.Token);
        }
        catch (Exception error)
        {
            if (error is not OperationCanceledException)
                LogUnsent(tools.Log, error, row.Id);
            attempt = new Attempt(row, Guid.Empty, row.Attempts + 1, tools.Clock.Now(), 0, null, error.Message, null);
        }

        _ended.Writer.TryWrite((attempt, round));
        Nudge();
    }

    private void Collect()
    {
        while (_ended.Reader.TryRead(out var ended))
        {
            _active--;

            // Given up because the server stops: it is sent again by whoever comes next.
            if (_hangUp.IsCancellationRequested && ended.Attempt.Id == Guid.Empty)
                continue;
            var attempt = _failures.Decide(ended.Attempt, ended.Round);
            if (_unsettled.Count == 0)
                _unsettledSince = Now;
            _unsettled.Add(attempt);
            Measures.CountAttempt(attempt.Status);
            _chains.Ended(attempt.Row, attempt.RetryOn is null);
        }
    }

    private async Task SettleAsync(bool isLast = false)
    {
        if (_unsettled.Count == 0)
            return;
        if (!isLast && _failures.OffReason is null && _active > 0 && _unsettled.Count < WorthSettling && Now - _unsettledSince < SettleAfter)
            return;
        int? failures = _failures.Count == _writtenFailures ? null : _failures.Count;
        var offReason = _isOff ? null : _failures.OffReason;
        await OutboxRows.SettleAsync(tools.Watch, _leased.Webhook, [.. _unsettled.Select(WithId)], _isOff ? null : failures, offReason);
        _writtenFailures = _failures.Count;
        _chains.Settled(_unsettled.Select(attempt => attempt.Row));
        _unsettled.Clear();
        if (offReason is null)
            return;
        _isOff = true;
        LogOff(tools.Log, key.WebhookId, offReason);
        tools.Outbox.Forget(key.WorkspaceId, key.WebhookId);
    }

    private static Attempt WithId(Attempt attempt) => attempt.Id == Guid.Empty ? attempt with { Id = RowId.At(attempt.RequestedOn) } : attempt;

    private async Task WaitAsync(CancellationToken stopping)
    {
        var patience = _unsettled.Count > 0 && _active > 0 ? SettleAfter : Poll;
        if (_hasNews && _chains.Held.Count <= MostHeld / 2)
            return;
        try
        {
            await _news.WaitAsync(patience, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    /// <summary>Lets what is under way end for a while, writes it down, and gives the lease back.</summary>
    private async Task EndAsync()
    {
        if (_active > 0)
            _hangUp.CancelAfter(StopPatience);
        while (_active > 0)
        {
            Collect();
            if (_active > 0)
                await _news.WaitAsync(Poll);
        }

        await SettleAsync(isLast: true);
        await tools.Lease.ReleaseAsync(key.WorkspaceId, key.WebhookId);
    }

    private void Nudge()
    {
        try
        {
            if (_news.CurrentCount == 0)
                _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else nudged in the same moment.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The webhook {Webhook} was switched off: {Reason}")]
    private static partial void LogOff(ILogger logger, Guid webhook, string reason);

    [LoggerMessage(LogLevel.Error, "The delivery {Delivery} could not be sent")]
    private static partial void LogUnsent(ILogger logger, Exception error, Guid delivery);
}
