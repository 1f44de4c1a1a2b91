using Contacts.Calls;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Console.Pages.Log;

/// <summary>Calls that came since one looked the last time.</summary>
/// <param name="Calls">The last of them, in the order in which they came.</param>
/// <param name="More">How many there were besides.</param>
/// <param name="Newest">The newest call that is known by now.</param>
internal sealed record CallBatch(IReadOnlyList<CallSummary> Calls, int More, Guid Newest);

/// <summary>
/// What is new among the calls of a workspace. A call's id is the time at which it came, and it is recorded when it was answered: so a slow one is found
/// behind others that were told already, as long as it took less than a minute.
/// </summary>
/// <param name="calls">The recorded calls.</param>
/// <param name="workspace">The workspace.</param>
/// <param name="query">Which ones.</param>
/// <param name="place">The newest call that the reader knows.</param>
/// <param name="clock">The clock.</param>
internal sealed class CallNews(CallLog calls, Workspace workspace, CallQuery query, Guid place, TimeProvider clock)
{
    /// <summary>The most calls of a batch.</summary>
    public const int Most = 50;

    private const int LookedAt = 200;
    private static readonly TimeSpan Slowest = TimeSpan.FromMinutes(1);

    private readonly HashSet<Guid> _known = [];
    private Guid _newest = place;
    private Guid _floor = Guid.Empty;
    private bool _isFirst = true;

    /// <summary>What came since the last time.</summary>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<CallBatch?> NextAsync(CancellationToken cancellation)
    {
        var slowest = RowId.First(clock.Now() - Slowest);
        Raise(_isFirst && _newest.CompareTo(slowest) < 0 ? _newest : slowest);
        _known.RemoveWhere(id => id.CompareTo(_floor) < 0);
        List<CallSummary> last;
        try
        {
            last = await calls.LastAsync(workspace, query with { After = _floor }, LookedAt, cancellation);
        }
        catch (SearchTooLongException)
        {
            return null;
        }

        if (_isFirst)
            _known.UnionWith(last.Where(call => call.Id.CompareTo(_newest) <= 0).Select(call => call.Id));
        _isFirst = false;
        var fresh = last.Where(call => _known.Add(call.Id)).ToList();
        if (fresh.Count == 0)
            return null;
        var more = fresh.Count < LookedAt
            ? Math.Max(0, fresh.Count - Most)
            : await calls.CountAsync(workspace, query with { After = _newest }, cancellation) - Most;
        if (last.Count == LookedAt)
            Raise(last[^1].Id);
        if (fresh[0].Id.CompareTo(_newest) > 0)
            _newest = fresh[0].Id;
        return new CallBatch([.. fresh.Take(Most).Reverse()], more, _newest);
    }

    private void Raise(Guid floor)
    {
        if (floor.CompareTo(_floor) > 0)
            _floor = floor;
    }
}
