using Contacts.Workspaces;

namespace Contacts.Calls;

/// <summary>What a key came to.</summary>
/// <param name="Caller">Who calls; null when the key is unknown or revoked, or was not looked at.</param>
/// <param name="Wait">How long to wait before it is looked at: too many wrong ones came from there; else null.</param>
public readonly record struct KeyAnswer(Caller? Caller, TimeSpan? Wait);

/// <summary>The one door of keys: every API and the sign-in ask here who calls.</summary>
/// <param name="callers">Tells whose key it is.</param>
/// <param name="guesses">Slows down whoever guesses.</param>
public sealed class CallKeys(Callers callers, KeyGuesses guesses)
{
    /// <summary>
    /// The caller that a key belongs to. When it is revoked nobody, and the call is recorded where it was in use: whoever has it once knew it, so it counts as no guess.
    /// </summary>
    /// <param name="key">The key as it was sent.</param>
    /// <param name="context">The call.</param>
    public async ValueTask<KeyAnswer> FindAsync(string key, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var address = context.Connection.RemoteIpAddress;
        if (guesses.WaitOf(address, key) is { } wait)
            return new KeyAnswer(null, wait);
        var holder = await callers.HolderAsync(key, context.RequestAborted);
        if (holder.Former is { } former)
            CallRecord.Of(context)?.ComeFrom(former);
        else if (holder.Caller is null)
            guesses.Wrong(address);
        if (holder.Caller is { } caller)
            guesses.Right(address, caller.Token);
        return new KeyAnswer(holder.Caller, null);
    }
}
