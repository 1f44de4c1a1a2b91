using System.Numerics;

namespace Contacts.Tests.Reliability;

/// <summary>
/// Whether there is an order of the calls about one contact that explains every answer and keeps apart what did not overlap: linearizability, after
/// Wing and Gong, with Lowe's memory of the states that led nowhere. A call without an answer may take effect at any time after it was sent, or never.
/// </summary>
internal sealed class Linearization
{
    private readonly ContactCall[] _calls;
    private readonly HashSet<(BigInteger Done, Seen? Contact)> _deadEnds = [];

    private Linearization(IEnumerable<ContactCall> calls) => _calls = [.. calls.OrderBy(call => call.Started)];

    /// <summary>Whether a history of one contact, which was not there at first, is linearizable.</summary>
    /// <param name="calls">The calls, in any order. Those that only read and have no answer say nothing.</param>
    public static bool Exists(IEnumerable<ContactCall> calls) =>
        new Linearization(calls.Where(call => call.IsAnswered || call.Kind is not (CallKind.Read or CallKind.ReadById))).IsFoundFrom(null, BigInteger.Zero);

    private bool IsFoundFrom(Seen? contact, BigInteger done)
    {
        var firstEnd = long.MaxValue;
        for (var i = 0; i < _calls.Length; i++)
        {
            if (!IsDone(done, i))
                firstEnd = Math.Min(firstEnd, _calls[i].Ended);
        }

        // Only calls without an answer are left, and they need not have happened.
        if (firstEnd == long.MaxValue)
            return true;
        if (!_deadEnds.Add((done, contact)))
            return false;
        for (var i = 0; i < _calls.Length && _calls[i].Started <= firstEnd; i++)
        {
            if (!IsDone(done, i) && ContactModel.TryApply(contact, _calls[i], out var after) && IsFoundFrom(after, done | (BigInteger.One << i)))
                return true;
        }

        return false;
    }

    private static bool IsDone(BigInteger done, int call) => !(done >> call).IsEven;
}
