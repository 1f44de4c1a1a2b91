using System.Collections.Concurrent;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>
/// The catalogs in use. A change made through this server is seen by its next request; one made through another server within
/// <see cref="MaxAge"/>, since a picture older than that is read again.
/// </summary>
/// <param name="contexts">Where catalogs are read.</param>
/// <param name="clock">The clock that tells their age.</param>
public sealed class CatalogCache(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>The age from which a picture is read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary>The workspace's catalog, no older than <see cref="MaxAge"/>.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<Catalog> GetAsync(Guid workspaceId, CancellationToken cancellation)
    {
        var entry = _entries.GetOrAdd(workspaceId, static _ => new Entry());
        var picture = entry.Picture;
        return picture is not null && clock.GetElapsedTime(picture.ReadAt) < MaxAge
            ? ValueTask.FromResult(picture.Catalog)
            : new ValueTask<Catalog>(ReadAsync(workspaceId, entry, cancellation));
    }

    /// <summary>The catalog as it is in the database now: asked for when a request names something that the picture lacks.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<Catalog> RefreshAsync(Guid workspaceId, CancellationToken cancellation) =>
        ReadAsync(workspaceId, _entries.GetOrAdd(workspaceId, static _ => new Entry()), cancellation);

    /// <summary>Called after a committed change of fields or groups.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public void Forget(Guid workspaceId)
    {
        if (_entries.TryGetValue(workspaceId, out var entry))
            entry.Forget();
    }

    private async Task<Catalog> ReadAsync(Guid workspaceId, Entry entry, CancellationToken cancellation)
    {
        var version = entry.Version;
        var readAt = clock.GetTimestamp();
        await using var db = contexts.Open(workspaceId);
        var fields = await db.Fields.AsNoTracking().OrderBy(field => field.Id).ToListAsync(cancellation);
        var groups = await db.Groups.AsNoTracking().Where(group => group.DeletedOn == null).ToListAsync(cancellation);
        var catalog = new Catalog(fields, groups);
        entry.Keep(new Picture(catalog, readAt), version);
        return catalog;
    }

    private sealed record Picture(Catalog Catalog, long ReadAt);

    /// <summary>A picture whose reading began before a change was committed must not be kept after it: the version tells.</summary>
    private sealed class Entry
    {
        private readonly Lock _lock = new();

        public Picture? Picture { get; private set; }

        public int Version { get; private set; }

        public void Keep(Picture picture, int version)
        {
            lock (_lock)
            {
                if (version == Version)
                    Picture = picture;
            }
        }

        public void Forget()
        {
            lock (_lock)
            {
                Version++;
                Picture = null;
            }
        }
    }
}
