using System.Collections.Concurrent;
using System.Security.Cryptography;
using Contacts.Data;

namespace Contacts.Workspaces;

/// <summary>Who calls: the workspace and the token that opened it.</summary>
/// <param name="Workspace">The workspace with its settings.</param>
/// <param name="Token">The token.</param>
public sealed record Caller(Workspace Workspace, ApiToken Token);

/// <summary>Whose a key is, or was.</summary>
/// <param name="Caller">Who calls; null when the key is unknown or revoked.</param>
/// <param name="Former">Whose it was; null when it is not a revoked one. Opens nothing.</param>
public readonly record struct KeyHolder(Caller? Caller, Caller? Former);

/// <summary>
/// Tells who a key belongs to. Answers are kept for <see cref="MaxAge"/>, so a revoked token and a changed setting are noticed within two seconds
/// on every server without a query per call. Unknown and revoked keys are never kept: they can't fill the memory.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock that tells the age of an answer.</param>
public sealed class Callers(DatabaseWatch watch, TimeProvider clock)
{
    /// <summary>How long an answer is used.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<Guid, Known> _known = new();
    private readonly Lock _lock = new();
    private int _changes;

    /// <summary>The caller that a key belongs to, or null when it is unknown or revoked.</summary>
    /// <param name="key">The key as it was sent.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancellation) => (await HolderAsync(key, cancellation)).Caller;

    /// <summary>The caller that a key belongs to, or belonged to until it was revoked.</summary>
    /// <param name="key">The key as it was sent.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<KeyHolder> HolderAsync(string key, CancellationToken cancellation)
    {
        var hash = ApiToken.HashOf(key);

        // Half of the hash is enough to find by; the whole of it is compared before anybody passes.
        var name = new Guid(hash.AsSpan(0, 16));
        if (_known.TryGetValue(name, out var known) && clock.GetElapsedTime(known.ReadAt) < MaxAge)
            return ValueTask.FromResult(new KeyHolder(Matches(known.Caller, hash), null));
        return ReadAsync(name, hash, cancellation);
    }

    /// <summary>Called when tokens or settings of a workspace were changed through this server.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public void Forget(Guid workspaceId)
    {
        lock (_lock)
        {
            _changes++;
            foreach (var (name, known) in _known)
            {
                if (known.Caller.Workspace.Id == workspaceId)
                    _known.TryRemove(name, out _);
            }
        }
    }

    private async ValueTask<KeyHolder> ReadAsync(Guid name, byte[] hash, CancellationToken cancellation)
    {
        var readAt = clock.GetTimestamp();
        var changes = Volatile.Read(ref _changes);
        var found = await WorkspaceRows.HolderAsync(watch, hash, cancellation);
        if (found is not { Token.RevokedOn: null })
        {
            _known.TryRemove(name, out _);
            return new KeyHolder(null, found is null ? null : Matches(found, hash));
        }

        // What was read before a change was committed must not be kept after it.
        lock (_lock)
        {
            if (changes == _changes)
                _known[name] = new Known(found, readAt);
        }

        return new KeyHolder(Matches(found, hash), null);
    }

    private static Caller? Matches(Caller caller, byte[] hash) =>
        CryptographicOperations.FixedTimeEquals(caller.Token.Hash, hash) ? caller : null;

    private sealed record Known(Caller Caller, long ReadAt);
}
