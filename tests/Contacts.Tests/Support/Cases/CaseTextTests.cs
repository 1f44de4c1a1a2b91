using System.Text.Json.Nodes;

namespace Contacts.Tests.Support.Cases;

/// <summary>The runner itself must be able to fail: what its patterns and comparisons accept and refuse.</summary>
public sealed class CaseTextTests
{
    private readonly CaseText _text = new();

    [Theory]
    [InlineData("plain", "plain", true)]
    [InlineData("plain", "plain ", false)]
    [InlineData("{{uuid}}", "faadda18-330e-49ae-8b75-564a3adb23db", true)]
    [InlineData("{{uuid}}", "FAADDA18-330e-49ae-8b75-564a3adb23db", false)]
    [InlineData("{{time}}", "2026-11-20T09:36:19.765974Z", true)]
    [InlineData("{{time}}", "2026-11-20T09:36:19.765Z", false)]
    [InlineData("a.c {{any}}", "a.c d\ne", true)]
    [InlineData("a.c {{any}}", "abc d", false)]
    [InlineData("{{re:[0-9]{2}}} left", "42 left", true)]
    [InlineData("{{re:[0-9]{2}}} left", "427 left", false)]
    [InlineData("{{{any}}}", "{\"detail\":1}", true)]
    public void A_pattern_matches_the_whole_text(string pattern, string actual, bool matches) =>
        CaseText.Matches(pattern, actual).ShouldBe(matches);

    [Fact]
    public void Captured_values_stand_for_themselves_in_capitals_in_patterns_and_in_base64()
    {
        _text.Capture("ana", "ab-1");
        _text.Fill("/x?uuid={{ana}}&y={{ana|upper}}").ShouldBe("/x?uuid=ab-1&y=AB-1");
        _text.Fill("{{base64:crm:{{ana}}}}").ShouldBe("Y3JtOmFiLTE=");
        CaseText.Matches(_text.Fill("{{re:(?!{{ana}}).*}}"), "ab-1").ShouldBeFalse();
        CaseText.Matches(_text.Fill("{{re:(?!{{ana}}).*}}"), "ab-2").ShouldBeTrue();
        Should.Throw<InvalidDataException>(() => _text.Fill("{{bia}}"));
    }

    [Fact]
    public void Repetitions_unfold_in_arrays_and_objects()
    {
        var node = JsonNode.Parse("""{"urns":["ext:x","{{repeat:2:ext:$i}}"],"fields":{"{{repeat:2:key_$i}}":"value $i"},"name":"{{text:3:ab}}"}""");
        _text.Fill(node)!.ToJsonString().ShouldBe("""{"urns":["ext:x","ext:000","ext:001"],"fields":{"key_000":"value 000","key_001":"value 001"},"name":"ababab"}""");
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", false, 0)]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", false, 1)]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", true, 0)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", true, 1)]
    [InlineData("""{"a":null}""", "{}", true, 1)]
    [InlineData("""{"a":"{{any}}"}""", """{"a":{"b":[]}}""", false, 0)]
    [InlineData("""{"a":"{{any}}"}""", """{"a":null}""", false, 1)]
    [InlineData("[1,2]", "[2,1]", false, 2)]
    [InlineData("[1,2]", "[1]", true, 1)]
    [InlineData("""{"name":["x"],"language":["y"]}""", """{"language":["y"],"name":["x"]}""", false, 0)]
    [InlineData("""{"uuid":"x","name":"y"}""", """{"name":"y","uuid":"x"}""", false, 1)]
    public void Differences_are_counted(string expected, string actual, bool partly, int count) =>
        JsonDifference.Between(JsonNode.Parse(expected), JsonNode.Parse(actual), partly).Count.ShouldBe(count);
}
