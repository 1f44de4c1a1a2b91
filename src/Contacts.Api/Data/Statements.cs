using Npgsql;

namespace Contacts.Data;

/// <summary>
/// Single statements without EF Core's model: for what every start, every call and every round in the background needs. A server that nobody asks for more never
/// builds the model, which costs it a quarter of its memory and half of its start (decision 28).
/// </summary>
internal static class Statements
{
    /// <summary>Carries out a statement.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="statement">Its text, with parameters <c>$1</c>, <c>$2</c>, …</param>
    /// <param name="parameters">The parameters, in this order.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>How many rows were written or removed.</returns>
    /// <exception cref="DatabaseAwayException">When the database is away.</exception>
    /// <exception cref="NpgsqlException">When it fails.</exception>
    public static async Task<int> ExecuteAsync(
        this DatabaseWatch watch, string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var connection = await watch.OpenBookAsync(cancellation);
        await using var command = Of(statement, parameters, connection);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reads the rows of a statement.</summary>
    /// <typeparam name="T">What a row tells.</typeparam>
    /// <param name="watch">Opens connections.</param>
    /// <param name="statement">Its text, with parameters <c>$1</c>, <c>$2</c>, …</param>
    /// <param name="parameters">The parameters, in this order.</param>
    /// <param name="read">Reads the row that it is given.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="DatabaseAwayException">When the database is away.</exception>
    /// <exception cref="NpgsqlException">When it fails.</exception>
    public static async Task<List<T>> ListAsync<T>(
        this DatabaseWatch watch, string statement, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var connection = await watch.OpenBookAsync(cancellation);
        await using var command = Of(statement, parameters, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellation))
            list.Add(read(rows));
        return list;
    }

    /// <summary>A column that may be NULL, as text.</summary>
    /// <param name="row">The rows, standing on one.</param>
    /// <param name="column">The column's number.</param>
    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A column that may be NULL, as a number.</summary>
    /// <param name="row">The rows, standing on one.</param>
    /// <param name="column">The column's number.</param>
    public static int? IntegerOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    /// <summary>A column that may be NULL, as a time.</summary>
    /// <param name="row">The rows, standing on one.</param>
    /// <param name="column">The column's number.</param>
    public static DateTime? TimeOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);

    private static NpgsqlCommand Of(string statement, NpgsqlParameter[] parameters, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
