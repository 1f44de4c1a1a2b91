using System.Net.Http.Json;
using System.Text.Json;
using Contacts.Tests.Support;

namespace Contacts.Tests.Operations;

/// <summary>A server behind a reverse proxy on this machine.</summary>
public sealed class BehindProxy : TestServer
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Proxies"] = "10.0.0.5, 127.0.0.0/8, ::1" };
}

/// <summary>A server whose reverse proxies are elsewhere.</summary>
public sealed class BehindAnotherProxy : TestServer
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["Contacts:Proxies"] = "10.0.0.5,10.1.0.0/16,2001:db8::/32" };
}

/// <summary>What a proxy says about the client's URL counts when the proxy is named in the settings, and from nobody else.</summary>
public sealed class ForwardedHeadersTests(BehindProxy behind, BehindAnotherProxy elsewhere, TestServer alone)
    : IClassFixture<BehindProxy>, IClassFixture<BehindAnotherProxy>, IClassFixture<TestServer>
{
    [Fact]
    public async Task A_named_proxy_is_believed_about_scheme_host_and_path()
    {
        var (next, previous, location) = await UrlsAsync(
            behind, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "contacts.example.com:8443"), ("X-Forwarded-Prefix", "/book"));
        next.ShouldStartWith("https://contacts.example.com:8443/book/api/v2/groups.json?cursor=");
        previous.ShouldStartWith("https://contacts.example.com:8443/book/api/v2/groups.json?cursor=");
        location.ShouldStartWith("https://contacts.example.com:8443/book/manage/api/flows/");
    }

    [Fact]
    public async Task One_header_alone_changes_its_part_alone()
    {
        (await UrlsAsync(behind, ("X-Forwarded-Proto", "https"))).Next.ShouldStartWith(behind.Address.Replace("http:", "https:", StringComparison.Ordinal) + "/api/v2/");
        (await UrlsAsync(behind, ("X-Forwarded-Host", "example.com"))).Next.ShouldStartWith("http://example.com/api/v2/");
        (await UrlsAsync(behind, ("X-Forwarded-Prefix", "/book"))).Next.ShouldStartWith(behind.Address + "/book/api/v2/");
        (await UrlsAsync(behind)).Next.ShouldStartWith(behind.Address + "/api/v2/");
    }

    [Fact]
    public async Task Of_a_chain_the_part_that_named_proxies_wrote_counts()
    {
        // The client wrote the first entry itself; 10.0.0.5 saw it come from 203.0.113.9 and is named, so its word is the last that counts.
        var (next, _, _) = await UrlsAsync(
            behind,
            ("X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.0.0.5"),
            ("X-Forwarded-Proto", "http, https, http"),
            ("X-Forwarded-Host", "evil.example, contacts.example.com, inner"));
        next.ShouldStartWith("https://contacts.example.com/api/v2/");
    }

    [Theory]
    [InlineData("bad host")]
    [InlineData("evil.example/path")]
    [InlineData("<x>")]
    public async Task A_host_that_is_none_is_left_out(string host) =>
        (await UrlsAsync(behind, ("X-Forwarded-Host", host))).Next.ShouldStartWith(behind.Address + "/api/v2/");

    [Fact]
    public async Task Nobody_else_is_believed()
    {
        foreach (var server in new[] { elsewhere, alone })
        {
            var (next, previous, location) = await UrlsAsync(
                server,
                ("X-Forwarded-For", "10.0.0.5"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"),
                ("Forwarded", "host=evil.example;proto=https"), ("X-Original-Host", "evil.example"), ("X-Forwarded-Port", "1"));
            next.ShouldStartWith(server.Address + "/api/v2/groups.json?cursor=");
            previous.ShouldStartWith(server.Address + "/api/v2/groups.json?cursor=");
            location.ShouldStartWith(server.Address + "/manage/api/flows/");
        }
    }

    private static async Task<(string Next, string Previous, string Location)> UrlsAsync(TestServer server, params (string Name, string Value)[] headers)
    {
        using var client = server.NewClient((await server.NewWorkspaceAsync()).Token);
        foreach (var name in new[] { "One", "Two", "Three" })
            (await client.PostAsJsonAsync("/api/v2/groups.json", new { name })).EnsureSuccessStatusCode();
        foreach (var (name, value) in headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value).ShouldBeTrue();
        var first = await client.GetFromJsonAsync<JsonElement>("/api/v2/groups.json?limit=1");
        var next = first.GetProperty("next").GetString()!;
        var second = await client.GetFromJsonAsync<JsonElement>("/api/v2/groups.json" + new Uri(next).Query);
        using var made = await client.PostAsJsonAsync("/manage/api/flows", new { name = "Welcome", type = "message" });
        return (next, second.GetProperty("previous").GetString()!, made.EnsureSuccessStatusCode().Headers.Location!.ToString());
    }
}
