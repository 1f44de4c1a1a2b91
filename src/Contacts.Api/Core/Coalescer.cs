using System.Collections.Concurrent;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>How calls share batches.</summary>
/// <param name="BatchSize">The most items of a batch.</param>
/// <param name="Workers">How many batches of one workspace are at work at once.</param>
public sealed record Sharing(int BatchSize, int Workers);

/// <summary>
/// Lets concurrent calls of one workspace share a batch: what arrives while a batch is at work is the next one. Nothing waits for a timer, and a lone
/// call does its own work, with no thread between; workspaces have lanes of their own, so a busy one holds up nobody else.
/// </summary>
/// <typeparam name="TItem">What a call brings.</typeparam>
/// <typeparam name="TAnswer">What it gets.</typeparam>
/// <param name="sharing">How batches are shared.</param>
/// <param name="work">Does a batch: an answer per item, in their order.</param>
internal sealed class Coalescer<TItem, TAnswer>(
    Sharing sharing, Func<Workspace, IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> work)
{
    // The most items that wait in one lane; further calls are refused, so that memory can't grow.
    private const int Capacity = 4096;

    private readonly ConcurrentDictionary<Guid, Lane> _lanes = new();

    /// <summary>Puts an item into the workspace's next batch.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="item">The item.</param>
    /// <param name="cancellation">Takes the item back while it waits; work that began is finished.</param>
    /// <exception cref="BookBusyException">When too many items wait already.</exception>
    public Task<TAnswer> AskAsync(Workspace workspace, TItem item, CancellationToken cancellation)
    {
        var lane = _lanes.GetOrAdd(workspace.Id, static _ => new Lane());
        lock (lane)
        {
            if (lane.AtWork >= sharing.Workers)
            {
                if (lane.Waiting.Count >= Capacity)
                    throw new BookBusyException();
                var call = new Call(workspace, item, cancellation);
                lane.Waiting.Enqueue(call);
                return call.Answer.Task;
            }

            lane.AtWork++;
        }

        return LeadAsync(lane, workspace, item, cancellation);
    }

    /// <summary>Whoever finds the lane at rest does its own work, and then leaves the lane to those who came meanwhile.</summary>
    private async Task<TAnswer> LeadAsync(Lane lane, Workspace workspace, TItem item, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return (await work(workspace, [item]))[0];
        }
        finally
        {
            Leave(lane);
        }
    }

    private void Leave(Lane lane)
    {
        lock (lane)
        {
            if (lane.Waiting.Count == 0)
            {
                lane.AtWork--;
                return;
            }
        }

        // Their work is nobody's request in particular: it must not carry this caller's claim or log scope along.
        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = WorkAsync(lane), null);
    }

    private async Task WorkAsync(Lane lane)
    {
        while (Take(lane) is { Count: > 0 } calls)
        {
            try
            {
                var answers = await work(calls[^1].Workspace, calls.ConvertAll(call => call.Item));
                for (var i = 0; i < calls.Count; i++)
                    calls[i].Answer.SetResult(answers[i]);
            }
            catch (Exception error)
            {
                // Whatever it is belongs to those who wait for this batch; the lane goes on.
                foreach (var call in calls)
                    call.Answer.SetException(error);
            }
        }
    }

    /// <summary>The next batch, without the calls that were cancelled while they waited; empty when the lane comes to rest.</summary>
    private List<Call> Take(Lane lane)
    {
        var calls = new List<Call>();
        lock (lane)
        {
            while (calls.Count < sharing.BatchSize && lane.Waiting.TryDequeue(out var call))
            {
                if (call.Cancellation.IsCancellationRequested)
                    call.Answer.SetCanceled(call.Cancellation);
                else
                    calls.Add(call);
            }

            if (calls.Count == 0)
                lane.AtWork--;
        }

        return calls;
    }

    private sealed class Lane
    {
        public Queue<Call> Waiting { get; } = new();

        public int AtWork { get; set; }
    }

    private sealed record Call(Workspace Workspace, TItem Item, CancellationToken Cancellation)
    {
        // Answers are sent on threads of their own: the lane's next batch does not wait for them.
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
