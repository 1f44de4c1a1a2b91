using System.Globalization;
using System.Text;

namespace Contacts.Tests.Hostile;

/// <summary>Changes requests at random: bodies by their JSON and by their bytes, queries, paths, headers, methods.</summary>
/// <param name="random">Chance.</param>
/// <param name="json">Values to put in.</param>
/// <param name="live">What there is in the book.</param>
internal sealed class Mutator(Random random, IReadOnlyList<string> json, LiveValues live)
{
    private static readonly string[] QueryValues =
    [
        "", "%00", "%ff", "%ed%a0%80", "%f0%9f%98%80", "%", "%zz", "%25", "_", "%5C", "%27", "%22", "+", "%20", "%0a", "0", "-1", "1", "250", "251", "1e9", "99999999999999999999",
        "0001-01-01", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "2026-02-30", "-infinity", "true", "false", "tel:%2B%00", "ext:%ff", "ext:1", "tel:%2B250788123123",
        "00000000-0000-0000-0000-000000000000", "AAAA", "AQ==", "a,b,,", "%E2%80%AE", "%CC%81", "name", "-created_on", "created_at", "numeric", "4xx", "Devs",
    ];

    private static readonly string[] Parameters =
    [
        "uuid", "urn", "name", "search", "group", "before", "after", "deleted", "reverse", "order_by", "limit", "cursor", "key", "tags", "funnel_stage_id", "source", "sort_by", "phone", "",
        "status", "method", "path", "dialect", "token", "contact", "text", "errors", "since", "archived", "flow", "page", "uuid[]", "%00", "next",
    ];

    private static readonly string[] Methods = ["GET", "POST", "DELETE", "PATCH", "PUT", "HEAD", "OPTIONS", "FOO", "get", "PROPFIND"];

    private static readonly string[] ContentTypes =
    [
        "application/json; charset=utf-16", "application/json;charset=\"x", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/x-ndjson",
        "text/plain", "application/merge-patch+json", "*/*", "x", "", ";", "application/json; charset=iso-8859-1",
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "text/html"), ("Accept", "application/json;q=x"), ("Accept", ",,,;;;"), ("Accept", "\u00ff"), ("Content-Encoding", "gzip"), ("Content-Encoding", "identity"), ("Idempotency-Key", "fuzz-1"),
        ("Idempotency-Key", "fuzz-2"), ("Idempotency-Key", "\u00ff"), ("Idempotency-Key", "a b"), ("X-Request-Id", "<script>"), ("Authorization", ""), ("Authorization", "Token x"), ("Authorization", "Bearer \u00e9"),
        ("Authorization", "Basic ===="), ("Cookie", "contacts_session=\u00ff; =;;"), ("X-Forwarded-For", "127.0.0.1, \u00e9"), ("X-HTTP-Method-Override", "DELETE"), ("Accept-Language", "\u00e9;q=2"), ("Range", "bytes=0-0"),
        ("If-None-Match", "*"), ("Expect", "nothing"), ("Origin", "null"), ("Prefer", "return=minimal"), ("X-Content-Length", "5"),
    ];

    private static readonly byte[][] BadBytes = [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0x00], [0xE2, 0x80], [0x1F, 0x8B, 0x08], [(byte)'\n'], [(byte)'}'], [(byte)'[']];

    /// <summary>A request with one to three changes, now and then with none.</summary>
    public Specimen Mutate(Specimen specimen)
    {
        for (var left = random.Next(0, 4); left > 0; left--)
            specimen = MutateOnce(specimen);
        return specimen;
    }

    /// <summary>One of the values that belong into no query.</summary>
    public string QueryValue() => Pick(QueryValues);

    private Specimen MutateOnce(Specimen specimen) => random.Next(20) switch
    {
        < 11 when specimen.Body is { Length: > 0 } body => specimen with { Body = random.Next(4) == 0 ? MutateBytes(body) : MutateJson(body) },
        < 15 => specimen with { Path = MutateQuery(specimen.Path) },
        15 => specimen with { Path = MutatePath(specimen.Path) },
        16 => specimen with { Method = Pick(Methods) },
        17 => specimen with { ContentType = Pick(ContentTypes) },
        18 => specimen with { Body = Encoding.UTF8.GetBytes(Pick(json)) },
        _ => specimen with { Headers = [.. specimen.Headers, Pick(Headers)] },
    };

    private byte[] MutateJson(byte[] body)
    {
        var spans = JsonSpan.AllOf(body);
        if (spans.Count == 0)
            return MutateBytes(body);
        var span = Pick(spans);
        if (!span.IsName)
            return span.ReplacedIn(body, Encoding.UTF8.GetBytes(random.Next(6) == 0 ? $"\"{live.Uuid()}\"" : Pick(json)));
        var names = spans.Where(other => other.IsName).ToList();
        var other = Pick(names);
        return random.Next(3) switch
        {
            0 => span.ReplacedIn(body, body[other.Start..other.End]),
            1 => span.PrecededIn(body, [.. body.AsSpan(other.Start, other.End - other.Start), (byte)':', .. Encoding.UTF8.GetBytes(Pick(json)), (byte)',']),
            _ => span.ReplacedIn(body, Encoding.UTF8.GetBytes($"\"{(char)random.Next('a', 'z')}\"")),
        };
    }

    private byte[] MutateBytes(byte[] body)
    {
        var at = random.Next(body.Length);
        var length = random.Next(1, Math.Min(40, body.Length - at) + 1);
        return random.Next(5) switch
        {
            0 => body[..at],
            1 => [.. body[..at], .. body[(at + length)..]],
            2 => [.. body[..at], .. Pick(BadBytes), .. body[at..]],
            3 => [.. body[..(at + length)], .. body[at..]],
            _ => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
        };
    }

    private string MutateQuery(string path)
    {
        var question = path.IndexOf('?', StringComparison.Ordinal);
        var (before, pairs) = question < 0 ? (path, []) : (path[..question], path[(question + 1)..].Split('&').ToList());
        var value = random.Next(5) switch { 0 => live.Uuid(), 1 => live.Cursor(), _ => QueryValue() };
        if (pairs.Count == 0 || random.Next(3) == 0)
            pairs.Add($"{Pick(Parameters)}={value}");
        else if (random.Next(4) == 0)
            pairs.RemoveAt(random.Next(pairs.Count));
        else
            pairs[random.Next(pairs.Count)] = $"{Pick(pairs).Split('=')[0]}={value}";
        return $"{before}?{string.Join('&', pairs)}";
    }

    private string MutatePath(string path)
    {
        var question = path.IndexOf('?', StringComparison.Ordinal);
        var (before, query) = question < 0 ? (path, "") : (path[..question], path[question..]);
        var segments = before.Split('/');
        var at = random.Next(1, segments.Length);
        segments[at] = random.Next(7) switch
        {
            0 => live.Uuid(),
            1 => segments[at].ToUpperInvariant(),
            2 => segments[at] + "/",
            3 => string.Concat(segments[at].Select(letter => string.Create(CultureInfo.InvariantCulture, $"%{(int)letter & 0xFF:x2}"))),
            4 => "%ff%00",
            5 => "",
            _ => QueryValue(),
        };
        return string.Join('/', segments) + query;
    }

    private T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
}
