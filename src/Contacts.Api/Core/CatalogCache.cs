using Contacts.Data;

namespace Contacts.Core;

/// <summary>
/// The catalogs in use. A change made through this server is seen by its next request; one made through another server within
/// <see cref="MaxAge"/>, since a picture older than that is read again.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock that tells their age.</param>
public sealed class CatalogCache(DatabaseWatch watch, TimeProvider clock)
{
    /// <summary>The age from which a picture is read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private readonly Pictures<Catalog> _pictures = new(MaxAge, clock, (workspaceId, cancellation) => CatalogRows.ReadAsync(watch, workspaceId, cancellation));

    /// <summary>The workspace's catalog, no older than <see cref="MaxAge"/>.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<Catalog> GetAsync(Guid workspaceId, CancellationToken cancellation) => _pictures.GetAsync(workspaceId, cancellation);

    /// <summary>The catalog as it is in the database now: asked for when a request names something that the picture lacks.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<Catalog> RefreshAsync(Guid workspaceId, CancellationToken cancellation) => _pictures.RefreshAsync(workspaceId, cancellation);

    /// <summary>Called after a committed change of fields or groups.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public void Forget(Guid workspaceId) => _pictures.Forget(workspaceId);
}
