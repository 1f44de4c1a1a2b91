using System.Security.Cryptography;
using System.Text;
using Contacts.Console;
using Contacts.Data;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Security;

/// <summary>What a key is: 160 bits of chance, kept as a hash alone, compared in constant time. That it is shown once, the tests of tokens hold.</summary>
public sealed class KeyTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Many = 20_000;

    [Fact]
    public void A_key_has_160_bits_of_chance_behind_its_prefix()
    {
        var keys = Enumerable.Range(0, Many).Select(_ => ApiToken.NewKey("whaapy")).ToList();
        keys.ShouldAllBe(key => key.Length == "wha_".Length + 40 && key.StartsWith("wha_", StringComparison.Ordinal));
        var bits = keys.Select(key => Convert.FromHexString(key["wha_".Length..])).ToList();
        bits.ShouldAllBe(bytes => bytes.Length == 20);
        bits.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count().ShouldBe(Many);

        // Every bit is set in about half of them: seven standard deviations are never left by chance.
        for (var bit = 0; bit < 160; bit++)
            ((double)bits.Count(bytes => (bytes[bit / 8] & (1 << (bit % 8))) != 0)).ShouldBe(Many / 2.0, 7 * Math.Sqrt(Many) / 2, $"bit {bit}");
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_a_cookie_and_a_link_is_kept()
    {
        using var api = await ManagementClient.NewAsync(server);
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        var cookie = browser.Cookies.GetAllCookies().Single(one => one.Name == Gate.Cookie).Value;
        var caller = (await server.Services.GetRequiredService<Callers>().FindAsync(api.Workspace.Token, CancellationToken.None)).ShouldNotBeNull();
        var link = await server.Services.GetRequiredService<Sessions>().OfferAsync(caller, CancellationToken.None);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync();
        (await db.ApiTokens.SingleAsync(token => token.WorkspaceId == api.Workspace.Id)).Hash.ShouldBe(Hash(api.Workspace.Token));
        var kept = await db.ConsoleSessions.Where(session => session.WorkspaceId == api.Workspace.Id).OrderBy(session => session.IsLink).ToListAsync();
        kept.Select(session => Convert.ToHexString(session.Hash)).ShouldBe(new[] { cookie, link }.Select(key => Convert.ToHexString(Hash(key))));
    }

    /// <summary>Looking up by half a hash is quick, so a row that shares that half, and not the other, must not be enough.</summary>
    [Fact]
    public async Task A_key_that_shares_half_its_hash_with_a_token_opens_nothing()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = server.NewClient(workspace.Token);
        (await client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative))).EnsureSuccessStatusCode();
        var half = Convert.ToHexString(Hash(workspace.Token))[..32];
        await server.ExecuteAsync($"UPDATE api_tokens SET hash = decode({half + new string('0', 32)}, 'hex') WHERE workspace_id = {workspace.Id}");
        server.Services.GetRequiredService<Callers>().Forget(workspace.Id);
        ((int)(await client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative))).StatusCode).ShouldBe(403);
    }

    /// <summary>Time can't be measured in a test that must not fail by chance, so this looks at the sources: hashes and signatures meet in one comparison alone.</summary>
    [Fact]
    public void Secrets_are_compared_in_constant_time()
    {
        var sources = Directory.EnumerateFiles(Repository.PathOf("src", "Contacts.Api"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file))).ToList();
        foreach (var file in new[] { "Callers.cs", "Sessions.cs", "SignatureCheck.cs" })
            sources.Single(source => source.Name == file).Text.ShouldContain("FixedTimeEquals", customMessage: file);
        sources.Where(source => source.Text.Contains(".Hash.SequenceEqual", StringComparison.Ordinal) || source.Text.Contains(".Hash.AsSpan().SequenceEqual", StringComparison.Ordinal))
            .Select(source => source.Name).ShouldBeEmpty();
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
