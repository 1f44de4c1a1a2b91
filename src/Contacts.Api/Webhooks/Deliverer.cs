using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Webhooks;

/// <summary>
/// Delivers what is in the outboxes of all workspaces, each webhook by a <see cref="Courier"/> of its own, so that a slow receiver delays nobody else.
/// Woken by the commits of this server; looks every second for what others left, and for what is to be tried again.
/// </summary>
public sealed partial class Deliverer : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, Courier> _couriers = [];
    private readonly HashSet<Task> _work = [];
    private readonly Outbox _outbox;
    private readonly Lease _lease;
    private readonly CourierTools _tools;
    private readonly ILogger<Deliverer> _log;
    private CancellationToken _stopping = new(canceled: true);

    /// <summary>A deliverer.</summary>
    /// <param name="contexts">Where webhooks are kept.</param>
    /// <param name="watch">Opens connections.</param>
    /// <param name="outbox">Tells of new rows.</param>
    /// <param name="faults">Sends, with the faults that were asked for.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">The log.</param>
    public Deliverer(
        IDbContextFactory<ContactsDb> contexts, DatabaseWatch watch, Outbox outbox, DeliveryFaults faults, TimeProvider clock, ILogger<Deliverer> log)
    {
        _outbox = outbox;
        _lease = new Lease(contexts, watch, clock, Guid.NewGuid());
        _tools = new CourierTools(watch, _lease, faults, outbox, clock, log);
        _log = log;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_couriers)
            _stopping = stoppingToken;
        _outbox.Filled = (workspaceId, webhookId) => Send(new WebhookKey(workspaceId, webhookId));
        _outbox.Changed = Reload;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var key in await _lease.FindDueAsync(stoppingToken))
                    Send(key);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (!stoppingToken.IsCancellationRequested)
                    LogFailure(_log, error.Level(), error);
            }

            await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await StopWorkAsync();
    }

    private void Send(WebhookKey key)
    {
        lock (_couriers)
        {
            if (_stopping.IsCancellationRequested)
                return;
            if (_couriers.TryGetValue(key.WebhookId, out var known))
            {
                known.Wake();
                return;
            }

            var courier = new Courier(key, _tools, Retire);
            _couriers.Add(key.WebhookId, courier);

            // Nobody's request in particular.
            using (ExecutionContext.SuppressFlow())
            {
                var work = Task.Run(() => WorkAsync(courier), CancellationToken.None);
                _work.Add(work);
                _ = work.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task WorkAsync(Courier courier)
    {
        try
        {
            await courier.RunAsync(_stopping);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogFailure(_log, error.Level(), error);
        }
        finally
        {
            lock (_couriers)
            {
                if (_couriers.GetValueOrDefault(courier.Key.WebhookId) == courier)
                    _couriers.Remove(courier.Key.WebhookId);
            }

            courier.Dispose();
        }
    }

    private bool Retire(Courier courier)
    {
        lock (_couriers)
            return !courier.HasNews && _couriers.Remove(courier.Key.WebhookId);
    }

    private void Reload(Guid webhookId)
    {
        lock (_couriers)
            _couriers.GetValueOrDefault(webhookId)?.Reload();
    }

    private void Forget(Task work)
    {
        lock (_couriers)
            _work.Remove(work);
    }

    private async Task StopWorkAsync()
    {
        Task[] work;
        lock (_couriers)
            work = [.. _work];
        await Task.WhenAll(work);
    }

    [LoggerMessage(Message = "Delivering to webhooks failed; it is tried again in a moment.")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception error);
}
