using Contacts.Core;

namespace Contacts.Tests.Core;

public sealed class FieldValueTests
{
    private static readonly TimeZoneInfo Kigali = TimeZoneInfo.FindSystemTimeZoneById("Africa/Kigali");
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 20, 9, 36, 19, TimeSpan.Zero).AddTicks(7_659_749);

    [Theory]
    [InlineData("1234.50", "1234.5")]
    [InlineData("100", "100")]
    [InlineData("100.000", "100")]
    [InlineData("+5", "5")]
    [InlineData("-5.10", "-5.1")]
    [InlineData("-0.0", "0")]
    [InlineData(" 5 ", "5")]
    [InlineData("007", "7")]
    [InlineData("0.00000001", "0.00000001")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("79228162514264337593543950336", null)]
    [InlineData("1.00000000000000000000000000000000000000", "1")]
    [InlineData("1e5", null)]
    [InlineData("1,234", null)]
    [InlineData("1.2.3", null)]
    [InlineData("5.", null)]
    [InlineData(".5", null)]
    [InlineData("+", null)]
    [InlineData("--5", null)]
    [InlineData("5 5", null)]
    [InlineData("0x1F", null)]
    [InlineData("NaN", null)]
    [InlineData("\u0665", null)]
    [InlineData("thirty", null)]
    public void A_plain_number_is_a_number(string text, string? expected) => Read(text)!.Show(FieldType.Numeric).ShouldBe(expected);

    [Theory]
    [InlineData("2014-12-31T22:34:00.123456+05:00", "2014-12-31T22:34:00.123456+05:00")]
    [InlineData("2014-12-31T22:34:00.1234569+05:00", "2014-12-31T22:34:00.123456+05:00")]
    [InlineData("2014-12-31T22:34:00.123456789012345678901234567890Z", "2014-12-31T22:34:00.123456Z")]
    [InlineData("2014-12-31T22:34:00.5Z", "2014-12-31T22:34:00.500000Z")]
    [InlineData("2014-12-31T22:34:00Z", "2014-12-31T22:34:00.000000Z")]
    [InlineData("2014-12-31T22:34Z", "2014-12-31T22:34:00.000000Z")]
    [InlineData("2014-12-31t22:34z", "2014-12-31T22:34:00.000000Z")]
    [InlineData("2014-12-31 22:34:00 +0500", "2014-12-31T22:34:00.000000+05:00")]
    [InlineData("2014-12-31T22:34:00+05", "2014-12-31T22:34:00.000000+05:00")]
    [InlineData("2014-12-31T22:34:00-03:30", "2014-12-31T22:34:00.000000-03:30")]
    [InlineData("2014-12-31T22:34:00+00:00", "2014-12-31T22:34:00.000000Z")]
    [InlineData("2014-12-31T22:34:00-00:00", "2014-12-31T22:34:00.000000Z")]
    [InlineData("2014-12-31T22:34:00+14:00", "2014-12-31T22:34:00.000000+14:00")]
    [InlineData("2014-12-31T22:34:00", "2014-12-31T22:34:00.000000+02:00")]
    [InlineData(" 2014-12-31 22:34 ", "2014-12-31T22:34:00.000000+02:00")]
    [InlineData("2014-12-31", "2014-12-31T11:36:19.765974+02:00")]
    [InlineData("2014/1/5", "2014-01-05T11:36:19.765974+02:00")]
    [InlineData("31-12-2014 10:00", "2014-12-31T10:00:00.000000+02:00")]
    [InlineData("31/12/2014", "2014-12-31T11:36:19.765974+02:00")]
    [InlineData("31.12.2014", "2014-12-31T11:36:19.765974+02:00")]
    [InlineData("1-2-2014 9:05", "2014-02-01T09:05:00.000000+02:00")]
    [InlineData("31-12-2014 10:00:30", "2014-12-31T10:00:30.000000+02:00")]
    [InlineData("31-12-2014 10:00 pm", "2014-12-31T22:00:00.000000+02:00")]
    [InlineData("31-12-2014 10:00PM", "2014-12-31T22:00:00.000000+02:00")]
    [InlineData("31-12-2014 12:00 am", "2014-12-31T00:00:00.000000+02:00")]
    [InlineData("31-12-2014 12:00 pm", "2014-12-31T12:00:00.000000+02:00")]
    [InlineData("29-02-2024 10:00", "2024-02-29T10:00:00.000000+02:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01T00:00:00+05:00", null)]
    [InlineData("9999-12-31T23:59:59-05:00", null)]
    [InlineData("0000-01-01T00:00:00Z", null)]
    [InlineData("2014-12-31T22:34:00+15:00", null)]
    [InlineData("2014-12-31T22:34:00+05:60", null)]
    [InlineData("2014-12-31T22:34:00+5", null)]
    [InlineData("2014-12-31T22:34:00+05:", null)]
    [InlineData("2014-12-31T22:34:00 UTC", null)]
    [InlineData("2014-12-31T24:00:00Z", null)]
    [InlineData("2014-12-31T22:60:00Z", null)]
    [InlineData("2014-12-31T22:34:60Z", null)]
    [InlineData("2014-12-31T22:34:00.Z", null)]
    [InlineData("2014-12-31T22:3Z", null)]
    [InlineData("2014-12-31T22", null)]
    [InlineData("2014-12-31T", null)]
    [InlineData("2014-12-31X22:34", null)]
    [InlineData("2014-13-31", null)]
    [InlineData("2014-12-32", null)]
    [InlineData("2014-12/31", null)]
    [InlineData("2014-12", null)]
    [InlineData("20141231", null)]
    [InlineData("29-02-2023", null)]
    [InlineData("12-31-2014", null)]
    [InlineData("31-12-14", null)]
    [InlineData("311-12-2014", null)]
    [InlineData("31-12-2014 13:00 pm", null)]
    [InlineData("31-12-2014 0:30 am", null)]
    [InlineData("on 31-12-2014", null)]
    [InlineData("31-12-2014 or so", null)]
    [InlineData("5/6", null)]
    [InlineData("today", null)]
    public void A_time_is_answered_in_its_own_offset_with_six_decimals(string text, string? expected) =>
        Read(text)!.Show(FieldType.Datetime).ShouldBe(expected);

    [Theory]
    [InlineData(DateStyle.DayFirst, "03-04-2014 10:00", "2014-04-03T10:00:00.000000+02:00")]
    [InlineData(DateStyle.MonthFirst, "03-04-2014 10:00", "2014-03-04T10:00:00.000000+02:00")]
    [InlineData(DateStyle.MonthFirst, "12/31/2014 3:15:10 PM", "2014-12-31T15:15:10.000000+02:00")]
    [InlineData(DateStyle.MonthFirst, "31/12/2014 10:00", null)]
    [InlineData(DateStyle.YearFirst, "03-04-2014 10:00", null)]
    [InlineData(DateStyle.YearFirst, "2014/04/03 10:00", "2014-04-03T10:00:00.000000+02:00")]
    [InlineData(DateStyle.MonthFirst, "2014-04-03T10:00", "2014-04-03T10:00:00.000000+02:00")]
    [InlineData(DateStyle.DayFirst, "2014-04-03T10:00", "2014-04-03T10:00:00.000000+02:00")]
    public void A_local_date_follows_the_workspaces_style(DateStyle style, string text, string? expected) =>
        FieldValue.Read(text, Kigali, style, Now)!.Show(FieldType.Datetime).ShouldBe(expected);

    [Theory]
    [InlineData("America/New_York", "2026-07-01 10:00", "2026-07-01T10:00:00.000000-04:00")]
    [InlineData("America/New_York", "2026-03-08 02:30", "2026-03-08T02:30:00.000000-05:00")]
    [InlineData("America/New_York", "2026-11-01 01:30", "2026-11-01T01:30:00.000000-05:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04 00:30", "2018-11-04T00:30:00.000000-03:00")]
    [InlineData("Asia/Kathmandu", "2026-01-01 10:00", "2026-01-01T10:00:00.000000+05:45")]
    [InlineData("UTC", "2026-01-01 10:00", "2026-01-01T10:00:00.000000Z")]
    [InlineData("Pacific/Kiritimati", "2026-11-21", "2026-11-21T23:36:19.765974+14:00")]
    [InlineData("Pacific/Kiritimati", "0001-01-01", "0001-01-01T23:36:19.765974")]
    [InlineData("Pacific/Kiritimati", "0001-01-01 00:00", null)]
    [InlineData("Pacific/Honolulu", "9999-12-31 23:00", null)]
    [InlineData("America/Sao_Paulo", "1800-01-01 10:00", "1800-01-01T10:00:00.000000-03:06")]
    public void A_time_without_an_offset_is_the_workspaces(string zone, string text, string? expected)
    {
        var shown = FieldValue.Read(text, TimeZoneInfo.FindSystemTimeZoneById(zone), DateStyle.DayFirst, Now)!.Show(FieldType.Datetime);
        if (expected is null)
            shown.ShouldBeNull();
        else
            shown.ShouldNotBeNull().ShouldStartWith(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n\u00a0")]
    [InlineData("\0")]
    [InlineData(" \0 ")]
    public void Blank_text_is_no_value(string? text) => Read(text).ShouldBeNull();

    [Theory]
    [InlineData(FieldType.Text)]
    [InlineData(FieldType.State)]
    [InlineData(FieldType.District)]
    [InlineData(FieldType.Ward)]
    public void Other_types_show_the_text_as_it_came(FieldType type) => Read(" Kigali City ")!.Show(type).ShouldBe(" Kigali City ");

    [Fact]
    public void Text_is_cut_at_640_characters_and_never_inside_one()
    {
        Read(new string('x', 640))!.Text.Length.ShouldBe(640);
        Read(new string('x', 1_000_000))!.Text.ShouldBe(new string('x', 640));
        Read(string.Concat(Enumerable.Repeat("😀", 641)))!.Text.ShouldBe(string.Concat(Enumerable.Repeat("😀", 640)));
        Read(new string('x', 639) + "😀y")!.Text.ShouldBe(new string('x', 639) + "😀");
    }

    [Fact]
    public void A_megabyte_of_digits_is_text()
    {
        var value = Read(new string('9', 1_000_000))!;
        (value.Number, value.Time).ShouldBe((null, null));
    }

    [Fact]
    public void What_PostgreSQL_cannot_hold_is_mended()
    {
        Read("a\0b")!.Text.ShouldBe("ab");
        Read("a\ud83d")!.Text.ShouldBe("a\ufffd");
        Read("\u202e5")!.ShouldBe(new FieldValue("\u202e5", null, null));
    }

    [Fact]
    public void Values_are_equal_by_text_number_time_and_offset()
    {
        Read("2014-12-31T22:00Z").ShouldBe(Read("2014-12-31T22:00Z"));
        var utc = new FieldValue("x", null, new DateTimeOffset(2014, 12, 31, 22, 0, 0, TimeSpan.Zero));
        var ahead = utc with { Time = utc.Time!.Value.ToOffset(TimeSpan.FromHours(5)) };
        ahead.ShouldNotBe(utc);
        (utc with { Text = "y" }).ShouldNotBe(utc);
        (utc with { Number = 1 }).ShouldNotBe(utc);
        new FieldValue("x", 1.50m, null).ShouldBe(new FieldValue("x", 1.5m, null));
    }

    private static FieldValue? Read(string? text) => FieldValue.Read(text, Kigali, DateStyle.DayFirst, Now);
}
