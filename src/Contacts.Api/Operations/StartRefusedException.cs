namespace Contacts.Operations;

/// <summary>
/// A reason not to start that the person at the keyboard can mend. The message is all they are shown, so it says what to do.
/// </summary>
public sealed class StartRefusedException : Exception
{
    /// <summary>A refusal without a text; present for the exception contract only.</summary>
    public StartRefusedException()
    {
    }

    /// <summary>A refusal that says what is wrong and how to go on.</summary>
    public StartRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal with the failure that led to it.</summary>
    public StartRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
