using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Contacts.Tests.Hostile;

/// <summary>A JSON value as a text and its parts, so that a fault can be brought down to the smallest value that shows it.</summary>
internal abstract record HostileJson
{
    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e400", "-1e400", "1e-20000", "123456789012345678901234567890", "9223372036854775808", "2147483648",
        "\"\"", "\" \"", "\"x\"", "\"\\n\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\udc00\"", "\"\\uffff\"", "\"\\u202e\"", "\"%\"", "\"_\"",
        "\"\\\\\"", "\"'; --\"", "\"=1+1\"", "\"İıßſ\"", "\"e\\u0301\"", "\"😀\"", "\"true\"", "\"12\"", "\"-1.5e3\"", "\"2026-02-30\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59.9999999-12:00\"", "\"31-12-9999 23:59\"", "\"tel:+250788123123\"", "\"tel:+5582999990000\"", "\"whatsapp:5582999990000\"", "\"tel:+\"", "\"ext:#\"",
        "\"mailto:a@b.mx\"", "\"telegram:1#x\"", "\":\"", "\"+5215512345678\"", "\"5512345678\"", "\"a@b.mx\"", "\"00000000-0000-0000-0000-000000000000\"", "\"eng\"", "\"text\"",
        "\"numeric\"", "\"datetime\"", "\"add\"", "\"block\"", "\"create\"", "\"update\"", "\"delete\"", "\"http://127.0.0.1:9/x\"", "\"asc\"", "\"-created_on\"",
    ];

    private static readonly string[] Names =
    [
        "name", "language", "urns", "urn", "uuid", "groups", "group", "fields", "label", "value_type", "type", "contacts", "action", "nick", "age", "", "\\u0000", "\\ud800", "__proto__",
        "phone_number", "email", "tags", "add_tags", "remove_tags", "custom_fields", "external_ids", "funnel_stage_id", "operation", "contact_ids", "data", "filters", "search", "sort",
        "sort_by", "limit", "cursor", "eq", "contains", "starts_with", "all", "any", "before", "after", "created_at", "color", "position", "stage_id", "merge_with", "url", "events",
        "keep", "merge", "role", "dialect", "status", "path", "method", "times", "country", "timezone", "standing", "recording", "hourly_limit", "seconds", "now", "notes", "source",
    ];

    /// <summary>The JSON.</summary>
    public abstract string Text { get; }

    /// <summary>Smaller values that may show the same.</summary>
    public abstract IEnumerable<HostileJson> Smaller { get; }

    /// <summary>Values of all kinds, deeper and wider with the size.</summary>
    public static Gen<HostileJson> Values { get; } = Gen.Sized(size => ValueOf(Math.Min(size, 24)));

    /// <summary>The same, with their smaller ones.</summary>
    public static Arbitrary<HostileJson> Arbitrary { get; } = Arb.From(Values, value => value.Smaller);

    /// <summary>Texts of values, the same ones for the same seed.</summary>
    public static string[] Sample(int seed, int count) => [.. Values.Sample(12, new Rnd((ulong)seed), count).Select(value => value.Text)];

    private static Gen<HostileJson> ValueOf(int size) => size <= 1
        ? Leaves
        : Gen.Frequency(
            (4, Leaves),
            (2, Gen.Choose(0, 6).SelectMany(count => ValueOf(size / 2).ArrayOf(count)).Select(items => (HostileJson)new Items(items))),
            (3, Gen.Choose(0, 6).SelectMany(count => Gen.Zip(Gen.Elements(Names), ValueOf(size / 2)).ArrayOf(count)).Select(members => (HostileJson)new Members(members))));

    private static Gen<HostileJson> Leaves { get; } = Gen.Frequency(
        (12, Gen.Elements(Scalars)),
        (1, Gen.Choose(1, 3000).Select(length => $"\"{new string('n', length)}\"")),
        (1, Gen.Choose(1, 400).Select(length => new string('9', length))),
        (1, Gen.Choose(1, 90).Select(depth => $"{new string('[', depth)}{new string(']', depth)}")),
        (1, Gen.Choose(char.MinValue, char.MaxValue).ArrayOf(4).Select(letters => $"\"{string.Concat(letters.Select(Escaped))}\"")))
        .Select(text => (HostileJson)new Leaf(text));

    private static string Escaped(int letter) => string.Create(CultureInfo.InvariantCulture, $"\\u{letter:x4}");

    private sealed record Leaf(string Json) : HostileJson
    {
        public override string Text => Json;

        public override IEnumerable<HostileJson> Smaller => Json == "null" ? [] : [new Leaf("null")];
    }

    private sealed record Items(HostileJson[] Nodes) : HostileJson
    {
        public override string Text => $"[{string.Join(',', Nodes.Select(value => value.Text))}]";

        public override IEnumerable<HostileJson> Smaller =>
        [
            .. Nodes,
            .. Nodes.Select((_, at) => new Items([.. Nodes.Where((_, other) => other != at)])),
            .. Nodes.SelectMany((value, at) => value.Smaller.Select(smaller => new Items([.. Nodes.Select((kept, other) => other == at ? smaller : kept)]))),
        ];
    }

    private sealed record Members((string Name, HostileJson Value)[] Pairs) : HostileJson
    {
        public override string Text => new StringBuilder("{").AppendJoin(',', Pairs.Select(pair => $"\"{pair.Name}\":{pair.Value.Text}")).Append('}').ToString();

        public override IEnumerable<HostileJson> Smaller =>
        [
            .. Pairs.Select((_, at) => new Members([.. Pairs.Where((_, other) => other != at)])),
            .. Pairs.SelectMany((pair, at) => pair.Value.Smaller.Select(smaller => new Members([.. Pairs.Select((kept, other) => other == at ? (kept.Name, smaller) : kept)]))),
        ];
    }
}
