using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Contacts.Dialects.Weni;

/// <summary>
/// Reads a form as the JSON object that it stands for: <c>name=Ana&amp;urns=tel%3A%2B55...&amp;fields.nick_name=Ana</c>. Repeated keys make a list,
/// as do <c>urns[0]</c> and <c>urns[]</c>; <c>fields[nick_name]</c> is an item of an object. Files are ignored.
/// </summary>
internal static class FormBody
{
    private static readonly string[] Lists = ["urns", "groups", "contacts"];
    private static readonly string[] Objects = ["fields"];

    // A blank text of a form is the only way to say null, which these attributes of a contact may be.
    private static readonly string[] Clearable = ["name", "language"];

    /// <summary>Whether a media type is a form's.</summary>
    /// <param name="mediaType">The type without parameters.</param>
    public static bool Is(StringSegment mediaType) =>
        mediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        || mediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a form.</summary>
    /// <param name="request">The call; its body is not read yet.</param>
    /// <returns>The JSON; null when it is no well-formed form.</returns>
    /// <exception cref="BadHttpRequestException">The body is too large.</exception>
    public static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        try
        {
            var isContact = Endpoints.Find(request.Path.Value!, out _) == Endpoints.Contacts;
            return ToJson(await request.ReadFormAsync(request.HttpContext.RequestAborted), isContact ? Clearable : []);
        }
        catch (Exception error) when (error is InvalidDataException or FormatException || (error is IOException && error is not BadHttpRequestException))
        {
            return null;
        }
    }

    private static byte[] ToJson(IFormCollection form, string[] clearable)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var (key, values) in form.Where(pair => KeyOf(pair.Key).Item is null && !Lists.Contains(pair.Key, StringComparer.Ordinal)))
            WriteText(json, key, values[^1] ?? string.Empty, clearable);
        foreach (var name in Lists)
            WriteList(json, name, [.. form.Where(pair => KeyOf(pair.Key).Name == name).SelectMany(pair => pair.Value)]);
        foreach (var name in Objects)
            WriteObject(json, name, [.. form.Where(pair => KeyOf(pair.Key) is { Item: not null } key && key.Name == name)]);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteText(Utf8JsonWriter json, string key, string value, string[] clearable)
    {
        if (value.Length == 0 && clearable.Contains(key, StringComparer.Ordinal))
            json.WriteNull(key);
        else
            json.WriteString(key, value);
    }

    private static void WriteList(Utf8JsonWriter json, string name, List<string?> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, string name, List<KeyValuePair<string, StringValues>> items)
    {
        if (items.Count == 0)
            return;
        json.WriteStartObject(name);
        foreach (var (key, values) in items)
            json.WriteString(KeyOf(key).Item!, values[^1]);
        json.WriteEndObject();
    }

    /// <summary><c>urns</c>, <c>urns[0]</c>, <c>fields.nick</c> and <c>fields[nick]</c> taken apart.</summary>
    private static (string Name, string? Item) KeyOf(string key)
    {
        var end = key.IndexOfAny(['.', '[']);
        if (end < 0)
            return (key, null);
        var name = key[..end];
        return Lists.Contains(name, StringComparer.Ordinal) || Objects.Contains(name, StringComparer.Ordinal)
            ? (name, key[(end + 1)..].TrimEnd(']'))
            : (key, null);
    }
}
