using System.Text.RegularExpressions;

namespace Contacts.Tests.Hostile;

/// <summary>Names of things that are in the book, learned from answers, so that what is sent meets something.</summary>
internal sealed partial class LiveValues(Random random)
{
    private const int Kept = 300;

    private readonly List<string> _uuids = [];
    private readonly List<string> _cursors = [];

    /// <summary>Learns from an answer.</summary>
    public void Learn(string body)
    {
        foreach (var match in Uuids().EnumerateMatches(body))
            Keep(_uuids, body.Substring(match.Index, match.Length));
        foreach (Match match in Cursors().Matches(body))
            Keep(_cursors, match.Groups["cursor"].Value);
    }

    /// <summary>The uuid of something; of nothing while none is known.</summary>
    public string Uuid() => Any(_uuids) ?? "00000000-0000-0000-0000-000000000001";

    /// <summary>A cursor that an answer gave; an invented one while none is known.</summary>
    public string Cursor() => Any(_cursors) ?? "AAAA";

    private string? Any(List<string> values) => values.Count == 0 ? null : values[random.Next(values.Count)];

    private void Keep(List<string> values, string value)
    {
        if (values.Count < Kept)
            values.Add(value);
        else
            values[random.Next(Kept)] = value;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Uuids();

    [GeneratedRegex("(?:cursor=|\"next\":\"|\"next_cursor\":\")(?<cursor>[A-Za-z0-9%=_-]{4,200})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cursors();
}
