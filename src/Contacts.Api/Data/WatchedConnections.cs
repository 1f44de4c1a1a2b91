using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Contacts.Data;

/// <summary>Opens EF Core's connections by way of the watch, so that nobody waits for a database that is away.</summary>
/// <param name="watch">Knows whether it is.</param>
internal sealed class WatchedConnections(DatabaseWatch watch) : DbConnectionInterceptor
{
    /// <inheritdoc />
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        watch.ThrowIfAway();
        return result;
    }

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await watch.OpenAsync((NpgsqlConnection)connection, cancellationToken);
        return InterceptionResult.Suppress();
    }
}
