using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Contacts.Console.Parts;

namespace Contacts.Console;

/// <summary>
/// What the pages say, in the reader's language. The texts stand in <c>Console/Texts</c>, a file for each page, each text with its languages side by side;
/// <c>this["calls.title"]</c> is the text <c>title</c> of <c>calls.json</c>.
/// </summary>
internal sealed class Words
{
    private const string Folder = "Contacts.Console.Texts.";
    private const string FaultPage = "faults.";
    private const int MaxValueLength = 1_000;

    /// <summary>All texts, by key and language.</summary>
    public static readonly FrozenDictionary<string, FrozenDictionary<string, string>> All = Read();

    // The surest first: "Must be 1 to 100 characters of text." has the form of "Must be {0} to {1}." as well.
    private static readonly IReadOnlyList<Sentence> Faults =
    [
        .. All.Where(text => text.Key.StartsWith(FaultPage, StringComparison.Ordinal))
            .Select(text => new Sentence(text.Key, text.Value[Languages.All[0].Code])).OrderByDescending(sentence => sentence.KnownLetters),
    ];

    /// <summary>The reader's language.</summary>
    public string Language { get; set; } = Languages.All[0].Code;

    /// <summary>A text; the key itself when there is none, which a test forbids.</summary>
    /// <param name="key">Page and name: <c>calls.title</c>.</param>
    public string this[string key] => All.TryGetValue(key, out var texts) ? texts[Language] : key;

    /// <summary>A text with values in the places of <c>{0}</c>, <c>{1}</c>, …; what strangers wrote can't turn the sentence around.</summary>
    /// <param name="key">Page and name.</param>
    /// <param name="values">The values.</param>
    public string With(string key, params object?[] values)
    {
        object?[] shown = [.. values.Select(value => value is string text ? Plain(text) : value)];
        return string.Format(CultureInfo.InvariantCulture, this[key], shown);
    }

    /// <summary>
    /// What a validator said, which speaks English to all APIs, in the reader's language: a text of <c>faults.json</c> whose English has the same form. As it
    /// was said when there is none, which a test forbids.
    /// </summary>
    /// <param name="message">The validator's sentence.</param>
    public string Fault(string message)
    {
        foreach (var sentence in Faults)
        {
            if (sentence.ValuesOf(message) is { } values)
                return With(sentence.Key, [.. values]);
        }

        return message;
    }

    /// <summary>Why the book refused something: a text of <c>reasons.json</c>.</summary>
    /// <param name="code">The reason's code.</param>
    /// <param name="subject">What it is about.</param>
    public string Reason(string code, string? subject = "") => With($"reasons.{code}", subject);

    /// <summary>What strangers wrote, for places that take no elements, such as a page's title: what nobody would see is named, a long text is cut.</summary>
    /// <param name="text">The text.</param>
    public static string Plain(string text) => string.Concat(Visible.PiecesOf(text, MaxValueLength).Select(piece => piece.Text));

    /// <summary>A number as the reader's language groups its digits.</summary>
    /// <param name="number">The number.</param>
    public string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture).Replace(",", Language == "en" ? "," : ".", StringComparison.Ordinal);

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Read()
    {
        var all = new Dictionary<string, FrozenDictionary<string, string>>(StringComparer.Ordinal);
        var assembly = typeof(Words).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var page = resource[Folder.Length..^".json".Length];
            foreach (var (name, texts) in JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(stream)!)
                all.Add($"{page}.{name}", texts.ToFrozenDictionary(StringComparer.Ordinal));
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
