using System.Net;
using System.Net.Sockets;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Webhooks;

namespace Contacts.Tests.Webhooks;

/// <summary>Where requests may go, spelled in every way that leads to the same place.</summary>
public sealed class TargetTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("203.0.113.1", false)]
    [InlineData("::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("64:ff9b:1::808:808", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2001:0:1::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("5f00::1", false)]
    public void An_address_is_public_or_not(string address, bool isPublic)
    {
        Target.Allows(IPAddress.Parse(address), allowsPrivate: false).ShouldBe(isPublic);
        Target.Allows(IPAddress.Parse(address), allowsPrivate: true).ShouldBeTrue();
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:0.0.0.0")]
    public void What_is_no_one_machines_is_never_allowed(string address) =>
        Target.Allows(IPAddress.Parse(address), allowsPrivate: true).ShouldBeFalse();

    [Theory]
    [InlineData("http://127.0.0.1/", TargetFault.Address)]
    [InlineData("http://127.1/", TargetFault.Address)]
    [InlineData("http://2130706433/", TargetFault.Address)]
    [InlineData("http://0x7f000001/", TargetFault.Address)]
    [InlineData("http://0x7f.0.0.1/", TargetFault.Address)]
    [InlineData("http://0177.0.0.1/", TargetFault.Address)]
    [InlineData("http://017700000001/", TargetFault.Address)]
    [InlineData("http://127.0.0.1:8080/hooks", TargetFault.Address)]
    [InlineData("http://[::1]/", TargetFault.Address)]
    [InlineData("http://[::ffff:127.0.0.1]/", TargetFault.Address)]
    [InlineData("http://[::ffff:7f00:1]/", TargetFault.Address)]
    [InlineData("http://[fe80::1]/", TargetFault.Address)]
    [InlineData("http://localhost/", TargetFault.Address)]
    [InlineData("http://localhost./", TargetFault.Address)]
    [InlineData("http://127.0.0.1./", TargetFault.Address)]
    [InlineData("http://0/", TargetFault.Address)]
    [InlineData("http://0.0.0.0:5080/", TargetFault.Address)]
    [InlineData("http://[::]:5080/", TargetFault.Address)]
    [InlineData("http://127.0.1/", TargetFault.Address)]
    [InlineData("http://0x7f.1/", TargetFault.Address)]
    [InlineData("http://3232235777/", TargetFault.Address)]
    [InlineData("http://127。0。0。1/", TargetFault.Address)]
    [InlineData("http://%31%32%37.0.0.1/", TargetFault.Malformed)]
    [InlineData("http://[0:0:0:0:0:ffff:127.0.0.1]/", TargetFault.Address)]
    [InlineData("http://[::ffff:a9fe:a9fe]/", TargetFault.Address)]
    [InlineData("http://[::7f00:1]/", TargetFault.Address)]
    [InlineData("http://[64:ff9b::a00:1]/", TargetFault.Address)]
    [InlineData("http://[fd00::1%25eth0]/", TargetFault.Address)]
    [InlineData("http://8.8.8.8@127.0.0.1/", TargetFault.Credentials)]
    [InlineData("http://127.0.0.1\\@8.8.8.8/", TargetFault.Malformed)]
    [InlineData("http://LOCALHOST/", TargetFault.Address)]
    [InlineData("http://169.254.169.254/latest/meta-data", TargetFault.Address)]
    [InlineData("https://8.8.8.8/hooks?a=b", TargetFault.None)]
    [InlineData("http://user:secret@8.8.8.8/", TargetFault.Credentials)]
    [InlineData("http://user@8.8.8.8/", TargetFault.Credentials)]
    [InlineData("http://8.8.8.8/#here", TargetFault.Fragment)]
    [InlineData("ftp://8.8.8.8/", TargetFault.Scheme)]
    [InlineData("file:///etc/passwd", TargetFault.Scheme)]
    [InlineData("gopher://127.0.0.1/", TargetFault.Scheme)]
    [InlineData("/hooks", TargetFault.Scheme)]
    [InlineData("hooks", TargetFault.Malformed)]
    [InlineData("http://", TargetFault.Malformed)]
    [InlineData("http:// /", TargetFault.Malformed)]
    [InlineData("", TargetFault.Malformed)]
    public async Task A_url_is_checked_when_a_webhook_is_made(string url, TargetFault fault) =>
        (await Target.CheckAsync(url, allowsPrivate: false, CancellationToken.None)).ShouldBe(fault);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0x7f000001")]
    [InlineData("017700000001")]
    [InlineData("2130706433")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1.")]
    public async Task A_connection_is_refused_by_the_address_that_a_name_leads_to(string host) =>
        await Should.ThrowAsync<TargetRefusedException>(async () => await Target.ConnectAsync(new DnsEndPoint(host, 80), allowsPrivate: false, CancellationToken.None));

    /// <summary>Other letters than ASCII's that look like an address are names that nobody has, whatever a browser makes of them.</summary>
    [Theory]
    [InlineData("http://①②⑦.⓪.⓪.①/")]
    [InlineData("http://ｌｏｃａｌｈｏｓｔ/")]
    public async Task A_name_in_other_letters_leads_nowhere(string url) => await Should.ThrowAsync<Exception>(
        async () => await Target.ConnectAsync(new DnsEndPoint(new Uri(url).IdnHost, 80), allowsPrivate: false, CancellationToken.None));

    /// <summary>A name that was public when the webhook was made and is private when it is called (DNS rebinding): what is looked up is what is connected to.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_name_that_has_become_private_since_is_not_connected_to(string address)
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
        listener.Start();
        var host = new DnsEndPoint("rebound.example", ((IPEndPoint)listener.LocalEndpoint).Port);
        Task<IPAddress[]> LookUp(string name, CancellationToken cancellation) => Task.FromResult(new[] { IPAddress.Parse(address) });
        await Should.ThrowAsync<TargetRefusedException>(async () => await Target.ConnectAsync(host, allowsPrivate: false, LookUp, CancellationToken.None));
        listener.Pending().ShouldBeFalse();
        await using var connection = await Target.ConnectAsync(host, allowsPrivate: true, LookUp, CancellationToken.None);
        (await listener.AcceptTcpClientAsync()).Dispose();
    }

    [Fact]
    public async Task A_name_is_looked_up_once_for_a_connection_and_of_its_addresses_only_those_allowed_are_tried()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        Task<IPAddress[]> LookUp(string name, CancellationToken cancellation)
        {
            asked++;

            // The first answer would pass, the second would not: whoever asked twice would connect here.
            return Task.FromResult(asked == 1 ? [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("169.254.169.254")] : new[] { IPAddress.Loopback });
        }

        await Should.ThrowAsync<TargetRefusedException>(
            async () => await Target.ConnectAsync(new DnsEndPoint("two.example", ((IPEndPoint)listener.LocalEndpoint).Port), allowsPrivate: false, LookUp, CancellationToken.None));
        asked.ShouldBe(1);
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_redirect_to_an_inner_address_is_not_followed()
    {
        await using var inner = await Receiver.StartAsync();
        await using var subscriber = await Subscriber.NewAsync(server);
        subscriber.Receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = inner.Url;
            return Task.CompletedTask;
        };
        (await subscriber.Api.PostAsync($"{subscriber.Path}/test")).Body.GetProperty("error").GetString().ShouldBe("Answered 307; redirects are not followed.");
        subscriber.Receiver.All.Length.ShouldBe(1);
        inner.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_workspace_that_does_not_allow_it_is_told_so_when_it_makes_a_webhook()
    {
        using var api = await ManagementClient.NewAsync(server);
        var refused = await api.PostAsync("webhooks", """{"name":"Mine","url":"http://localhost:5080/","events":["*"]}""");
        refused.ShouldBeProblem(400).Faults("url").ShouldBe(["Leads to a private, loopback or link-local address, which this workspace does not allow."]);
    }

    [Fact]
    public async Task A_workspace_that_does_not_allow_it_any_more_sends_nothing()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        (await subscriber.Api.PatchAsync("workspace", """{"allows_private_targets":false}""")).Status.ShouldBe(200);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        (await subscriber.LogAsync(attempts: 1))[0].GetProperty("error").GetString()
            .ShouldBe("The host's address is private, loopback or link-local, which this workspace does not allow.");
        subscriber.Receiver.All.ShouldBeEmpty();
    }
}
