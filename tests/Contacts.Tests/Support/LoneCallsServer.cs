namespace Contacts.Tests.Support;

/// <summary>
/// A server whose calls share no batches, so that each is a transaction of its own that waits for others in the database: as calls of different servers do.
/// </summary>
public class LoneCallsServer : TestServer
{
    /// <inheritdoc />
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings, StringComparer.Ordinal) { ["Contacts:ShareBatches"] = "false" };
}
