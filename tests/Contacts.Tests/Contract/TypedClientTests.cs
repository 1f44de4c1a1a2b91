using Contacts.Tests.Support;

namespace Contacts.Tests.Contract;

/// <summary>Our own OpenAPI document in the hands of others: a validator, and a generator of typed clients.</summary>
[Trait("Needs", "Node")]
public sealed class TypedClientTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly NodePackages Client = new("Contract", "client");

    [Fact]
    public async Task A_validator_has_no_errors_and_no_warnings()
    {
        var document = await SaveDocumentAsync("validated.json");
        var written = await Client.RunAsync("node_modules/@redocly/cli/bin/cli.js", ["lint", document, "--config", Client.PathOf("redocly.yaml")]);
        written.ShouldContain("Your API description is valid");
    }

    [Fact]
    public async Task A_generated_client_compiles_and_drives_the_server()
    {
        var document = await SaveDocumentAsync("openapi.json");
        await Client.RunAsync("node_modules/openapi-typescript/bin/cli.js", [document, "--output", Client.PathOf("schema.ts")]);
        await Client.RunAsync("node_modules/typescript/bin/tsc", ["--project", Client.PathOf("tsconfig.json")]);
        var workspace = await server.NewWorkspaceAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CONTACTS_URL"] = server.Address,
            ["CONTACTS_TOKEN"] = workspace.Token,
        };
        await Client.RunAsync("built/drive.js", [], environment);
        using var client = new WeniClient(server, workspace);
        (await client.GetAsync("contacts.json")).Results.Count.ShouldBe(2, "what the client says it did is what the server has");
    }

    private async Task<string> SaveDocumentAsync(string name)
    {
        var path = Client.PathOf(name);
        await File.WriteAllTextAsync(path, await server.Client.GetStringAsync(new Uri("/swagger/weni-v2/swagger.json", UriKind.Relative)));
        return path;
    }
}
