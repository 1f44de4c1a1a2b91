using Npgsql;

namespace Contacts.Data;

/// <summary>The database is away, as <see cref="DatabaseWatch"/> knows: nothing was sent to it. The same may succeed a moment later.</summary>
public sealed class DatabaseAwayException() : NpgsqlException("The database is away.")
{
    /// <inheritdoc />
    public override bool IsTransient => true;
}
