namespace Contacts.Tests.Data;

/// <summary>
/// Reads a statement as far as the rules of sharding need it: which distributed tables it uses, and what it says about their workspace. No parser of
/// SQL: what it does not understand is a fault, never a pass.
/// </summary>
internal sealed class SqlStatement
{
    private const string Column = "workspace_id";

    private static readonly string[] Clauses =
        ["from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "returning", "set", "using", "on"];

    private static readonly string[] NotInConflict = ["select", "now", "current_timestamp", "current_date", "current_time", "localtimestamp", "localtime", "transaction_timestamp", "statement_timestamp"];

    private readonly IReadOnlySet<string> _distributed;
    private readonly Func<string, string> _valueOf;
    private readonly SqlPieces _sql;
    private readonly HashSet<int> _read = [];

    private SqlStatement(List<SqlToken> tokens, IReadOnlySet<string> distributed, Func<string, string> valueOf) =>
        (_sql, _distributed, _valueOf) = (new SqlPieces(tokens), distributed, valueOf);

    /// <summary>Every use of a distributed table.</summary>
    public List<SqlSource> Uses { get; } = [];

    /// <summary>What could not be understood, or is forbidden wherever it stands.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The first words of the statement's queries, its own first.</summary>
    public List<string> Verbs { get; } = [];

    /// <summary>Whether each row that comes out says which workspace it is of.</summary>
    public bool AnswersWorkspaces { get; private set; }

    /// <summary>Reads one statement.</summary>
    /// <param name="tokens">Its pieces.</param>
    /// <param name="distributed">The tables that the rules are about.</param>
    /// <param name="valueOf">What is known of a parameter: its value, or itself.</param>
    public static SqlStatement Read(List<SqlToken> tokens, IReadOnlySet<string> distributed, Func<string, string> valueOf)
    {
        var statement = new SqlStatement(tokens, distributed, valueOf);
        statement.AnswersWorkspaces = statement.Query(0, tokens.Count, null).AnswersWorkspace;
        return statement;
    }

    private SqlQuery Query(int from, int to, SqlQuery? outer)
    {
        var query = new SqlQuery(outer);
        if (_sql[from].Is("with"))
            from = Common(from + 1, to, query);
        if (_sql.Find(from, to, "union", "except", "intersect") is var cut && cut < to)
        {
            var first = Query(from, cut, query);
            Query(_sql[cut + 1].IsOneOf("all", "distinct") ? cut + 2 : cut + 1, to, query);
            return first;
        }

        if (_sql[from].Is("("))
            return Query(from + 1, _sql.PartnerOf[from], query);
        Verbs.Add(_sql[from].Text);
        switch (_sql[from].Text)
        {
            case "select":
                Select(from, to, query);
                break;
            case "insert":
                Insert(from, to, query);
                break;
            case "update":
                Source(from + 1, to, query);
                Update(from, to, query);
                break;
            case "delete":
                Source(from + 2, to, query);
                Conditions(from + 1, to, query, "using");
                break;
        }

        Inner(from, to, query);
        return query;
    }

    /// <summary>The queries that WITH names.</summary>
    /// <returns>Where the statement itself begins.</returns>
    private int Common(int i, int to, SqlQuery query)
    {
        while (i < to)
        {
            var name = _sql[i].Text;
            while (!_sql[i].Is("("))
                i++;
            _read.Add(i);
            query.AddCommon(name, Query(i + 1, _sql.PartnerOf[i], query).Result);
            i = _sql.PartnerOf[i] + 1;
            if (!_sql[i].Is(","))
                break;
            i++;
        }

        return i;
    }

    private void Select(int from, int to, SqlQuery query)
    {
        Conditions(from + 1, to, query, "from");
        var end = _sql.Find(from + 1, to, "from");
        foreach (var (begin, stop) in _sql.Split(from + 1, end, ","))
        {
            var bare = _sql[begin].Is("distinct") ? begin + 1 : begin;
            var isAll = _sql[stop - 1].Is("*");
            if ((isAll ? query.Unnamed() : SourceOf(bare, _sql.Find(bare, stop, "as"), query)) is not { } source)
                continue;
            query.Result = source;
            query.AnswersWorkspace = !isAll;
            return;
        }
    }

    private void Insert(int from, int to, SqlQuery query)
    {
        var target = Source(from + 2, to, query);
        var columns = _sql.Find(from, to, "(");
        var body = _sql.Find(from, to, "values", "select", "with", "default");
        var end = Conflict(body, to);
        if (target?.Table is null)
            return;
        var names = columns < body ? [.. _sql.Split(columns + 1, _sql.PartnerOf[columns], ",").Select(item => _sql[item.From].Text)] : new List<string>();
        var place = names.IndexOf(Column);
        if (place < 0)
            Faults.Add($"INSERT INTO {target.Table} does not name {Column}");
        else if (body < end && _sql[body].Is("values"))
            Values(body + 1, end, place, target, query);
        else
            InsertSelect(body, end, place, target, query);
    }

    private void Values(int from, int to, int place, SqlSource target, SqlQuery query)
    {
        for (var row = from; row < to && _sql[row].Is("("); row = _sql.PartnerOf[row] + 2)
        {
            var item = _sql.Split(row + 1, _sql.PartnerOf[row], ",").ElementAt(place);
            Equal(item.From, item.To, target, query);
        }
    }

    private void InsertSelect(int body, int end, int place, SqlSource target, SqlQuery query)
    {
        var selected = Query(body, end, query);
        var select = _sql[body].Is("select") ? body : _sql.Find(body, end, "select");
        var items = _sql.Split(select + 1, _sql.Find(select + 1, end, "from"), ",").Take(place + 1).ToList();
        if (items.Count <= place || items.Exists(item => _sql[item.To - 1].Is("*")))
            Faults.Add($"which workspace INSERT INTO {target.Table} writes to cannot be read");
        else
            Equal(items[place].From, items[place].To, target, selected);
    }

    /// <summary>What happens when the row is there already: nothing that another server would do differently.</summary>
    /// <returns>Where the rows to insert end.</returns>
    private int Conflict(int from, int to)
    {
        var end = _sql.Find(from, to, "returning");
        for (var i = from; i + 1 < to; i++)
        {
            if (!_sql[i].Is("on") || !_sql[i + 1].Is("conflict"))
                continue;
            if (_sql[i + 2].Is("(") && !_sql.Has(i + 2, _sql.PartnerOf[i + 2], Column))
                Faults.Add($"ON CONFLICT does not name {Column}");
            var update = _sql.Find(i, to, "update");
            Faults.AddRange(NotInConflict.Where(word => _sql.Has(update, end, word)).Select(word => $"{word} in ON CONFLICT DO UPDATE"));
            return i;
        }

        return end;
    }

    private void Update(int from, int to, SqlQuery query)
    {
        var set = _sql.Find(from, to, "set");
        var end = Math.Min(_sql.Find(set, to, "from"), _sql.Find(set, to, "where", "returning"));
        foreach (var (begin, _) in _sql.Split(set + 1, end, ","))
        {
            if (_sql[begin].Is(Column))
                Faults.Add("a row never changes its workspace");
        }

        Conditions(set, to, query, "from");
    }

    /// <summary>The sources after a word, and what the conditions say about them.</summary>
    private void Conditions(int from, int to, SqlQuery query, string sources)
    {
        var begin = _sql.Find(from, to, sources);
        if (begin < to)
            Sources(begin + 1, _sql.Find(begin + 1, to, [.. Clauses.Except(["on", "using"])]), query);
        var where = _sql.Find(from, to, "where");
        if (where < to)
            Condition(where + 1, _sql.Find(where + 1, to, Clauses), query);
    }

    private void Sources(int from, int to, SqlQuery query)
    {
        string[] ends = [",", "join", "inner", "left", "right", "full", "cross", "natural"];
        for (var i = from; i < to;)
        {
            if (_sql[i].IsOneOf("outer", "lateral", "only") || _sql[i].IsOneOf(ends))
            {
                i++;
                continue;
            }

            var end = _sql.Find(i, to, ends);
            var on = _sql.Find(i, end, "on", "using");
            Source(i, on, query);
            if (on < end && _sql[on].Is("on"))
                Condition(on + 1, end, query);
            else if (on < end && _sql[on + 1].Is("(") && _sql.Has(on, _sql.PartnerOf[on + 1], Column))
                query.Sources[^1].Equate(query.Sources[^2]);
            i = end;
        }
    }

    /// <summary>One source with its alias.</summary>
    private SqlSource? Source(int i, int to, SqlQuery query)
    {
        while (_sql[i].IsOneOf("only", "lateral"))
            i++;
        var (name, source) = ((string?)null, (SqlSource?)null);
        if (_sql[i].Is("("))
        {
            _read.Add(i);
            source = Query(i + 1, _sql.PartnerOf[i], query).Result;
            i = _sql.PartnerOf[i] + 1;
        }
        else
        {
            if (i + 1 < to && _sql[i + 1].Is("."))
                i += 2;
            name = _sql[i++].Text;
            var isFunction = i < to && _sql[i].Is("(") && !_distributed.Contains(name);
            source = query.Common(name) ?? new SqlSource(_distributed.Contains(name) ? name : null);
            if (isFunction)
                i = _sql.PartnerOf[i] + 1;
            if (source.Table is not null && query.Common(name) is null)
                Uses.Add(source);
        }

        if (i < to && _sql[i].Is("as"))
            i++;
        var hasAlias = i < to && _sql[i].Kind == SqlKind.Word && !_sql[i].IsOneOf(Clauses) && !_sql[i].IsOneOf("values", "select", "default", "with");
        query.Add(hasAlias ? _sql[i].Text : name ?? "", source);
        return source;
    }

    /// <summary>What holds whatever else does: the parts of a condition that AND joins.</summary>
    private void Condition(int from, int to, SqlQuery query)
    {
        if (_sql.Find(from, to, "or") < to)
            return;
        foreach (var (begin, end) in _sql.Split(from, to, "and"))
        {
            if (end > begin && _sql[begin].Is("(") && _sql.PartnerOf[begin] == end - 1)
                Condition(begin + 1, end - 1, query);
            else if (_sql.Find(begin, end, "=") is var sign && sign < end && SourceOf(begin, sign, query) is { } source)
                Equal(sign + 1, end, source, query);
            else if (sign < end && SourceOf(sign + 1, end, query) is { } right)
                Equal(begin, sign, right, query);
        }
    }

    /// <summary>The source whose workspace is equal to what stands there.</summary>
    private void Equal(int from, int to, SqlSource source, SqlQuery query)
    {
        if (SourceOf(from, to, query) is { } other)
            source.Equate(other);
        else if (_sql.Bare(from, to) == 1 && _sql[from].Kind is SqlKind.Parameter or SqlKind.Constant)
            source.Name(_valueOf(_sql[from].Text));
    }

    /// <summary>Whose <c>workspace_id</c> it is that stands there, when nothing else does.</summary>
    private SqlSource? SourceOf(int from, int to, SqlQuery query) => _sql.Bare(from, to) switch
    {
        1 when _sql[from].Is(Column) => query.Unnamed(),
        3 when _sql[from + 1].Is(".") && _sql[from + 2].Is(Column) => query.Named(_sql[from].Text),
        _ => null,
    };

    /// <summary>The queries inside, wherever they stand.</summary>
    private void Inner(int from, int to, SqlQuery query)
    {
        for (var i = from; i < to; i++)
        {
            if (!_sql[i].Is("(") || !_read.Add(i))
                continue;
            if (_sql[i + 1].IsOneOf("select", "with", "insert", "update", "delete"))
                Query(i + 1, _sql.PartnerOf[i], query);
        }
    }
}
