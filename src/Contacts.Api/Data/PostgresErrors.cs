using Contacts.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.Data;

/// <summary>PostgreSQL's errors, told apart by SQLSTATE alone: behind Citus the constraint's name is absent from the error's fields.</summary>
public static class PostgresErrors
{
    private const string Driver = "Npgsql";

    /// <summary>Whether another row already holds a unique value.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsUniqueViolation(this Exception error) => SqlStateOf(error) == PostgresErrorCodes.UniqueViolation;

    /// <summary>Whether the same transaction may succeed when it is run again from its start.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool MayRunAgain(this Exception error) => SqlStateOf(error) is
        PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>Whether a row points to one that is not there, or is pointed to while it goes.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsForeignKeyViolation(this Exception error) => SqlStateOf(error) == PostgresErrorCodes.ForeignKeyViolation;

    /// <summary>Whether values don't fit their columns: one is missing, or is of another type.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsMisfit(this Exception error) =>
        SqlStateOf(error) is { } state && (state == PostgresErrorCodes.NotNullViolation || state.StartsWith("22", StringComparison.Ordinal));

    /// <summary>
    /// Whether the connection was lost, or none could be had, and not a statement refused: the database is away, or is another one than a moment ago.
    /// <see cref="DatabaseWatch"/> tells the log of it.
    /// </summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsLostConnection(this Exception error) => error switch
    {
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException { InnerException: TimeoutException } or NpgsqlOperationInProgressException => false,
        NpgsqlException => true,

        // A connection that breaks while it is being used now and then makes Npgsql stumble over what it has put away already.
        NullReferenceException or ObjectDisposedException => error.Source == Driver,
        { InnerException: { } inner } => inner.IsLostConnection(),
        _ => false,
    };

    /// <summary>The level at which work that is tried again tells of a failure: of an absence one line is told, by <see cref="DatabaseWatch"/>.</summary>
    /// <param name="error">What was thrown.</param>
    public static LogLevel Level(this Exception error) => error.IsLostConnection() ? LogLevel.Debug : LogLevel.Warning;

    /// <summary>
    /// Whether a connection knows a prepared statement that the driver has forgotten, as happens when a call is given up while its statement is prepared. Every
    /// call that gets this connection would fail: it has to go.
    /// </summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsStalePreparation(this Exception error) => SqlStateOf(error) == PostgresErrorCodes.DuplicatePreparedStatement;

    /// <summary>Whether the same call may succeed a moment later: the database is away or overtaxed, or too many calls want one contact.</summary>
    /// <param name="error">What was thrown.</param>
    public static bool IsForAMoment(this Exception error) =>
        error is BookBusyException or NpgsqlException { IsTransient: true } or TimeoutException
        || error.IsStalePreparation() || error.IsLostConnection() || (error.InnerException is { } inner && inner.IsForAMoment());

    /// <summary>Whether a unique violation is of the index named: its name stands in the message, also behind Citus.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="index">The index's name.</param>
    public static bool IsOf(this Exception error, string index) =>
        Find(error)?.MessageText.Contains($"\"{index}", StringComparison.Ordinal) == true;

    private static string? SqlStateOf(Exception error) => Find(error)?.SqlState;

    private static PostgresException? Find(Exception error) => error switch
    {
        PostgresException postgres => postgres,
        DbUpdateException { InnerException: PostgresException postgres } => postgres,
        _ => null,
    };
}
