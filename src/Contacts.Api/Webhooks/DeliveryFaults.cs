using Contacts.Core;
using Contacts.TestBench;

namespace Contacts.Webhooks;

/// <summary>Sends events with what was asked to go wrong: twice, or in reverse order.</summary>
/// <param name="faults">The faults that are active.</param>
/// <param name="sender">Sends.</param>
/// <param name="clock">The clock.</param>
public sealed class DeliveryFaults(ActiveFaults faults, Sender sender, TimeProvider clock)
{
    /// <summary>How long the events of a contact are gathered before they are sent in reverse order.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromSeconds(2);

    // A contact that changes all the time is sent as well.
    private static readonly TimeSpan LongestGathering = 5 * Gathering;

    /// <summary>Sends an event; twice when a fault says so. The first of the two counts as nothing and is not in the log.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="row">The event.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What came of it.</returns>
    internal async Task<Attempt> SendAsync(LeasedWebhook target, OutboxRow row, CancellationToken cancellation)
    {
        if (await faults.HitsDeliveryAsync(row.WorkspaceId, FaultEffect.DuplicateDeliveries, cancellation))
            await sender.SendAsync(target, row, cancellation);
        return await sender.SendAsync(target, row, cancellation);
    }

    /// <summary>The events that may be sent now, in the order in which they are to be.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="rows">What was read, in the right order.</param>
    internal async ValueTask<IReadOnlyList<OutboxRow>> OrderAsync(Guid workspaceId, List<OutboxRow> rows)
    {
        if (rows.Count == 0 || !await faults.HasAsync(workspaceId, FaultEffect.ReverseDeliveries, CancellationToken.None))
            return rows;
        var now = clock.Now();
        var ordered = new List<OutboxRow>(rows.Count);
        foreach (var chain in rows.GroupBy(row => row.SubjectId))
        {
            List<OutboxRow> events = [.. chain];
            if (events[^1].OccurredOn > now - Gathering && events[0].OccurredOn > now - LongestGathering)
                continue;
            if (events.Count > 1 && await faults.HitsDeliveryAsync(workspaceId, FaultEffect.ReverseDeliveries, CancellationToken.None))
                events.Reverse();
            ordered.AddRange(events);
        }

        return ordered;
    }
}
