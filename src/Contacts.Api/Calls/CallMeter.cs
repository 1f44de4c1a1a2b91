using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Calls;

/// <summary>
/// Decides which calls are recorded, and counts all. What a workspace wants is kept up to a number of calls a second; those that were refused,
/// and those whose token nobody knows, have numbers of their own, so that a flood of one kind hides no other.
/// </summary>
internal sealed class CallMeter
{
    private const int Refused = 400;
    private const int ClientGone = 499;
    private const int StrangersPerSecond = 10;
    private const int RefusedShare = 5;

    private readonly CallBudget _answered;
    private readonly CallBudget _refused;
    private readonly CallBudget _strangers = new(StrangersPerSecond);
    private readonly CallQueue _queue;
    private readonly CallMinutes _minutes;
    private readonly TimeProvider _clock;

    /// <summary>A meter.</summary>
    /// <param name="settings">How many are recorded.</param>
    /// <param name="queue">Where those wait that are.</param>
    /// <param name="minutes">Counts all.</param>
    /// <param name="clock">The clock.</param>
    public CallMeter(CallSettings settings, CallQueue queue, CallMinutes minutes, TimeProvider clock)
    {
        (_queue, _minutes, _clock) = (queue, minutes, clock);
        _answered = new CallBudget(settings.PerSecond);
        _refused = new CallBudget(Math.Max(1, settings.PerSecond / RefusedShare));
    }

    /// <summary>The record of a call that begins.</summary>
    /// <param name="journal">Where its changes are noted, or null.</param>
    public CallRecord Begin(ChangeJournal? journal) => new(this, _clock.GetTimestamp(), _clock.Now(), journal);

    /// <summary>What becomes of a call that a dialect took.</summary>
    /// <param name="caller">Who calls; null when nobody knows.</param>
    /// <param name="status">The status of the answer.</param>
    public CallFate Decide(Caller? caller, int status)
    {
        var second = _clock.GetTimestamp() / _clock.TimestampFrequency;
        if (caller is null)
            return FateOf(_strangers.Take(second));
        return caller.Workspace.Recording switch
        {
            Recording.Off => CallFate.NotWanted,
            Recording.Errors when status < Refused => CallFate.NotWanted,
            _ => FateOf((status < Refused ? _answered : _refused).Take(second)),
        };
    }

    /// <summary>Called when the answer is on its way, however it ended.</summary>
    /// <param name="context">The call.</param>
    /// <param name="record">Its record.</param>
    public void End(HttpContext context, CallRecord record)
    {
        if (record.Dialect is null)
            return;
        var caller = record.OwnerOf(context);
        record.Duration = _clock.GetElapsedTime(record.StartedAt);
        record.Status = !context.Response.HasStarted && context.RequestAborted.IsCancellationRequested ? ClientGone : context.Response.StatusCode;
        if (record.Fate == CallFate.Undecided)
            record.Fate = Decide(caller, record.Status);
        if (record.Fate == CallFate.Kept)
        {
            record.Capture(context, caller);
            if (!_queue.TryAdd(record))
                record.Fate = CallFate.LeftOut;
        }

        _minutes.Count(caller?.Workspace.Id ?? Guid.Empty, record, record.Fate == CallFate.LeftOut);
    }

    private static CallFate FateOf(bool isKept) => isKept ? CallFate.Kept : CallFate.LeftOut;
}
