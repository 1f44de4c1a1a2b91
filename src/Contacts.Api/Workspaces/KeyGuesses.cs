using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Contacts.Workspaces;

/// <summary>What the server's owner may set about wrong keys.</summary>
/// <param name="WrongPerMinute">How many wrong keys an address may send a minute before it has to wait.</param>
public sealed record KeySettings(int WrongPerMinute);

/// <summary>
/// Slows down whoever guesses keys, at every API and at the sign-in alike: an address that sent <see cref="KeySettings.WrongPerMinute"/> wrong ones waits until
/// its minute is over, without a question to the database. Whoever shares the address is not locked out with it: a key that worked from there within
/// <see cref="Memory"/> goes on working; only a key that is new there waits, a minute at most. Each server counts for itself (decision 25).
/// </summary>
/// <param name="settings">How many.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Told of each address that has to wait, once a minute.</param>
public sealed partial class KeyGuesses(KeySettings settings, TimeProvider clock, ILogger<KeyGuesses> log)
{
    /// <summary>How long an address that guessed has to wait at most.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How long a key that worked from an address is known there.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>How many addresses that guessed are told apart; when there are more, those beyond share one count.</summary>
    public const int MaxAddresses = 20_000;

    /// <summary>How many keys that worked are remembered, each with its address.</summary>
    public const int MaxKeys = 50_000;

    // A key in use writes nothing until its last note is this old.
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(5);

    // Full tables are looked through at most this often.
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(1);

    private static readonly UInt128 AllOthers = UInt128.MaxValue;

    private readonly ConcurrentDictionary<UInt128, Guesses> _wrong = new();
    private readonly ConcurrentDictionary<(UInt128 Address, Guid Key), long> _worked = new();
    private long _sweptAt;

    // Beside the tables, which would lock themselves as a whole to count.
    private int _addresses;
    private int _keys;

    /// <summary>How many addresses and keys are held.</summary>
    internal int Held => _wrong.Count + _worked.Count;

    /// <summary>Whether a key may be tried from an address.</summary>
    /// <param name="address">The address; null counts as one.</param>
    /// <param name="key">The key as it was sent.</param>
    /// <returns>Null when it may; else how long to wait.</returns>
    public TimeSpan? WaitOf(IPAddress? address, string key)
    {
        var from = NumberOf(address);
        if (!_wrong.TryGetValue(from, out var guesses) && !_wrong.TryGetValue(AllOthers, out guesses))
            return null;
        if (guesses.Count < settings.WrongPerMinute || Window - clock.GetElapsedTime(guesses.BeganAt) is not { Ticks: > 0 } rest)
            return null;
        var isKnown = _worked.TryGetValue((from, NameOf(ApiToken.HashOf(key))), out var workedAt) && clock.GetElapsedTime(workedAt) < Memory;
        return isKnown ? null : rest;
    }

    /// <summary>A key was wrong.</summary>
    /// <param name="address">Where it came from.</param>
    public void Wrong(IPAddress? address)
    {
        var now = clock.GetTimestamp();
        var from = NumberOf(address);
        if (Volatile.Read(ref _addresses) >= MaxAddresses && !_wrong.ContainsKey(from))
        {
            Sweep(now);
            if (Volatile.Read(ref _addresses) >= MaxAddresses)
                from = AllOthers;
        }

        if (CountOne(from, now) == settings.WrongPerMinute)
            HasToWait(log, address, settings.WrongPerMinute);
    }

    /// <summary>A token's key was right.</summary>
    /// <param name="address">Where it came from.</param>
    /// <param name="token">The token.</param>
    public void Right(IPAddress? address, ApiToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var known = (NumberOf(address), NameOf(token.Hash));
        var now = clock.GetTimestamp();
        if (_worked.TryGetValue(known, out var workedAt))
        {
            if (clock.GetElapsedTime(workedAt, now) > Renewal)
                _worked[known] = now;
            return;
        }

        if (Volatile.Read(ref _keys) >= MaxKeys)
            Sweep(now);
        if (Volatile.Read(ref _keys) < MaxKeys && _worked.TryAdd(known, now))
            Interlocked.Increment(ref _keys);
    }

    private int CountOne(UInt128 from, long now)
    {
        while (true)
        {
            if (!_wrong.TryGetValue(from, out var before))
            {
                if (!_wrong.TryAdd(from, new Guesses(now, 1)))
                    continue;
                Interlocked.Increment(ref _addresses);
                return 1;
            }

            var after = clock.GetElapsedTime(before.BeganAt, now) < Window ? before with { Count = before.Count + 1 } : new Guesses(now, 1);
            if (_wrong.TryUpdate(from, after, before))
                return after.Count;
        }
    }

    private void Sweep(long now)
    {
        var swept = Volatile.Read(ref _sweptAt);
        if (clock.GetElapsedTime(swept, now) < SweepPause || Interlocked.CompareExchange(ref _sweptAt, now, swept) != swept)
            return;
        foreach (var (address, guesses) in _wrong)
        {
            if (clock.GetElapsedTime(guesses.BeganAt, now) >= Window && _wrong.TryRemove(KeyValuePair.Create(address, guesses)))
                Interlocked.Decrement(ref _addresses);
        }

        foreach (var (known, workedAt) in _worked)
        {
            if (clock.GetElapsedTime(workedAt, now) >= Memory && _worked.TryRemove(KeyValuePair.Create(known, workedAt)))
                Interlocked.Decrement(ref _keys);
        }
    }

    /// <summary>Half of the hash tells keys apart; nobody passes by it: what is let through here is still looked up.</summary>
    private static Guid NameOf(byte[] hash) => new(hash.AsSpan(0, 16));

    /// <summary>An address as a number. One IPv6 customer has a whole network of 64 bits, so that is what counts.</summary>
    private static UInt128 NumberOf(IPAddress? address)
    {
        if (address is null)
            return UInt128.Zero;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            bytes[8..].Clear();
        else
            bytes[15] = 4;
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    [LoggerMessage(LogLevel.Warning, "{Count} wrong keys came from {Address} within a minute: keys that are new there have to wait")]
    private static partial void HasToWait(ILogger logger, IPAddress? address, int count);

    private sealed record Guesses(long BeganAt, int Count);
}
