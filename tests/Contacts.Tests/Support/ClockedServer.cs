namespace Contacts.Tests.Support;

/// <summary>A server whose clock stands still until a test moves it.</summary>
public sealed class ClockedServer : TestServer
{
    /// <summary>The server's clock.</summary>
    public ManualClock Hands { get; } = new();

    protected override TimeProvider Clock => Hands;
}
