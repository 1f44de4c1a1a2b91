using System.Globalization;
using System.Text;
using Npgsql;

namespace Contacts.Data;

/// <summary>
/// The conditions of a statement that reads contacts of a workspace, and their values. What a caller sent only ever goes into parameters, so that statements of one
/// shape have one text, which is prepared once.
/// </summary>
internal sealed class ContactConditions
{
    /// <summary>Whoever has one of some URNs. Their owners are looked up first and by their key, whatever else is asked.</summary>
    public const string Owner = "id = ANY (ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($)))";

    private readonly StringBuilder _text = new("WHERE workspace_id = $1");

    // A parameter belongs to one command, and a search has two.
    private readonly List<Func<NpgsqlParameter>> _parameters;

    /// <summary>All contacts of a workspace that are there, or that are not any more.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="deleted">Whether deleted contacts are meant in place of living ones.</param>
    public ContactConditions(Guid workspaceId, bool deleted = false)
    {
        WorkspaceId = workspaceId;
        _parameters = [() => new NpgsqlParameter<Guid> { TypedValue = workspaceId }];
        _text.Append(deleted ? " AND deleted_on IS NOT NULL" : " AND deleted_on IS NULL");
    }

    /// <summary>The workspace.</summary>
    public Guid WorkspaceId { get; }

    /// <summary>Adds a condition on one value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="condition">The condition; its <c>$</c> that no number follows is the value.</param>
    /// <param name="value">The value.</param>
    public void And<T>(string condition, T value) => _text.Append(Fill(" AND ", condition, value));

    /// <summary>Adds a condition on two values.</summary>
    /// <typeparam name="TFirst">The first value's type.</typeparam>
    /// <typeparam name="TSecond">The second value's type.</typeparam>
    /// <param name="condition">The condition; each <c>$</c> that no number follows is the next value.</param>
    /// <param name="first">The first value.</param>
    /// <param name="second">The second value.</param>
    public void And<TFirst, TSecond>(string condition, TFirst first, TSecond second) =>
        _text.Append(Fill(string.Empty, Fill(" AND ", condition, first), second));

    /// <summary>Adds a value that stands elsewhere in the statement.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>The parameter: <c>$3</c>.</returns>
    public string Add<T>(T value)
    {
        _parameters.Add(() => new NpgsqlParameter<T> { TypedValue = value });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }

    /// <summary>A statement with the conditions' values.</summary>
    /// <param name="statement">Its text, the conditions within it.</param>
    public NpgsqlBatchCommand Command(string statement)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var parameter in _parameters)
            command.Parameters.Add(parameter());
        return command;
    }

    /// <summary>The conditions, from <c>WHERE</c> on.</summary>
    /// <returns>SQL.</returns>
    public override string ToString() => _text.ToString();

    /// <summary>Appends a condition up to its next value; returns what follows the value.</summary>
    private ReadOnlySpan<char> Fill<T>(string before, ReadOnlySpan<char> condition, T value)
    {
        var mark = condition.IndexOf('$');
        while (mark + 1 < condition.Length && char.IsAsciiDigit(condition[mark + 1]))
            mark += 1 + condition[(mark + 1)..].IndexOf('$');
        _text.Append(before).Append(condition[..mark]).Append(Add(value));
        return condition[(mark + 1)..];
    }
}
