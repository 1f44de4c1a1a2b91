using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Contacts.Core;

/// <summary>Ids of rows: UUID version 7 (RFC 9562) with the fraction of the millisecond in its next 12 bits (the RFC's method 3).</summary>
/// <remarks>
/// Ordering by id is then ordering by time of creation to a quarter of a microsecond, so lists by creation need no index
/// beside the primary key. PostgreSQL compares uuids byte by byte, most significant first.
/// </remarks>
public static class RowId
{
    /// <summary>A new id for a row made at a moment.</summary>
    /// <param name="time">The row's time of creation, UTC.</param>
    public static Guid At(DateTime time)
    {
        Span<byte> chance = stackalloc byte[8];
        RandomNumberGenerator.Fill(chance);
        return Of(time, chance);
    }

    /// <summary>An id for a row made at a moment, the same one whenever it is asked for.</summary>
    /// <param name="time">The row's time of creation, UTC.</param>
    /// <param name="source">What the row is made from.</param>
    /// <param name="number">Which row of it.</param>
    public static Guid Of(DateTime time, Guid source, int number)
    {
        Span<byte> name = stackalloc byte[20];
        source.TryWriteBytes(name);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], number);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return Of(time, hash[..8]);
    }

    /// <summary>The lowest id that a row made at a moment can have: where those made before it end.</summary>
    /// <param name="time">The moment, UTC.</param>
    public static Guid First(DateTime time)
    {
        Span<byte> zeroes = stackalloc byte[8];
        zeroes.Clear();
        return Of(time, zeroes);
    }

    /// <summary>The moment that an id begins with, UTC, to a quarter of a microsecond below it.</summary>
    /// <param name="id">The id of a row.</param>
    public static DateTime TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var head = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var ticks = ((head >> 16) * TimeSpan.TicksPerMillisecond) + ((head & 0xFFF) * TimeSpan.TicksPerMillisecond / 4096);
        return DateTime.UnixEpoch.AddTicks(ticks - (ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static Guid Of(DateTime time, ReadOnlySpan<byte> last)
    {
        Span<byte> bytes = stackalloc byte[16];
        last.CopyTo(bytes[8..]);
        var ticks = (time - DateTime.UnixEpoch).Ticks;
        var milliseconds = ticks / TimeSpan.TicksPerMillisecond;
        var fraction = ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond;
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | 0x7000 | fraction);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The current time cut to whole microseconds, as the database keeps it.</summary>
    /// <param name="clock">The clock.</param>
    public static DateTime Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }
}
