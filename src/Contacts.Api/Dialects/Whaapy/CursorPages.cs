using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Contacts.Core;
using Contacts.Urns;

namespace Contacts.Dialects.Whaapy;

/// <summary>
/// Lists: <c>{"contacts":[…],"pagination":{"total":25,"limit":50,"has_more":false,"next_cursor":null}}</c>. A cursor holds the place of a contact and
/// not a number of contacts, so that a list can be walked while it is written to.
/// </summary>
internal static class CursorPages
{
    /// <summary>The largest page.</summary>
    public const int MaxSize = 100;

    /// <summary>The size of a page that does not say.</summary>
    public const int DefaultSize = 50;

    private const int IdLength = 16;
    private const int MaxLength = 1000;

    /// <summary>Writes what comes after the objects of a list.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="total">How many there are on all pages.</param>
    /// <param name="limit">The size of a page.</param>
    /// <param name="next">Where the following page begins, or null.</param>
    public static void Write(Utf8JsonWriter json, long total, int limit, SearchCursor? next)
    {
        json.WriteStartObject("pagination");
        json.WriteNumber("total", total);
        json.WriteNumber("limit", limit);
        json.WriteBoolean("has_more", next is not null);
        json.WriteString("next_cursor", next is null ? null : TextOf(next));
        json.WriteEndObject();
    }

    /// <summary>Reads a cursor.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sort">The order of the list that it is for.</param>
    /// <returns>The cursor; null when this server did not make it, or made it for another order.</returns>
    public static SearchCursor? Read(string text, ContactSort sort)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < 1 + IdLength || bytes[0] != (byte)sort)
            return null;
        var key = Encoding.UTF8.GetString(bytes.AsSpan(1 + IdLength));
        var isKey = sort switch
        {
            ContactSort.Created => key.Length == 0,
            ContactSort.Name => StorableText.Is(key),
            _ => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks,
        };
        return isKey ? new SearchCursor(sort, key, new Guid(bytes.AsSpan(1, IdLength), bigEndian: true)) : null;
    }

    private static string TextOf(SearchCursor cursor) =>
        Base64Url.EncodeToString([(byte)cursor.Sort, .. cursor.Id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(cursor.Key)]);
}
