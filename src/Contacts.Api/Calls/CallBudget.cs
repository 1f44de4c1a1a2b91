namespace Contacts.Calls;

/// <summary>So many calls a second may be recorded in full. For any number of threads, without a lock.</summary>
/// <param name="perSecond">How many.</param>
internal sealed class CallBudget(int perSecond)
{
    // The second in the upper half, the calls of it in the lower one.
    private long _spent;

    /// <summary>Takes one call's share.</summary>
    /// <param name="second">The current second, from any start.</param>
    /// <returns>Whether there was one left.</returns>
    public bool Take(long second)
    {
        second &= int.MaxValue;
        while (true)
        {
            var spent = Volatile.Read(ref _spent);
            var count = spent >> 32 == second ? (int)spent : 0;
            if (count >= perSecond)
                return false;
            if (Interlocked.CompareExchange(ref _spent, (second << 32) | (uint)(count + 1), spent) == spent)
                return true;
        }
    }
}
