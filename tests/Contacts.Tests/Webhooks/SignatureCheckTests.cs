using System.Security.Cryptography;
using System.Text;
using Contacts.Webhooks;
using Contacts.Webhooks.Checks;
using static Contacts.Webhooks.Checks.SignatureMistake;

namespace Contacts.Tests.Webhooks;

/// <summary>The workbench's judgement: what is right verifies, and each common mistake is named.</summary>
public sealed class SignatureCheckTests
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private const string OldOne = "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0=";
    private const string Other = "whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q=";
    private const string Id = "msg_0197c0de000070008000000000000001";
    private const string Body =
        """{"event":"contact.created","data":{"contact_id":"0197c0de-0000-7000-8000-000000000002","phone_number":"+5215512345678","name":"Juan Pérez & <Cía> / \"Sí\" 😀"},"timestamp":"2026-01-28T12:00:00Z","businessId":"0197"}""";

    private static readonly DateTime Sent = new(2026, 1, 28, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>What receivers do to a body, by the mistakes that should be told.</summary>
    public static TheoryData<string, string> Bodies => new()
    {
        { Body + "\n", "ExtraWhitespace" },
        { "  " + Body + "\r\n", "ExtraWhitespace" },
        { "\uFEFF" + Body, "ByteOrderMark" },
        { Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Body.Replace("😀", "", StringComparison.Ordinal))), "Charset" },
        { System.Text.Json.JsonSerializer.Serialize(Body), "QuotedBody" },
        { Quoted(Body)[1..^1], "QuotedBody" },
        { Written(new JsonForm(JsonEscapes.None, ", ", ": ")), "Reserialized Spaces" },
        { Written(new JsonForm(JsonEscapes.Ascii, ", ", ": ")), "Reserialized Spaces Escapes" },
        { Written(new JsonForm(JsonEscapes.Ascii)), "Reserialized Escapes" },
        { Written(new JsonForm(JsonEscapes.Ascii) { EscapesSlashes = true }), "Reserialized Escapes" },
        { Written(new JsonForm(JsonEscapes.Careful)), "Reserialized Escapes" },
        { Written(new JsonForm(JsonEscapes.Html)), "Reserialized Escapes" },
        { Written(new JsonForm(JsonEscapes.None, ",", ": ") { Indent = "  " }), "Reserialized Indented" },
        { Written(new JsonForm(JsonEscapes.None) { SortsKeys = true }), "Reserialized KeyOrder" },
        { Written(new JsonForm(JsonEscapes.Ascii, ", ", ": ") { SortsKeys = true }), "Reserialized KeyOrder Spaces Escapes" },
    };

    /// <summary>What goes wrong when a signature is computed, by the mistakes that should be told.</summary>
    public static TheoryData<string, bool, string> Computed => new()
    {
        { Hex(Text(Secret), Body), false, "" },
        { Base64(Key(Secret), Signed(Body)), false, "" },
        { Hex(Text(Secret), Body).ToUpperInvariant(), false, "UpperCase" },
        { Base64(Text(Secret), Body), false, "OtherEncoding" },
        { "sha256=" + Hex(Text(Secret), Body), false, "SignaturePrefix" },
        { Convert.ToBase64String(Encoding.ASCII.GetBytes(Hex(Text(Secret), Body))), false, "EncodedTwice OtherEncoding" },
        { Hex(Key(Secret), Body), false, "SecretDecoded" },
        { Hex(Text(Secret[6..]), Body), false, "PrefixLeftOff" },
        { Hex(Text(Secret + "\n"), Body), false, "SecretWhitespace" },
        { Hex(Text(Secret), Signed(Body)), false, "ExtraIdAndTime" },
        { Base64(Text(Secret), Signed(Body)), true, "SecretAsText" },
        { Base64(Text(Secret[6..]), Signed(Body)), true, "SecretAsText" },
        { Base64(Key(Secret), Body), true, "MissingIdAndTime" },
        { Base64(Key(Secret), $"1769601600.{Body}"), true, "OtherIdOrTime" },
        { Base64(Key(Secret), $"{Id[4..]}.1769601600.{Body}"), true, "OtherIdOrTime" },
        { Base64(Key(Secret), $"{Id}.1769601600000.{Body}"), true, "OtherIdOrTime" },
        { Base64(Key(Secret), Signed(Body)).TrimEnd('=').Replace('+', '-').Replace('/', '_'), true, "Base64Url" },
        { Hex(Key(Secret), Signed(Body)), true, "OtherEncoding" },
        { Hex(Text(Secret), Body + "\n"), false, "LostWhitespace" },
        { "abc", false, "Unreadable" },
        { new string('0', 64), false, "Unexplained" },
    };

    [Theory]
    [InlineData(SignatureEncoding.Hex, false)]
    [InlineData(SignatureEncoding.Hex, true)]
    [InlineData(SignatureEncoding.Base64, false)]
    [InlineData(SignatureEncoding.Base64, true)]
    public void What_is_right_verifies(SignatureEncoding encoding, bool hasPrefix)
    {
        var report = Check(Body, HeadersOf(Body, encoding, hasPrefix), new CandidateSecret(Secret, SecretOrigin.Given));
        report.Verifies.ShouldBeTrue();
        report.Mistakes.ShouldBeEmpty();
        report.Findings.Select(finding => finding.Header).ShouldBe(["webhook-signature", "x-webhook-signature"]);
        report.Findings.ShouldAllBe(finding => finding.Verifies && finding.Mistakes.Count == 0 && finding.SignedBody == null);
    }

    [Fact]
    public void Each_header_verifies_alone_and_so_does_a_bare_signature()
    {
        foreach (var headers in new[]
        {
            "X-Webhook-Signature: " + Hex(Text(Secret), Body), Hex(Text(Secret), Body), "sha256=" + Hex(Text(Secret), Body),
            $"webhook-id: {Id}\nwebhook-timestamp: 1769601600\nwebhook-signature: v1,{Base64(Key(Secret), Signed(Body))}",
            $$"""{"Webhook-Id":"{{Id}}","webhook-timestamp":1769601600,"webhook-signature":["v1,AAAA v1,{{Base64(Key(Secret), Signed(Body))}}"]}""",
            $"-H 'X-Webhook-Signature: {Hex(Text(Secret), Body)}' \\", $"> X-Webhook-Signature: {Hex(Text(Secret), Body)}",
            $"HTTP_X_WEBHOOK_SIGNATURE: {Hex(Text(Secret), Body)}",
        })
        {
            Check(Body, headers, new CandidateSecret(Secret, SecretOrigin.Given)).Verifies.ShouldBeTrue(headers);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_that_was_touched_is_told_with_what_was_done(string body, string mistakes)
    {
        // Latin-1 has no emoji.
        var sent = mistakes == "Charset" ? Body.Replace("😀", "", StringComparison.Ordinal) : Body;
        var report = Check(body, HeadersOf(sent), new CandidateSecret(Secret, SecretOrigin.Given));
        report.Verifies.ShouldBeFalse();
        foreach (var finding in report.Findings)
        {
            string.Join(' ', finding.Mistakes).ShouldBe(mistakes, finding.Header);
            finding.SignedBody.ShouldNotBeNull();
        }
    }

    [Fact]
    public void A_body_with_other_line_breaks_is_told()
    {
        var sent = Body.Replace(",", ",\n", StringComparison.Ordinal);
        var report = Check(sent.Replace("\n", "\r\n", StringComparison.Ordinal), HeadersOf(sent), new CandidateSecret(Secret, SecretOrigin.Given));
        report.Findings.ShouldAllBe(finding => finding.Mistakes.Single() == LineBreaks);
    }

    [Fact]
    public void Keys_in_any_order_are_put_back_and_a_known_body_needs_no_search()
    {
        var sent = """{"event":"x","data":{"d":1,"b":2,"c":3,"a":4},"timestamp":"t"}""";
        var had = """{"timestamp":"t","data":{"a":4,"b":2,"c":3,"d":1},"event":"x"}""";
        Check(had, HeadersOf(sent), new CandidateSecret(Secret, SecretOrigin.Given)).Findings
            .ShouldAllBe(finding => finding.Mistakes.SequenceEqual(new[] { Reserialized, KeyOrder }));

        sent = """{"i":1,"h":2,"g":3,"f":4,"e":5,"d":6,"c":7,"b":8,"a":9}""";
        had = """{"g":3,"i":1,"h":2,"e":5,"d":6,"f":4,"c":7,"b":8,"a":9}""";
        Check(had, HeadersOf(sent), new CandidateSecret(Secret, SecretOrigin.Given)).Findings.ShouldAllBe(finding => finding.Mistakes.Single() == Unexplained);
        var known = SignatureCheck.Check(new SignatureQuestion(
            Text(had), PastedHeaders.Read(HeadersOf(sent)), [new CandidateSecret(Secret, SecretOrigin.Given)], Sent)
        { SentBody = Text(sent) });
        known.Findings.ShouldAllBe(finding => finding.Mistakes.SequenceEqual(new[] { Reserialized, KeyOrder }));
    }

    [Theory]
    [MemberData(nameof(Computed))]
    public void What_a_receiver_computed_is_explained(string computed, bool isStandard, string mistakes)
    {
        var report = SignatureCheck.Check(new SignatureQuestion(
            Text(Body), PastedHeaders.Read(HeadersOf(Body)), [new CandidateSecret(Secret, SecretOrigin.Given)], Sent)
        { Computed = computed });
        report.Verifies.ShouldBeTrue("the request itself is genuine");
        var finding = report.Findings[^1];
        finding.Header.ShouldBeNull();
        string.Join(' ', finding.Mistakes).ShouldBe(mistakes, isStandard ? "webhook-signature" : "X-Webhook-Signature");
    }

    [Fact]
    public void The_writing_is_held_against_the_webhooks_setting()
    {
        var question = new SignatureQuestion(
            Text(Body), PastedHeaders.Read("X-Webhook-Signature: " + Hex(Text(Secret), Body)), [new CandidateSecret(Secret, SecretOrigin.Present)], Sent);
        SignatureCheck.Check(question with { Writing = (SignatureEncoding.Hex, false) }).Verifies.ShouldBeTrue();
        SignatureCheck.Check(question with { Writing = (SignatureEncoding.Hex, true) }).Findings[0].Mistakes.ShouldBe([SignaturePrefix]);
        SignatureCheck.Check(question with { Writing = (SignatureEncoding.Base64, true) }).Findings[0].Mistakes.ShouldBe([OtherEncoding, SignaturePrefix]);
    }

    [Fact]
    public void Old_and_other_secrets_are_told_apart()
    {
        CandidateSecret present = new(Secret, SecretOrigin.Present), previous = new(OldOne, SecretOrigin.Previous);
        var withOld = HeadersOf(Body, secret: OldOne);
        Check(Body, withOld, present, previous).Findings.ShouldAllBe(finding => finding.Verifies && finding.Mistakes.Single() == OldSecret);
        Check(Body, withOld, new(OldOne, SecretOrigin.Given), present, previous).Findings.ShouldAllBe(finding => finding.Verifies && finding.Mistakes.Single() == OldSecret);
        Check(Body, HeadersOf(Body), new(OldOne, SecretOrigin.Given), present, previous).Findings.ShouldAllBe(finding => finding.Mistakes.Single() == OutdatedSecret);
        Check(Body, HeadersOf(Body), new(Other, SecretOrigin.Given), present, previous).Findings.ShouldAllBe(finding => finding.Mistakes.Single() == OtherSecret);
        Check(Body, HeadersOf(Body), new(Other, SecretOrigin.Given), present).Verifies.ShouldBeFalse();
        Check(Body, HeadersOf(Body), new CandidateSecret(Other, SecretOrigin.Given)).Findings.ShouldAllBe(finding => finding.Mistakes.Single() == Unexplained);
        var dialect = "X-Webhook-Signature: " + Hex(Text(Secret), Body);
        Check(Body, dialect, new CandidateSecret(Secret[6..], SecretOrigin.Given)).Findings[0].Mistakes.ShouldBe([PrefixLeftOff]);
        Check(Body, dialect, new(Secret[6..], SecretOrigin.Given), present).Findings[0].Mistakes.ShouldBe([PrefixLeftOff]);
        Check(Body, dialect, new CandidateSecret(Secret + " ", SecretOrigin.Given)).Findings[0].Mistakes.ShouldBe([SecretWhitespace]);
        Check(Body, dialect, new CandidateSecret($"\"{Secret}\"", SecretOrigin.Given)).Findings[0].Mistakes.ShouldBe([SecretWhitespace]);
    }

    [Fact]
    public void A_rotations_requests_verify_with_both_secrets()
    {
        var headers = $"""
            X-Webhook-Signature: {Hex(Text(Secret), Body)}
            X-Webhook-Signature-Previous: {Hex(Text(OldOne), Body)}
            webhook-id: {Id}
            webhook-timestamp: 1769601600
            webhook-signature: v1,{Base64(Key(Secret), Signed(Body))} v1,{Base64(Key(OldOne), Signed(Body))}
            """;
        foreach (var secret in new[] { Secret, OldOne })
            Check(Body, headers, new CandidateSecret(secret, SecretOrigin.Given)).Verifies.ShouldBeTrue();
        Check(Body, headers, new(Secret, SecretOrigin.Present), new(OldOne, SecretOrigin.Previous)).Findings.ShouldAllBe(finding => finding.Verifies);
    }

    [Fact]
    public void Times_outside_of_the_tolerance_are_noted()
    {
        CandidateSecret[] secrets = [new(Secret, SecretOrigin.Given)];
        foreach (var (minutes, note) in new[] { (4, (SignatureMistake?)null), (-4, null), (6, TooOld), (-6, TooNew) })
        {
            var report = SignatureCheck.Check(new SignatureQuestion(Text(Body), PastedHeaders.Read(HeadersOf(Body)), secrets, Sent.AddMinutes(minutes)));
            report.Verifies.ShouldBeTrue();
            report.Findings[0].Mistakes.ShouldBe(note is { } one ? [one] : []);
        }
    }

    [Fact]
    public void Headers_and_bodies_of_different_deliveries_are_told()
    {
        var mixed = HeadersOf(Body) + "\nX-Webhook-Delivery-Id: whd_0197c0de000070008000000000000009";
        Check(Body, mixed, new CandidateSecret(Secret, SecretOrigin.Given)).Mistakes.ShouldBe([DifferentDeliveries]);

        var half = $"X-Webhook-Signature: {Hex(Text(Secret), Body)}\nwebhook-id: {Id}x\nwebhook-timestamp: 1\nwebhook-signature: v1,{Base64(Key(Secret), Signed(Body))}";
        Check(Body, half, new CandidateSecret(Secret, SecretOrigin.Given)).Mistakes.ShouldBe([DifferentDeliveries]);

        var other = Body.Replace("Juan", "Ana", StringComparison.Ordinal);
        var report = SignatureCheck.Check(new SignatureQuestion(
            Text(other), PastedHeaders.Read(HeadersOf(Body)), [new CandidateSecret(Secret, SecretOrigin.Given)], Sent)
        { SentBody = Text(Body) });
        report.Verifies.ShouldBeFalse();
        report.Mistakes.ShouldBe([DifferentDeliveries]);
        report.Findings.ShouldAllBe(finding => finding.Mistakes.Single() == OtherBody);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        CandidateSecret secret = new(Secret, SecretOrigin.Given);
        Check(Body, HeadersOf(Body)).Mistakes.ShouldBe([NoSecret]);
        Check(Body, "Content-Type: application/json\nX-Webhook-Id: 1", secret).Mistakes.ShouldBe([NoSignature]);
        Check(Body, "webhook-signature: v1," + Base64(Key(Secret), Signed(Body)), secret).Findings[0].Mistakes.ShouldBe([IdOrTimeNotGiven]);
        Check(Body, "X-Webhook-Signature: 5d1f", secret).Findings[0].Mistakes.ShouldBe([Unreadable]);
        Check("", "X-Webhook-Signature: " + Hex(Text(Secret), Body), secret).Findings[0].Mistakes.ShouldBe([Unexplained]);
        Check("", "", new CandidateSecret("", SecretOrigin.Given)).Verifies.ShouldBeFalse();
        secret.ToString().ShouldNotContain("whsec_");
    }

    [Fact]
    public void A_large_body_is_answered_soon()
    {
        var large = $"{{\"event\":\"x\",\"data\":{{\"a\":\"{new string('é', 100_000)}\"}}}}";
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Check(large + " x", HeadersOf(large), new(Secret, SecretOrigin.Given), new(OldOne, SecretOrigin.Previous)).Verifies.ShouldBeFalse();
        System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_search_that_is_ended_explains_nothing()
    {
        var question = new SignatureQuestion(Text(Body), PastedHeaders.Read(HeadersOf(Body)), [new(Secret, SecretOrigin.Given)], Sent) { Computed = Hex(Text(Secret), Body) };
        SignatureCheck.Check(question, CancellationToken.None).Verifies.ShouldBeTrue();
        var ended = SignatureCheck.Check(question, new CancellationToken(canceled: true));
        ended.Findings.Count.ShouldBe(3);
        ended.Findings.ShouldAllBe(finding => finding.Mistakes.Single() == Unexplained);
    }

    private static SignatureReport Check(string body, string headers, params CandidateSecret[] secrets) =>
        SignatureCheck.Check(new SignatureQuestion(Text(body), PastedHeaders.Read(headers), secrets, Sent));

    private static string HeadersOf(string body, SignatureEncoding encoding = SignatureEncoding.Hex, bool hasPrefix = false, string secret = Secret) =>
        $"""
        Content-Type: application/json
        X-Webhook-Signature: {Signature.OfBody(secret, Text(body), encoding, hasPrefix)}
        webhook-id: {Id}
        webhook-timestamp: 1769601600
        webhook-signature: {Signature.Standard([secret], Id, 1769601600, Text(body))}
        """;

    private static string Written(JsonForm form)
    {
        using var json = System.Text.Json.JsonDocument.Parse(Body);
        return form.Write(json.RootElement);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder();
        new JsonForm(JsonEscapes.None).WriteText(quoted, text);
        return quoted.ToString();
    }

    private static string Signed(string body) => $"{Id}.1769601600.{body}";

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Key(string secret) => Convert.FromBase64String(secret[6..]);

    private static string Hex(byte[] key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Text(text)));

    private static string Base64(byte[] key, string text) => Convert.ToBase64String(HMACSHA256.HashData(key, Text(text)));
}
