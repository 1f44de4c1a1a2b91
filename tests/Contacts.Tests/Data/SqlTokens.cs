namespace Contacts.Tests.Data;

/// <summary>What a piece of SQL is.</summary>
internal enum SqlKind
{
    /// <summary>A keyword or a name, in lower case unless it is quoted.</summary>
    Word,

    /// <summary>A parameter: <c>$1</c>.</summary>
    Parameter,

    /// <summary>A constant: a number or a text.</summary>
    Constant,

    /// <summary>An operator or a punctuation mark.</summary>
    Symbol,
}

/// <summary>A piece of SQL.</summary>
internal readonly record struct SqlToken(SqlKind Kind, string Text)
{
    public bool Is(string text) => Kind is SqlKind.Word or SqlKind.Symbol && Text == text;

    public bool IsOneOf(params ReadOnlySpan<string> texts) => Kind is SqlKind.Word or SqlKind.Symbol && texts.Contains(Text);
}

/// <summary>Cuts SQL into its pieces. Comments and white space are gone.</summary>
internal static class SqlTokens
{
    private const string Operators = "+-*/<>=~!@#%^&|`?";

    public static List<SqlToken> Read(string sql)
    {
        var tokens = new List<SqlToken>();
        for (var i = 0; i < sql.Length;)
        {
            var end = EndOfBlank(sql, i);
            if (end == i)
                end = Next(sql, i, tokens);
            i = end;
        }

        return tokens;
    }

    private static int EndOfBlank(string sql, int i)
    {
        if (char.IsWhiteSpace(sql[i]))
            return i + 1;
        if (StartsWith(sql, i, "--"))
            return EndOf(sql, i, "\n");
        return StartsWith(sql, i, "/*") ? EndOf(sql, i + 2, "*/") : i;
    }

    private static int Next(string sql, int i, List<SqlToken> tokens)
    {
        var letter = sql[i];
        if (letter == '\'')
            return Quoted(sql, i, '\'', SqlKind.Constant, tokens);
        if (letter == '"')
            return Quoted(sql, i, '"', SqlKind.Word, tokens);
        if (letter == '$' && i + 1 < sql.Length && char.IsAsciiDigit(sql[i + 1]))
            return Take(sql, i, While(sql, i + 1, char.IsAsciiDigit), SqlKind.Parameter, tokens);
        if (letter == '$' && sql.IndexOf('$', i + 1) is > 0 and var tag)
            return Take(sql, i, EndOf(sql, tag + 1, sql[i..(tag + 1)]), SqlKind.Constant, tokens);
        if (char.IsAsciiDigit(letter))
            return Take(sql, i, While(sql, i, next => char.IsAsciiLetterOrDigit(next) || next == '.'), SqlKind.Constant, tokens);
        if (char.IsLetter(letter) || letter == '_')
            return Word(sql, i, tokens);
        if (StartsWith(sql, i, "::"))
            return Take(sql, i, i + 2, SqlKind.Symbol, tokens);
        return Take(sql, i, Operators.Contains(letter) ? While(sql, i, Operators.Contains) : i + 1, SqlKind.Symbol, tokens);
    }

    private static int Word(string sql, int i, List<SqlToken> tokens)
    {
        var end = While(sql, i, letter => char.IsLetterOrDigit(letter) || letter is '_' or '$');

        // E'…', N'…' and so on are texts.
        if (end == i + 1 && end < sql.Length && sql[end] == '\'')
            return Quoted(sql, end, '\'', SqlKind.Constant, tokens);
        tokens.Add(new SqlToken(SqlKind.Word, sql[i..end].ToLowerInvariant()));
        return end;
    }

    private static int Quoted(string sql, int i, char quote, SqlKind kind, List<SqlToken> tokens)
    {
        var end = i + 1;
        while (end < sql.Length && (sql[end] != quote || (end + 1 < sql.Length && sql[end + 1] == quote)))
            end += sql[end] == quote ? 2 : 1;
        tokens.Add(new SqlToken(kind, kind == SqlKind.Word ? sql[(i + 1)..end] : sql[i..Math.Min(end + 1, sql.Length)]));
        return Math.Min(end + 1, sql.Length);
    }

    private static int Take(string sql, int i, int end, SqlKind kind, List<SqlToken> tokens)
    {
        tokens.Add(new SqlToken(kind, sql[i..end]));
        return end;
    }

    private static int While(string sql, int i, Func<char, bool> goesOn)
    {
        while (i < sql.Length && goesOn(sql[i]))
            i++;
        return i;
    }

    private static int EndOf(string sql, int i, string mark) => sql.IndexOf(mark, i, StringComparison.Ordinal) is >= 0 and var found ? found + mark.Length : sql.Length;

    private static bool StartsWith(string sql, int i, string text) => string.CompareOrdinal(sql, i, text, 0, text.Length) == 0;
}
