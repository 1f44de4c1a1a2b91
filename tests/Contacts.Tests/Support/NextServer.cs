namespace Contacts.Tests.Support;

/// <summary>One more server on the database of another: beside it, or after it as when it was restarted.</summary>
public sealed class NextServer(TestServer first, TimeProvider clock) : TestServer
{
    protected override TimeProvider Clock => clock;

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings:Contacts"] = first.Database };

    /// <summary>Starts one.</summary>
    public static async Task<NextServer> StartAsync(TestServer first, TimeProvider clock)
    {
        var server = new NextServer(first, clock);
        await server.InitializeAsync();
        return server;
    }
}
