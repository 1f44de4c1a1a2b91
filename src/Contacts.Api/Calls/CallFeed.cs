using System.Collections.Concurrent;

namespace Contacts.Calls;

/// <summary>The news that calls of a workspace were written by this server. What other servers wrote is found by asking again.</summary>
public sealed class CallFeed
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _next = new();

    /// <summary>Ends when calls of the workspace are written that were not when this was asked for.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public Task NextAsync(Guid workspaceId) =>
        _next.GetOrAdd(workspaceId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Called after calls were committed.</summary>
    /// <param name="workspaceId">The workspace.</param>
    internal void Announce(Guid workspaceId)
    {
        if (_next.TryRemove(workspaceId, out var waiting))
            waiting.SetResult();
    }
}
