using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Core;
using Contacts.Urns;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>
/// Reads attributes of a JSON object; <c>phoneNumber</c> is as good as <c>phone_number</c>. Faults of type are told here, faults of shape are the
/// validators'. An attribute with a fault counts as absent, so that it is told of once.
/// </summary>
internal sealed class JsonReading
{
    private const int MaxExponent = 300;
    private const int MaxNumber = 400;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, JsonElement> _attributes = new(StringComparer.Ordinal);
    private readonly List<ValidationFailure> _faults;
    private readonly string _path;

    /// <summary>Takes an object apart.</summary>
    /// <param name="body">The object.</param>
    /// <param name="faults">Where faults are told.</param>
    /// <param name="path">What faults are told of it begin with: <c>filters.name.</c>.</param>
    public JsonReading(JsonElement body, List<ValidationFailure> faults, string path = "")
    {
        _faults = faults;
        _path = path;
        var twins = new List<(string Name, JsonElement Value)>();
        foreach (var property in body.EnumerateObject())
        {
            var name = NameOf(property);
            if (name.AsSpan().ContainsAnyInRange('A', 'Z'))
                twins.Add((JsonNamingPolicy.SnakeCaseLower.ConvertName(name), property.Value));
            else
                _attributes[name] = property.Value;
        }

        foreach (var (name, value) in twins)
            _attributes.TryAdd(name, value);
    }

    /// <summary>Whether an attribute is there, be it null.</summary>
    /// <param name="name">The attribute.</param>
    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <summary>An attribute's value as it stands, or null when it is absent or null.</summary>
    /// <param name="name">The attribute.</param>
    public JsonElement? Value(string name) => _attributes.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text, trimmed; a number is its digits, and a blank text is null.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<string?> Text(string name)
    {
        if (!_attributes.TryGetValue(name, out var value))
            return default;
        if (value.ValueKind == JsonValueKind.Null)
            return new Optional<string?>(null);
        if (TextOf(value) is not { } text)
            return Fault<string?>(name, Texts.NotText);
        return new Optional<string?>(text.Length == 0 ? null : text);
    }

    /// <summary>A uuid, or null; a blank text is null.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<Guid?> Uuid(string name)
    {
        var text = Text(name);
        if (!text.IsGiven)
            return default;
        if (text.Value is null)
            return new Optional<Guid?>(null);
        return Guid.TryParseExact(text.Value, "D", out var uuid) ? new Optional<Guid?>(uuid) : Fault<Guid?>(name, Texts.Uuid);
    }

    /// <summary>A whole number, also as a text; null and a blank text count as absent.</summary>
    /// <param name="name">The attribute.</param>
    public int? Number(string name)
    {
        if (Text(name).Value is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        Fault(name, Texts.NotNumber);
        return null;
    }

    /// <summary>A time; null and a blank text count as absent.</summary>
    /// <param name="name">The attribute.</param>
    public DateTime? Time(string name)
    {
        if (Text(name).Value is not { } text)
            return null;
        if (JsonTimes.TryRead(text, out var time))
            return time;
        Fault(name, Texts.Time);
        return null;
    }

    /// <summary>Words: a list, or one text with commas between them. Trimmed, each once, blank ones left out; null is none at all.</summary>
    /// <param name="name">The attribute.</param>
    /// <returns>The words; null when the attribute is absent or has a fault.</returns>
    public IReadOnlyList<string>? Words(string name)
    {
        if (!_attributes.TryGetValue(name, out var value))
            return null;
        var words = value.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => [.. value.EnumerateArray().Select(TextOf)],
            JsonValueKind.String => SplitWords(TextOf(value)),
            _ => new List<string?> { null },
        };
        if (!words.Contains(null))
            return [.. words.OfType<string>().Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
        Fault(name, Texts.NotTexts);
        return null;
    }

    /// <summary>An object inside.</summary>
    /// <param name="name">The attribute.</param>
    /// <returns>The object; null when it is absent, null, or has a fault.</returns>
    public JsonReading? Object(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new JsonReading(value, _faults, $"{_path}{name}.");
        Fault(name, Texts.NotObject);
        return null;
    }

    /// <summary>The values of an object by its keys, as they were written; null in place of a value, and in place of the object, stays null.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="read">Reads a value; null is a fault.</param>
    /// <param name="fault">The text of that fault.</param>
    public Optional<IReadOnlyDictionary<string, string?>?> Items(string name, Func<JsonElement, string?> read, string fault)
    {
        if (!_attributes.TryGetValue(name, out var value))
            return default;
        if (value.ValueKind == JsonValueKind.Null)
            return new Optional<IReadOnlyDictionary<string, string?>?>(null);
        if (value.ValueKind != JsonValueKind.Object)
            return Fault<IReadOnlyDictionary<string, string?>?>(name, Texts.NotObject);
        var items = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            var text = property.Value.ValueKind == JsonValueKind.Null ? null : read(property.Value);
            if (text is null && property.Value.ValueKind != JsonValueKind.Null)
                Fault($"{name}.{NameOf(property)}", fault);
            items[NameOf(property)] = text;
        }

        return items;
    }

    /// <summary>Tells of a fault.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="text">What is wrong.</param>
    public void Fault(string name, string text) => _faults.Add(new ValidationFailure(_path + name, text));

    /// <summary>A text or a number's digits, trimmed; null when it is neither, or what no database can hold: NUL, half a surrogate pair.</summary>
    /// <param name="value">The value.</param>
    public static string? TextOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetRawText();
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString() is { } text && !text.Contains('\0') ? text.Trim() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A value as compact JSON; null when the database can't hold it: NUL, half a surrogate pair, a number out of any measure.</summary>
    /// <param name="value">The value.</param>
    public static string? JsonOf(JsonElement value)
    {
        if (!IsStorable(value))
            return null;
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            value.WriteTo(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Words with commas between them.</summary>
    /// <param name="text">The text, or null.</param>
    public static List<string?> SplitWords(string? text) => text is null ? [null] : [.. text.Split(',', StringSplitOptions.TrimEntries)];

    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TextOf(value) is not null,
        JsonValueKind.Number => IsMeasurable(value.GetRawText()),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.Object => value.EnumerateObject().All(item => StorableText.Is(NameOf(item)) && IsStorable(item.Value)),
        _ => true,
    };

    private static bool IsMeasurable(string number)
    {
        var exponent = number.AsSpan().IndexOfAny('e', 'E');
        return number.Length <= MaxNumber
            && (exponent < 0 || (int.TryParse(number.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)
                && Math.Abs(power) <= MaxExponent));
    }

    private Optional<T> Fault<T>(string name, string text)
    {
        Fault(name, text);
        return default;
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair: no attribute has it, and no database holds it.
            return "\0";
        }
    }
}
