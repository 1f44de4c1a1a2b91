using System.Text.Json.Nodes;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;

namespace Contacts.Tests.TestBench;

/// <summary><c>--seed FILE</c>: the first workspace begins with it, and a later start leaves it alone.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class SeedFileTests
{
    private static readonly string Sample = Repository.PathOf("requests", "seed.json");

    [Fact]
    public async Task The_first_start_plants_it_and_the_next_leaves_the_book_alone()
    {
        var data = Directory.CreateTempSubdirectory("contacts-test-").FullName;
        try
        {
            await using (var server = await ContactsProcess.ServeAsync(data, "--seed", Sample))
            {
                server.Output.ShouldContain("Seed     3 contacts, 2 groups and 3 fields from seed.json");
                (await CountAsync(server)).ShouldBe(3);
            }

            await using (var server = await ContactsProcess.ServeAsync(data, "--seed", Sample))
            {
                server.Output.ShouldContain("Seed     left out: the workspace default has something in it already");
                (await CountAsync(server)).ShouldBe(3);
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_with_faults_stops_the_start_and_names_all_of_them()
    {
        var data = Directory.CreateTempSubdirectory("contacts-test-").FullName;
        var file = Path.Combine(data, "seed.json");
        try
        {
            await File.WriteAllTextAsync(file, """{"groups":["A","a"],"contacts":[{"urns":["tel:1"]}]}""");
            var (code, output, errors) = await ContactsProcess.RunAsync("--data", data, "--urls", "http://127.0.0.1:0", "--seed", file);
            code.ShouldBe(1);
            output.ShouldBeEmpty();
            foreach (var part in new[] { "--seed", "CONTACTS_SEED", "groups[1]: Is there twice.", "contacts[0].urns[0]: " })
                errors.ShouldContain(part);
            await File.WriteAllTextAsync(file, "{");
            (await ContactsProcess.RunAsync("--data", data, "--urls", "http://127.0.0.1:0", "--seed", file)).Errors.ShouldContain("CONTACTS_SEED");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<int> CountAsync(ContactsProcess server)
    {
        using var client = server.Client();
        return JsonNode.Parse(await client.GetStringAsync("/api/v2/contacts.json"))!["results"]!.AsArray().Count;
    }
}
