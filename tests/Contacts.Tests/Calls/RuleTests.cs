using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Contacts.Calls;
using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Urns;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using WeniDialect = Contacts.Dialects.Weni;
using WhaapyDialect = Contacts.Dialects.Whaapy;

namespace Contacts.Tests.Calls;

/// <summary>Every text by which a dialect refuses something has a rule that explains it, and every rule leads to the contract.</summary>
public sealed partial class RuleTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Refusal[] Refusals =
    [
        new Refusal.NotFound(), new Refusal.OtherNotFound(), new Refusal.SameContact(), new Refusal.ContactDeleted(), new Refusal.ContactNotActive(),
        new Refusal.UrnTaken("tel:+250783835665", Guid.Empty), new Refusal.UrnTaken("mailto:a@example.com", Guid.Empty), new Refusal.TooMany(CountedAttribute.Tags, 100),
        new Refusal.UrnInvalid("x", UrnFault.Invalid), new Refusal.GroupUnknown("Devs"), new Refusal.NotUnique(UniqueAttribute.Name), new Refusal.KeyInvalid("1"), new Refusal.KeyTaken("a"),
        new Refusal.LimitReached(250, 250), new Refusal.TargetRefused(TargetFault.Address), new Refusal.TargetRefused(TargetFault.Scheme), new Refusal.GroupInUse(AutomationKind.Flow, []),
        new Refusal.Failed(new BookBusyException()), new Refusal.Failed(new InvalidOperationException()),
    ];

    [Fact]
    public void Every_text_of_weni_is_explained()
    {
        var texts = OfSource("Weni").Concat(OfTexts(typeof(WeniDialect.Texts)).Select(text => (Status: 400, Text: text)))
            .Concat(Refusals.Where(refusal => refusal is not (Refusal.OtherNotFound or Refusal.SameContact or Refusal.TooMany or Refusal.TargetRefused))
                .Select(refusal => TextOf(WeniDialect.Errors.Of(refusal, "groups"))))
            .Append((400, "JSON parse error - Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"))
            .Append((400, "Form parse error - the body is no well-formed form"))
            .Append(TextOf(WeniDialect.Errors.Throttled(TimeSpan.FromSeconds(7)))).Append(TextOf(WeniDialect.Errors.OfStanding(Standing.Flagged)!));
        ShouldBeExplained(WeniDialect.Rules.All, [.. texts]);
    }

    [Fact]
    public void Every_text_of_whaapy_is_explained()
    {
        var faults = typeof(WhaapyDialect.Errors).GetProperties(BindingFlags.Static | BindingFlags.Public).Select(property => property.GetValue(null)).OfType<WhaapyDialect.Fault>()
            .Concat(new[] { 400, 405, 413, 500, 503 }.Select(WhaapyDialect.Errors.OfStatus)).Append(WhaapyDialect.Errors.MissingScope("contacts:write")).Append(WhaapyDialect.Errors.Throttled(TimeSpan.FromSeconds(7)))
            .Concat(Refusals.Where(refusal => refusal is not (Refusal.ContactNotActive or Refusal.UrnInvalid or Refusal.GroupUnknown or Refusal.NotUnique or Refusal.KeyInvalid
                or Refusal.KeyTaken or Refusal.GroupInUse)).Select(WhaapyDialect.Errors.Of))
            .Where(fault => fault.Details is null).Select(fault => (fault.Status, Text: fault.Message));
        ShouldBeExplained(WhaapyDialect.Rules.All, [.. faults, .. OfTexts(typeof(WhaapyDialect.Texts)).Select(text => (400, text))]);
    }

    [Theory]
    [InlineData("Weni")]
    [InlineData("Whaapy")]
    public void Every_rule_leads_to_a_heading_of_its_page(string dialect)
    {
        var rules = dialect == "Weni" ? WeniDialect.Rules.All : WhaapyDialect.Rules.All;
        var headings = File.ReadLines(Repository.PathOf(rules.Page.Split('/'))).Where(line => line.StartsWith('#'))
            .Select(line => NotInAnchors().Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-')).ToHashSet();
        rules.All.Where(rule => !headings.Contains(rule.Anchor)).Select(rule => rule.Anchor).ShouldBeEmpty();
        rules.All.Select(rule => rule.Key).ShouldBeUnique();
        rules.All.ShouldAllBe(rule => rule.Why.EndsWith('.') && rule.Next.EndsWith('.'));
    }

    [Fact]
    public async Task A_refused_call_says_why_for_each_of_its_faults()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", "/api/v2/contacts.json", """{"name":"","urns":["xyz"],"fields":{"nosuch":1}}""");
        var why = (await observer.ReadAsync()).GetProperty("why").EnumerateArray().ToList();
        why.Select(reason => reason.Text("rule")).ShouldBe(["name_empty", "urn", "field_unknown"]);
        why[1].Text("contract").ShouldBe("docs/weni.md#urns");
        why[1].Text("text").ShouldBe("Invalid URN: xyz. Ensure phone numbers contain country codes.");

        using var whaapy = await WhaapyClient.OfAsync(server, observer.Api.Workspace);
        await whaapy.SendAsync("POST", "/contacts/v1", new { phone_number = "12", email = "no" });
        var reasons = (await observer.ReadAsync("\"dialect\":\"whaapy\"")).GetProperty("why").EnumerateArray();
        reasons.Select(reason => reason.Text("rule")).ShouldBe(["phone", "email"]);
    }

    [Fact]
    public void What_no_rule_knows_is_not_explained()
    {
        var rules = server.Services.GetRequiredService<CallRules>();
        rules.Explain("weni", 200, """{"detail":"Not found."}""").ShouldBeEmpty();
        rules.Explain("weni", 404, "Not found.").ShouldBeEmpty("no JSON");
        rules.Explain("weni", 404, null).ShouldBeEmpty();
        rules.Explain("management", 404, """{"detail":"Not found."}""").ShouldBeEmpty();
        rules.Explain("weni", 404, """{"detail":"Not found."}""").ShouldHaveSingleItem().Rule.Key.ShouldBe("not_found");
    }

    [Fact]
    public void Of_a_call_that_got_503_nobody_says_that_nothing_was_written()
    {
        var words = File.ReadAllText(Repository.PathOf("src", "Contacts.Api", "Console", "Texts", "rules.json"));
        foreach (var rule in new[] { WeniDialect.Rules.All, WhaapyDialect.Rules.All }.SelectMany(rules => rules.All).Where(rule => rule.Status == 503))
        {
            rule.Why.ShouldContain("as a whole or not at all");
            words.ShouldContain(rule.Why);
        }
    }

    private static void ShouldBeExplained(DialectRules rules, IReadOnlyList<(int Status, string Text)> texts)
    {
        texts.Count.ShouldBeGreaterThan(30);
        var found = texts.Select(text => (Text: text, Rule: rules.All.FirstOrDefault(rule => rule.Status == text.Status && Regex.IsMatch(text.Text, rule.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))))).ToList();
        found.Where(one => one.Rule is null).Select(one => one.Text).ShouldBeEmpty("texts without a rule");
        rules.All.Except(found.Select(one => one.Rule!)).Select(rule => rule.Key).ShouldBeEmpty("rules without a text");
    }

    /// <summary>The texts of a class of texts: its constants, and what its methods make of samples.</summary>
    private static IEnumerable<string> OfTexts(Type texts)
    {
        foreach (var constant in texts.GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.FieldType == typeof(string)))
            yield return (string)constant.GetRawConstantValue()!;
        foreach (var method in texts.GetMethods(BindingFlags.Static | BindingFlags.Public))
        {
            var choices = method.GetParameters().Select(parameter => SamplesOf(parameter.ParameterType)).ToList();
            foreach (var first in choices[0])
                yield return (string)method.Invoke(null, [first, .. choices.Skip(1).Select(samples => samples[0])])!;
        }
    }

    private static object[] SamplesOf(Type type)
    {
        if (type == typeof(int))
            return [100];
        if (type == typeof(char))
            return ['\uD800'];
        if (type == typeof(UrnFault))
            return [.. Enum.GetValues<UrnFault>().Where(fault => fault != UrnFault.None).Cast<object>()];
        if (type == typeof(IEnumerable<Guid>))
            return [new[] { Guid.Empty }];
        return type == typeof(IEnumerable<string>) ? [new[] { "asc" }] : ["sample"];
    }

    /// <summary>The texts that stand in a dialect's source beside a status.</summary>
    private static IEnumerable<(int Status, string Text)> OfSource(string dialect)
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("src", "Contacts.Api", "Dialects", dialect), "*.cs"))
        {
            var source = File.ReadAllText(file);
            foreach (Match match in Detail().Matches(source))
                yield return (int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture), Plain(match.Groups["text"].Value));
            foreach (Match match in Whole().Matches(source))
                yield return (400, Plain(match.Groups["text"].Value));
            if (Path.GetFileName(file) == "Credentials.cs")
            {
                foreach (Match match in Credential().Matches(source))
                    yield return (403, match.Groups["text"].Value);
            }
        }
    }

    private static string Plain(string literal) => Hole().Replace(literal.Replace("\\\"", "\"", StringComparison.Ordinal), "1").Replace("1 must be 1 to 1", "X must be 1 to 255", StringComparison.Ordinal);

    private static (int Status, string Text) TextOf(Dialects.JsonAnswer answer)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new System.Text.Json.Utf8JsonWriter(bytes))
            answer.WriteBody(json);
        return (answer.Status, WeniDialect.Rules.All.Texts(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(bytes.WrittenSpan)).First());
    }

    [GeneratedRegex(@"Detail\(\s*StatusCodes\.Status(?<status>\d+)\w+,\s*\$?""(?<text>([^""\\]|\\.)+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Detail();

    [GeneratedRegex(@"(?:Invalid|Refuse)\(\$?""(?<text>([^""\\]|\\.)+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"""(?<text>[A-Z][^""]+)""\)?;", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Credential();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchors();
}
