namespace Contacts.Tests.Data;

/// <summary>The pieces of one statement, to walk through.</summary>
internal sealed class SqlPieces
{
    private readonly List<SqlToken> _tokens;

    public SqlPieces(List<SqlToken> tokens)
    {
        _tokens = tokens;
        PartnerOf = new int[tokens.Count];
        var open = new Stack<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].IsOneOf("(", "["))
                open.Push(i);
            else if (tokens[i].IsOneOf(")", "]"))
                PartnerOf[open.Pop()] = i;
        }
    }

    /// <summary>By the place of an opening bracket: that of the closing one.</summary>
    public int[] PartnerOf { get; }

    public SqlToken this[int place] => _tokens[place];

    /// <summary>Whether a word stands there, also within brackets.</summary>
    public bool Has(int from, int to, string word) => from < to && _tokens.FindIndex(from, to - from, token => token.Is(word)) >= 0;

    /// <summary>Where one of these words stands, not within brackets; the end when none does.</summary>
    public int Find(int from, int to, params ReadOnlySpan<string> words)
    {
        for (var i = from; i < to; i++)
        {
            // IS DISTINCT FROM compares.
            if (_tokens[i].IsOneOf(words) && !(_tokens[i].Is("from") && _tokens[i - 1].Is("distinct")))
                return i;
            i = Math.Max(i, PartnerOf[i]);
        }

        return to;
    }

    /// <summary>The parts that a word separates.</summary>
    public IEnumerable<(int From, int To)> Split(int from, int to, string word)
    {
        while (from < to)
        {
            var end = Find(from, to, word);
            yield return (from, end);
            from = end + 1;
        }
    }

    /// <summary>How many pieces stand there without the type that they are cast to.</summary>
    public int Bare(int from, int to) => Find(from, to, "::") - from;
}
