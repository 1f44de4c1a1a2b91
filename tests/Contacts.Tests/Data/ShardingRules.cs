using System.Globalization;

namespace Contacts.Tests.Data;

/// <summary>A statement as PostgreSQL's log shows it.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Parameters">The values of its parameters, the first one first, as texts; empty when they are not known.</param>
internal sealed record LoggedStatement(string Sql, IReadOnlyList<string> Parameters)
{
    public LoggedStatement(string sql)
        : this(sql, [])
    {
    }
}

/// <summary>
/// The rules that let PostgreSQL's sharding extension carry a statement to the one server that has its workspace, and run it there as it would here. Each
/// of them was found by running what it forbids.
/// </summary>
/// <param name="distributed">The tables and views that are spread by workspace.</param>
/// <param name="volatileFunctions">The functions that answer anew each time, as the database lists them.</param>
internal sealed class ShardingRules(IReadOnlySet<string> distributed, IReadOnlySet<string> volatileFunctions)
{
    /// <summary>Statements that are about no rows.</summary>
    private static readonly string[] Commands = ["begin", "commit", "rollback", "savepoint", "release", "set", "analyze"];

    private static readonly string[] Verbs = ["select", "insert", "update", "delete", "values"];

    /// <summary>What may be read over all workspaces at once, and why. Nothing is written or locked that way.</summary>
    private static readonly Dictionary<string, string> Listings = new(StringComparer.Ordinal)
    {
        ["groups"] = "Background work that nobody asked for has no workspace yet: it lists the deleted groups, then removes their members workspace by workspace.",
        ["group_counts"] = "The same, for counts that are worth squashing.",
        ["imports"] = "The same, for files that are on their way into the book.",
        ["webhooks"] = "The same, for webhooks that have something to send; what there is to send is looked up in their own workspaces.",
    };

    /// <summary>What a statement does that the rules forbid; nothing when it keeps them.</summary>
    public IReadOnlyList<string> FaultsOf(LoggedStatement logged)
    {
        var tokens = SqlTokens.Read(logged.Sql);
        var faults = new List<string>();
        foreach (var statement in Statements(tokens))
            faults.AddRange(FaultsOf(statement, logged.Parameters));
        return faults;
    }

    private static IEnumerable<List<SqlToken>> Statements(List<SqlToken> tokens)
    {
        for (var from = 0; from < tokens.Count;)
        {
            var end = tokens.FindIndex(from, token => token.Is(";"));
            end = end < 0 ? tokens.Count : end;
            if (end > from)
                yield return tokens[from..end];
            from = end + 1;
        }
    }

    private List<string> FaultsOf(List<SqlToken> tokens, IReadOnlyList<string> parameters)
    {
        if (tokens[0].IsOneOf(Commands))
            return [];
        var statement = SqlStatement.Read(tokens, distributed, parameter => ValueOf(parameter, parameters));
        var faults = statement.Faults;
        faults.AddRange(statement.Verbs.Where(verb => !Verbs.Contains(verb)).Select(verb => $"nobody knows what {verb} does on shards"));
        if (tokens.Exists(token => token.Text.StartsWith("pg_advisory", StringComparison.Ordinal)) && tokens.Exists(token => token.Is("from")))
            faults.Add("an advisory lock with FROM is taken once per shard");
        if (Writes(tokens, statement))
            faults.AddRange(Calls(tokens).Where(volatileFunctions.Contains).Select(function => $"{function} in an UPDATE answers anew on each shard"));
        if (!IsListing(tokens, statement))
            faults.AddRange(FaultsOfWorkspaces(statement));
        return faults;
    }

    private static IEnumerable<string> FaultsOfWorkspaces(SqlStatement statement)
    {
        foreach (var use in statement.Uses.Where(use => use.Workspace is null))
            yield return $"{use.Table} without an equality of its workspace_id";
        var workspaces = statement.Uses.Select(use => use.Workspace).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (workspaces.Count > 1 || workspaces.Exists(workspace => workspace.Contains(' ')))
            yield return $"more than one workspace: {string.Join(", ", workspaces)}";
    }

    private static bool Writes(List<SqlToken> tokens, SqlStatement statement) =>
        statement.Verbs.Contains("update") || Enumerable.Range(0, tokens.Count - 1).Any(i => tokens[i].Is("do") && tokens[i + 1].Is("update"));

    private static IEnumerable<string> Calls(List<SqlToken> tokens) =>
        Enumerable.Range(0, tokens.Count - 1).Where(i => tokens[i].Kind == SqlKind.Word && tokens[i + 1].Is("(")).Select(i => tokens[i].Text);

    /// <summary>A plain SELECT that answers which workspaces there is something to do in: of one table, or of more that it joins by the workspace.</summary>
    private static bool IsListing(List<SqlToken> tokens, SqlStatement statement) =>
        statement is { AnswersWorkspaces: true, Uses: [{ Table: { } table }, ..] } && statement.Verbs.TrueForAll(verb => verb == "select")
        && Listings.ContainsKey(table) && !tokens.Exists(token => token.Is("for")) && JoinsByWorkspace(tokens) == statement.Uses.Count - 1;

    private static int JoinsByWorkspace(List<SqlToken> tokens) => Enumerable.Range(0, tokens.Count).Count(i =>
        tokens[i].Is("workspace_id") && tokens.ElementAtOrDefault(i + 1).Is("=") && tokens.Skip(i + 2).Take(3).Any(token => token.Is("workspace_id")));

    private static string ValueOf(string parameter, IReadOnlyList<string> values) =>
        parameter.StartsWith('$') && int.TryParse(parameter.AsSpan(1), CultureInfo.InvariantCulture, out var number) && number <= values.Count
            ? values[number - 1]
            : parameter;
}
