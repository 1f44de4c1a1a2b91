namespace Contacts.Workspaces;

/// <summary>
/// The right to carry out one call under an idempotency key. Every write of the call notes in its own transaction that the claim was used; when
/// somebody else took the call over meanwhile there is nothing to note it on, and the write is not done. That is what makes the call happen once,
/// wherever a server is stopped.
/// </summary>
/// <param name="Id">The row's id while the claim is good.</param>
public sealed record Claim(Guid Id)
{
    private static readonly AsyncLocal<Claim?> Running = new();

    /// <summary>The claim of the call that runs now, or null. Changes take it with them, so that they may be written by another thread.</summary>
    public static Claim? Current => Running.Value;

    /// <summary>Makes this the claim of everything that the calling method awaits from here on.</summary>
    public void Enter() => Running.Value = this;
}

/// <summary>Somebody else took the call over before it changed anything; what it wanted to write was not written.</summary>
public sealed class SupersededException() : Exception("Another server took over the call under this key; nothing was written.");
