namespace Contacts.Calls;

/// <summary>
/// So many calls a second may be recorded in full; half as many while more than twice as many come, since a server at its limit needs its time for the
/// calls themselves. For any number of threads, without a lock.
/// </summary>
/// <param name="perSecond">How many.</param>
internal sealed class CallBudget(int perSecond)
{
    private const int Crowd = 2;

    // The second in the upper half, how many asked in it in the lower one.
    private long _asked;

    // How many may not be kept of the current second though there would be room for them at other times.
    private int _spared;

    /// <summary>Takes one call's share.</summary>
    /// <param name="second">The current second, from any start.</param>
    /// <returns>Whether there was one left.</returns>
    public bool Take(long second)
    {
        second &= int.MaxValue;
        while (true)
        {
            var asked = Volatile.Read(ref _asked);
            var isFirst = asked >> 32 != second;
            var count = isFirst ? 0 : (int)asked;
            if (Interlocked.CompareExchange(ref _asked, (second << 32) | (uint)(count + 1), asked) != asked)
                continue;
            if (isFirst)
                Volatile.Write(ref _spared, asked >> 32 == second - 1 && (int)asked > perSecond * (long)Crowd ? perSecond / Crowd : 0);
            return count < perSecond - Volatile.Read(ref _spared);
        }
    }
}
