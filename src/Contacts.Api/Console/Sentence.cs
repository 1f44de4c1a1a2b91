using System.Text.RegularExpressions;

namespace Contacts.Console;

/// <summary>An English sentence with places for values, which knows again what was made of it.</summary>
internal sealed partial class Sentence
{
    private readonly string[] _pieces;

    /// <summary>Takes a sentence apart.</summary>
    /// <param name="key">The text's key.</param>
    /// <param name="text">The sentence, its places <c>{0}</c>, <c>{1}</c>, … in this order.</param>
    public Sentence(string key, string text)
    {
        Key = key;
        _pieces = Place().Split(text);
    }

    /// <summary>The text's key.</summary>
    public string Key { get; }

    /// <summary>How many letters stand outside the places: of two sentences that know a message, the one with more is meant.</summary>
    public int KnownLetters => _pieces.Sum(piece => piece.Length);

    /// <summary>The values that stand in the places of a message; null when it was made of another sentence.</summary>
    /// <param name="message">The message.</param>
    public IReadOnlyList<string>? ValuesOf(string message)
    {
        if (!message.StartsWith(_pieces[0], StringComparison.Ordinal))
            return null;
        var values = new List<string>();
        var at = _pieces[0].Length;
        for (var i = 1; i < _pieces.Length; i++)
        {
            var end = i == _pieces.Length - 1 ? message.Length - _pieces[i].Length : message.IndexOf(_pieces[i], at, StringComparison.Ordinal);
            if (end <= at || !message.AsSpan(end).StartsWith(_pieces[i], StringComparison.Ordinal))
                return null;
            values.Add(message[at..end]);
            at = end + _pieces[i].Length;
        }

        return at == message.Length ? values : null;
    }

    [GeneratedRegex(@"\{[0-9]+\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
