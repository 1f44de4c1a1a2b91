using Contacts.Tests.Support;

namespace Contacts.Tests.Imports;

/// <summary>An export that can't begin, on a server whose book is broken for it.</summary>
public sealed class ExportFailureTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task An_export_that_fails_at_once_is_no_download()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        (await browser.GetAsync("contacts/export")).Headers["Content-Type"].ShouldStartWith("text/csv");
        await server.ExecuteAsync($"ALTER TABLE contacts RENAME TO contacts_away");
        var failed = await browser.GetAsync("contacts/export");
        failed.Status.ShouldBe(500);
        failed.Headers.ContainsKey("Content-Disposition").ShouldBeFalse();
        failed.Headers["Content-Type"].ShouldNotStartWith("text/csv");
    }
}
