using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Contacts.Core;
using Microsoft.AspNetCore.Http.Extensions;

namespace Contacts.Dialects.Weni;

/// <summary>Lists: <c>{"next":…,"previous":…,"results":[…]}</c> with absolute URLs that keep every other query parameter.</summary>
/// <remarks>A cursor holds the place of an object and not a number of objects, so that a list can be walked while it is written to.</remarks>
internal static class CursorPages
{
    private const string Parameter = "cursor";
    private const string SizeParameter = "limit";
    private const int Length = 1 + 8 + 16;

    /// <summary>The answer to a bad cursor.</summary>
    public static JsonAnswer Invalid { get; } = Errors.Detail(StatusCodes.Status404NotFound, "Invalid cursor");

    /// <summary>The size of a page: <c>limit</c>, at most 250; nonsense is ignored.</summary>
    /// <param name="query">The query parameters.</param>
    public static int SizeOf(IQueryCollection query) =>
        int.TryParse(query[SizeParameter].LastOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? Math.Min(size, ContactQuery.MaxPageSize)
            : ContactQuery.MaxPageSize;

    /// <summary>Reads the cursor of a URL.</summary>
    /// <param name="query">The query parameters.</param>
    /// <param name="cursor">The cursor; null when there is none.</param>
    /// <returns>False when there is one that this server did not make.</returns>
    public static bool TryRead(IQueryCollection query, out Cursor? cursor)
    {
        cursor = null;
        var text = query[Parameter].LastOrDefault();
        if (string.IsNullOrEmpty(text))
            return true;
        Span<byte> bytes = stackalloc byte[Length + 2];
        if (text.Length > 40 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Length)
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        if (bytes[0] > 3 || ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        DateTime? time = (bytes[0] & 2) == 0 ? null : new DateTime(ticks, DateTimeKind.Utc);
        cursor = new Cursor((bytes[0] & 1) != 0, time, new Guid(bytes[9..Length], bigEndian: true));
        return true;
    }

    /// <summary>The answer that holds a page.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="request">The call, whose URL the next and previous pages keep.</param>
    /// <param name="page">The page.</param>
    /// <param name="write">Writes one object.</param>
    public static JsonAnswer Answer<T>(HttpRequest request, Page<T> page, Action<Utf8JsonWriter, T> write)
    {
        var next = UrlOf(request, page.Next);
        var previous = UrlOf(request, page.Previous);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("next", next);
            json.WriteString("previous", previous);
            json.WriteStartArray("results");
            foreach (var item in page.Items)
                write(json, item);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string? UrlOf(HttpRequest request, Cursor? cursor)
    {
        if (cursor is not { } place)
            return null;
        var query = new StringBuilder("?").Append(Parameter).Append('=').Append(TextOf(place));
        foreach (var (name, values) in request.Query.Where(pair => pair.Key != Parameter).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var value in values)
                query.Append('&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value ?? string.Empty));
        }

        return UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path) + query;
    }

    private static string TextOf(Cursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = (byte)((cursor.Backwards ? 1 : 0) | (cursor.Time is null ? 0 : 2));
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], cursor.Time?.Ticks ?? 0);
        cursor.Id.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
