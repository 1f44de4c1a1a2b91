namespace Contacts.Tests.Data;

/// <summary>A table, or a query in the place of one, as a statement uses it: which workspace its rows are of, as far as the statement says.</summary>
internal sealed class SqlSource(string? table)
{
    private SqlSource? _same;
    private string? _workspace;

    /// <summary>The distributed table; null for anything else.</summary>
    public string? Table => table;

    /// <summary>The one workspace that the rows are of: a parameter or its value; null when nothing says so.</summary>
    public string? Workspace => Root._workspace;

    private SqlSource Root => _same is null ? this : _same.Root;

    /// <summary>The statement says that both are of one workspace.</summary>
    public void Equate(SqlSource other)
    {
        var (mine, theirs) = (Root, other.Root);
        if (mine == theirs)
            return;
        mine._same = theirs;
        if (mine._workspace is { } workspace)
            theirs.Name(workspace);
    }

    /// <summary>The statement says which workspace.</summary>
    public void Name(string workspace)
    {
        var root = Root;
        root._workspace = root._workspace is { } known && known != workspace ? $"{known} and {workspace}" : workspace;
    }
}

/// <summary>One query of a statement: the names that it gives to its sources. A query inside another sees that one's names too.</summary>
internal sealed class SqlQuery(SqlQuery? outer)
{
    private readonly Dictionary<string, SqlSource> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqlSource> _common = new(StringComparer.Ordinal);

    /// <summary>The sources in their order.</summary>
    public List<SqlSource> Sources { get; } = [];

    /// <summary>Whose workspace the rows that come out are of.</summary>
    public SqlSource Result { get; set; } = new(null);

    /// <summary>Whether the rows that come out say it.</summary>
    public bool AnswersWorkspace { get; set; }

    public void Add(string name, SqlSource source)
    {
        _names[name] = source;
        Sources.Add(source);
    }

    /// <summary>A query that was given a name by WITH.</summary>
    public void AddCommon(string name, SqlSource source) => _common[name] = source;

    public SqlSource? Common(string name) => _common.GetValueOrDefault(name) ?? outer?.Common(name);

    /// <summary>The source with an alias.</summary>
    public SqlSource? Named(string alias) => _names.GetValueOrDefault(alias) ?? outer?.Named(alias);

    /// <summary>Whose column it is when no alias says so.</summary>
    public SqlSource? Unnamed() => Sources.Find(source => source.Table is not null) ?? (Sources.Count == 1 ? Sources[0] : outer?.Unnamed());
}
