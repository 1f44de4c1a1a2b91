using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Webhooks;

/// <summary>Signatures, checked by programs that are not ours: the functions of docs/webhooks.md in Node, and Standard Webhooks' rule in Node's own words.</summary>
[Trait("Needs", "Node")]
public sealed partial class SignatureTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    private const string Standard =
        """
        export function isStandard(body, headers, secret) {
          const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
          const wanted = 'v1,' + createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest('base64')
          return headers['webhook-signature'].split(' ').includes(wanted)
        }
        """;

    private const string Run =
        """
        let text = ''
        for await (const chunk of process.stdin) text += chunk
        const { body, headers, secret } = JSON.parse(text)
        const bytes = Buffer.from(body, 'base64')
        console.log(isGenuine(bytes, headers, secret), isStandard(bytes, headers, secret))
        """;

    [Fact]
    public async Task The_function_of_the_guide_and_the_standards_rule_take_a_request_and_no_other()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("tel:+5215512345678", new { name = "Juan Pérez ✓" });
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        (await VerifyAsync(told, subscriber.Secret)).ShouldBe("true true");
        (await VerifyAsync(told, (await subscriber.AddAsync(subscriber.Receiver.Url, "contact_deleted")).Secret)).ShouldBe("false false");
        var forged = told.Body.ToArray();
        forged[^3] ^= 1;
        (await VerifyAsync(told with { Body = forged }, subscriber.Secret)).ShouldBe("false false");
        long.Parse(told.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(server.Hands.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task A_rotation_signs_with_both_secrets_for_a_day()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var rotated = await subscriber.Api.PostAsync(subscriber.Path + "/rotate-secret");
        var secret = rotated.Body.GetProperty("secret").GetString()!;
        secret.ShouldNotBe(subscriber.Secret);
        await subscriber.UpsertAsync("ext:1", new { name = "Both" });
        var both = (await subscriber.Receiver.UntilAsync(1))[0];
        (await VerifyAsync(both, subscriber.Secret)).ShouldBe("true true");
        (await VerifyAsync(both, secret)).ShouldBe("true true");

        server.Hands.Advance(TimeSpan.FromHours(25));
        await subscriber.UpsertAsync("ext:1", new { name = "New" });
        var last = (await subscriber.Receiver.UntilAsync(2))[1];
        (await VerifyAsync(last, subscriber.Secret)).ShouldBe("false false");
        (await VerifyAsync(last, secret)).ShouldBe("true true");
        last.Headers.ContainsKey("x-webhook-signature-previous").ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"signature_encoding":"base64"}""", "^[A-Za-z0-9+/]{43}=$")]
    [InlineData("""{"signature_encoding":"base64","signature_prefix":true}""", "^sha256=[A-Za-z0-9+/]{43}=$")]
    [InlineData("""{"signature_prefix":true}""", "^sha256=[0-9a-f]{64}$")]
    [InlineData("{}", "^[0-9a-f]{64}$")]
    public async Task The_dialects_signature_is_written_as_the_webhook_says(string settings, string form)
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        (await subscriber.Api.PatchAsync(subscriber.Path, settings)).Status.ShouldBe(200);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        var signature = told.Headers["x-webhook-signature"];
        Regex.IsMatch(signature, form, RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue(signature);
        var plain = signature.Replace("sha256=", "", StringComparison.Ordinal);
        var bytes = plain.Length == 64 ? Convert.FromHexString(plain) : Convert.FromBase64String(plain);
        var headers = new Dictionary<string, string>(told.Headers, StringComparer.Ordinal) { ["x-webhook-signature"] = Convert.ToHexStringLower(bytes) };
        (await VerifyAsync(told with { Headers = headers }, subscriber.Secret)).ShouldBe("true true");
    }

    private static async Task<string> VerifyAsync(Received told, string secret)
    {
        var guide = await File.ReadAllTextAsync(Repository.PathOf("docs", "webhooks.md"));
        var script = string.Join('\n', Snippet().Match(guide).Groups["code"].Value, Standard, Run);
        var start = new ProcessStartInfo("node", ["--input-type=module", "-e", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { body = Convert.ToBase64String(told.Body), headers = told.Headers, secret }));
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, await node.StandardError.ReadToEndAsync());
        return output.Trim();
    }

    [GeneratedRegex("```js\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Snippet();
}
