using System.Collections.Concurrent;

namespace Contacts.Core;

/// <summary>
/// What was read of each workspace a moment ago. Read again from an age on, which is how changes made through other servers are seen, and after
/// <see cref="Forget"/>, which is how those made through this one are.
/// </summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="maxAge">The age from which it is read again.</param>
/// <param name="clock">The clock that tells the age.</param>
/// <param name="read">Reads it anew.</param>
internal sealed class Pictures<T>(TimeSpan maxAge, TimeProvider clock, Func<Guid, CancellationToken, Task<T>> read)
    where T : class
{
    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary>The workspace's picture, younger than the age.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<T> GetAsync(Guid workspaceId, CancellationToken cancellation)
    {
        var entry = _entries.GetOrAdd(workspaceId, static _ => new Entry());
        var picture = entry.Picture;
        return picture is not null && clock.GetElapsedTime(picture.ReadAt) < maxAge
            ? ValueTask.FromResult(picture.Value)
            : new ValueTask<T>(ReadAsync(workspaceId, entry, cancellation));
    }

    /// <summary>The picture as it is in the database now.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<T> RefreshAsync(Guid workspaceId, CancellationToken cancellation) =>
        ReadAsync(workspaceId, _entries.GetOrAdd(workspaceId, static _ => new Entry()), cancellation);

    /// <summary>Called after a committed change of what is in the picture.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public void Forget(Guid workspaceId)
    {
        if (_entries.TryGetValue(workspaceId, out var entry))
            entry.Forget();
    }

    private async Task<T> ReadAsync(Guid workspaceId, Entry entry, CancellationToken cancellation)
    {
        var version = entry.Version;
        var readAt = clock.GetTimestamp();
        var value = await read(workspaceId, cancellation);
        entry.Keep(new Picture(value, readAt), version);
        return value;
    }

    private sealed record Picture(T Value, long ReadAt);

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
