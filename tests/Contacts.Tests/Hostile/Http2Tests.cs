using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Contacts.Tests.Hostile;

/// <summary>HTTP/2, which the server speaks where it has a certificate: one connection with many requests, and with many that are taken back.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class Http2Tests : IDisposable
{
    private const int Streams = 10;

    private readonly string _file = Path.GetTempFileName();
    private readonly X509Certificate2 _certificate = NewCertificate();

    [Fact]
    public async Task Requests_on_one_connection_are_limited_and_those_taken_back_do_no_harm()
    {
        await File.WriteAllBytesAsync(_file, _certificate.Export(X509ContentType.Pfx, "hush"));
        await using var target = await FuzzTarget.StartAsync(
            "--urls", "https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={_file}", "--Kestrel:Certificates:Default:Password=hush",
            string.Create(CultureInfo.InvariantCulture, $"--Contacts:Limits:Streams={Streams}"));
        using var client = ClientOf(target);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative))));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK && answer.Version == HttpVersion.Version20);

        for (var round = 0; round < 20; round++)
        {
            using var taken = new CancellationTokenSource();
            var requests = Enumerable.Range(0, 100).Select(_ => client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative), taken.Token)).ToList();
            await taken.CancelAsync();
            await Task.WhenAny(Task.WhenAll(requests));
        }

        (await client.GetAsync(new Uri("/api/v2/contacts.json", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        target.Errors.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _certificate.Dispose();
        File.Delete(_file);
    }

    private HttpClient ClientOf(FuzzTarget target)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_certificate);
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } })
        {
            BaseAddress = new Uri(target.Address),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", target.Key);
        return client;
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
