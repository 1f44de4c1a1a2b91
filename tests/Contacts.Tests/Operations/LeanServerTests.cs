using System.Net;
using System.Net.Http.Json;

namespace Contacts.Tests.Operations;

/// <summary>What a server that only takes webhooks does without: EF Core's model, which costs a quarter of an idle server's memory and half of its start (decision 28).</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class LeanServerTests : IDisposable
{
    private const string Contact = "/api/v2/contacts.json?urn=tel%3A%2B250783835665";
    private const string Model = "Contacts.Data.ContactsDb:OnModelCreating";

    private readonly string _data = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_start_without_migrations_and_the_calls_of_webhooks_build_no_model()
    {
        await using (await StartAsync("first"))
        {
            // Only starts.
        }

        await using (var server = await StartAsync("second"))
        {
            using var client = server.Client();
            using var created = await client.PostAsJsonAsync(Contact, new { name = "Ben" });
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
            (await client.GetStringAsync(Contact)).ShouldContain("Ben");
        }

        var (first, second) = (await CompiledAsync("first"), await CompiledAsync("second"));
        first.ShouldContain(Model, Case.Sensitive, "a new database is migrated, so the list shows the model");
        second.ShouldContain("Contacts.Core.ContactLookUps:ReadAsync", Case.Sensitive, "the list shows what was called");
        second.ShouldNotContain(Model, Case.Sensitive);
    }

    private async Task<ContactsProcess> StartAsync(string name)
    {
        var environment = new Dictionary<string, string> { ["DOTNET_JitStdOutFile"] = ListOf(name), ["DOTNET_JitDisasmSummary"] = "1" };
        var server = ContactsProcess.Start(environment, "--data", _data, "--urls", "http://127.0.0.1:0");
        await server.ReadyAsync();
        return server;
    }

    private Task<string> CompiledAsync(string name) => File.ReadAllTextAsync(ListOf(name));

    private string ListOf(string name) => Path.Combine(_data, $"compiled-{name}.txt");
}
