using System.Text.Json;
using Contacts.Core;

namespace Contacts.Tests.Core;

public sealed class FieldValuesTests
{
    private const string Json =
        """{"0197c0de-0000-7000-8000-000000000001":{"text":"39","number":39,"datetime":"2014-12-31T22:34:00.123456+05:00"}}""";

    private static readonly Guid Age = Guid.Parse("0197c0de-0000-7000-8000-000000000001");
    private static readonly Guid Nick = Guid.Parse("0197c0de-0000-7000-8000-000000000002");
    private static readonly DateTimeOffset Time = new DateTimeOffset(2014, 12, 31, 22, 34, 0, TimeSpan.FromHours(5)).AddTicks(1_234_560);

    [Fact]
    public void Values_are_read_and_written_as_the_column_holds_them()
    {
        var values = FieldValues.Parse(Json);
        values.Count.ShouldBe(1);
        values[Age].ShouldBe(new FieldValue("39", 39, Time));
        values[Nick].ShouldBeNull();
        values.ToJson().ShouldBe(Json);
    }

    [Theory]
    [InlineData("Ben")]
    [InlineData("quote \" backslash \\ slash / <b> & é 😀 \u202e \u0001 \n")]
    [InlineData("")]
    public void Any_text_survives_a_round_trip(string text)
    {
        var values = new FieldValues();
        values.Set(Nick, new FieldValue(text, null, null)).ShouldBeTrue();
        FieldValues.Parse(values.ToJson())[Nick].ShouldBe(new FieldValue(text, null, null));
    }

    [Theory]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("1234.5")]
    [InlineData("0")]
    public void Any_number_survives_a_round_trip(string number)
    {
        var value = FieldValue.Read(number, TimeZoneInfo.Utc, DateStyle.DayFirst, Time)!;
        var values = new FieldValues();
        values.Set(Nick, value);
        var back = FieldValues.Parse(values.ToJson())[Nick];
        back.ShouldBe(value);
        back!.Show(FieldType.Numeric).ShouldBe(number);
    }

    /// <summary>They are kept in the order of their fields, in which the column gives them back, and found among many.</summary>
    [Fact]
    public void Values_set_and_removed_in_any_order_are_the_same_values()
    {
        var ids = Enumerable.Range(0, 100).Select(number => Guid.Parse($"{number * 7919 % 100:x8}-0000-7000-8000-{number:x12}")).ToList();
        var values = new FieldValues();
        foreach (var id in ids)
            values.Set(id, new FieldValue(id.ToString(), null, null)).ShouldBeTrue();
        var copy = values.Clone();
        foreach (var id in ids.Where((_, number) => number % 3 == 0))
            values.Set(id, null).ShouldBeTrue();
        values.Set(ids[0], null).ShouldBeFalse();
        values.Count.ShouldBe(66);
        values.Ids.ShouldBe(ids.Where((_, number) => number % 3 != 0).OrderBy(id => id.ToString(), StringComparer.Ordinal));
        ids.ShouldAllBe(id => copy[id]!.Text == id.ToString());
        ids.Select((id, number) => (values[id] is null) == (number % 3 == 0)).ShouldAllBe(isRight => isRight);
        values.FilledFrom(copy).ToJson().ShouldBe(copy.ToJson());
        FieldValues.Parse(values.ToJson()).ToJson().ShouldBe(values.ToJson());
    }

    [Fact]
    public void Relaxed_escaping_keeps_text_readable()
    {
        var values = new FieldValues();
        values.Set(Nick, new FieldValue("Zoë <3 & co", null, null));
        values.ToJson().ShouldContain("\"text\":\"Zoë <3 & co\"");
    }

    [Fact]
    public void Absent_parts_are_left_out()
    {
        var values = new FieldValues();
        values.Set(Nick, new FieldValue("Ben", null, null));
        values.ToJson().ShouldBe($$$"""{"{{{Nick}}}":{"text":"Ben"}}""");
    }

    [Fact]
    public void Setting_tells_whether_something_changed()
    {
        var values = new FieldValues();
        values.Set(Nick, null).ShouldBeFalse();
        values.Set(Nick, new FieldValue("Ben", null, null)).ShouldBeTrue();
        values.Set(Nick, new FieldValue("Ben", null, null)).ShouldBeFalse();
        values.Set(Nick, new FieldValue("Ben", 1, null)).ShouldBeTrue();
        values.Set(Age, new FieldValue("x", null, Time)).ShouldBeTrue();
        values.Set(Age, new FieldValue("x", null, Time.ToUniversalTime())).ShouldBeTrue();
        values.Set(Nick, null).ShouldBeTrue();
        values.Count.ShouldBe(1);
    }

    [Fact]
    public void A_clone_changes_on_its_own()
    {
        var values = FieldValues.Parse(Json);
        var clone = values.Clone();
        clone.Set(Age, null);
        clone.Set(Nick, new FieldValue("Ben", null, null));
        values.ToJson().ShouldBe(Json);
        clone[Age].ShouldBeNull();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("null", 0)]
    [InlineData("{}", 0)]
    [InlineData("""{"no-guid":{"text":"x"}}""", 0)]
    [InlineData("""{"0197c0de-0000-7000-8000-000000000001":5}""", 0)]
    [InlineData("""{"0197c0de-0000-7000-8000-000000000001":[{"text":"x"}]}""", 0)]
    [InlineData("""{"0197c0de-0000-7000-8000-000000000001":{"state":{"a":[1]},"text":"x"}}""", 1)]
    [InlineData("""{"0197c0de-0000-7000-8000-000000000001":{"text":"x","number":1e400,"datetime":"never"}}""", 1)]
    [InlineData("""{"0197c0de-0000-7000-8000-000000000001":{"text":"x","number":"5","datetime":5}}""", 1)]
    [InlineData("""{"0197C0DE-0000-7000-8000-000000000001":{"text":"x"}}""", 1)]
    public void Odd_columns_are_read_as_far_as_they_go(string json, int count)
    {
        var values = FieldValues.Parse(json);
        values.Count.ShouldBe(count);
        if (count == 1)
            values[Age].ShouldBe(new FieldValue("x", null, null));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("""{"0197c0de-0000-7000-8000-000000000001":{"text":"\ud83d"}}""")]
    public void A_column_that_is_no_object_is_refused(string json) => Should.Throw<JsonException>(() => FieldValues.Parse(json));

    [Fact]
    public void What_jsonb_refuses_is_never_written()
    {
        var values = FieldValues.Parse("""{"0197c0de-0000-7000-8000-000000000001":{"text":"a\u0000b"}}""");
        values.Set(Nick, new FieldValue("c\0\ud83d", null, null));
        var json = values.ToJson();
        json.ShouldNotContain("\\u0000");
        var back = FieldValues.Parse(json);
        back[Age]!.Text.ShouldBe("ab");
        back[Nick]!.Text.ShouldBe("c\ufffd");
    }

    [Fact]
    public void A_megabyte_survives_a_round_trip()
    {
        var values = new FieldValues();
        for (var index = 0; index < 1000; index++)
            values.Set(Guid.CreateVersion7(), new FieldValue(new string('x', 640), 1, Time));
        FieldValues.Parse(values.ToJson()).Count.ShouldBe(1000);
    }

    [Fact]
    public void Gaps_are_filled_from_other_values()
    {
        var own = FieldValues.Parse(Json);
        var other = new FieldValues();
        other.Set(Age, new FieldValue("40", 40, null));
        own.FilledFrom(other).ShouldBeSameAs(own);
        other.Set(Nick, new FieldValue("Ben", null, null));
        var filled = own.FilledFrom(other);
        (filled[Age]!.Text, filled[Nick]!.Text).ShouldBe(("39", "Ben"));
        own.Count.ShouldBe(1, "the values that were there are shared with others");
    }
}
