using Npgsql;
using NpgsqlTypes;

namespace Contacts.Data;

/// <summary>Statements of batches and their typed parameters.</summary>
internal static class Parameters
{
    /// <summary>A statement.</summary>
    /// <param name="statement">Its text, with parameters <c>$1</c>, <c>$2</c>, …</param>
    /// <param name="parameters">The parameters, in this order.</param>
    public static NpgsqlBatchCommand Command(string statement, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(statement);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>A <c>uuid</c>.</summary>
    /// <param name="value">The value.</param>
    public static NpgsqlParameter<Guid> Uuid(Guid value) => new() { TypedValue = value };

    /// <summary>A <c>text</c>.</summary>
    /// <param name="value">The value.</param>
    public static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    /// <summary>An <c>integer</c>.</summary>
    /// <param name="value">The value.</param>
    public static NpgsqlParameter<int> Integer(int value) => new() { TypedValue = value };

    /// <summary>A <c>timestamptz</c>.</summary>
    /// <param name="value">The value, in UTC.</param>
    public static NpgsqlParameter<DateTime> Time(DateTime value) => new() { TypedValue = value };

    /// <summary>A <c>bytea</c>.</summary>
    /// <param name="value">The value.</param>
    public static NpgsqlParameter<byte[]> Bytes(byte[] value) => new() { TypedValue = value };

    /// <summary>A <c>uuid[]</c>.</summary>
    /// <param name="values">The values.</param>
    public static NpgsqlParameter<Guid[]> Uuids(Guid[] values) => new() { TypedValue = values };

    /// <summary>A <c>text[]</c>.</summary>
    /// <param name="values">The values; null is NULL.</param>
    public static NpgsqlParameter<string?[]> Texts(string?[] values) => new() { TypedValue = values };

    /// <summary>An <c>integer[]</c>.</summary>
    /// <param name="values">The values.</param>
    public static NpgsqlParameter<int[]> Integers(int[] values) => new() { TypedValue = values };

    /// <summary>A <c>bigint[]</c>.</summary>
    /// <param name="values">The values.</param>
    public static NpgsqlParameter<long[]> Longs(long[] values) => new() { TypedValue = values };

    /// <summary>A <c>timestamptz[]</c>.</summary>
    /// <param name="values">The values, in UTC.</param>
    public static NpgsqlParameter<DateTime[]> Times(DateTime[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
