using System.Text.Json;
using Contacts.Core;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>
/// Reads attributes of a JSON object. Faults of type are told here; faults of shape are the validators'. An attribute with a fault of type
/// counts as absent, so that it is told of once.
/// </summary>
/// <param name="faults">Where faults are told.</param>
internal sealed class JsonReading(List<ValidationFailure> faults)
{
    /// <summary>The attributes of an object; of a name that stands there twice, the last.</summary>
    /// <param name="body">The object.</param>
    public static Dictionary<string, JsonElement> Attributes(JsonElement body)
    {
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in body.EnumerateObject())
            attributes[NameOf(property)] = property.Value;
        return attributes;
    }

    /// <summary>A text that may be null, trimmed.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">Where it stands.</param>
    public Optional<string?> NullableText(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Null ? new Optional<string?>(null) : Text(value, path) is { } text ? new Optional<string?>(text) : default;

    /// <summary>A text, trimmed; a number is its digits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The text; null when a fault was told.</returns>
    public string? Text(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                Fault(path, Texts.Null);
                return null;
            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.String:
                if (TryText(value, out var text, out var half))
                    return text.Trim();
                Fault(path, Texts.Surrogate(half));
                return null;
            default:
                Fault(path, Texts.NotString);
                return null;
        }
    }

    /// <summary>The items of a list.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The items; null when a fault was told, of too many items as well.</returns>
    public List<JsonElement>? Items(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
            Fault(path, value.ValueKind == JsonValueKind.Null ? Texts.Null : Texts.NotList(TypeOf(value)));
        else if (value.GetArrayLength() > Texts.MaxItems)
            Fault(path, Texts.TooMany(Texts.MaxItems));
        else
            return [.. value.EnumerateArray()];
        return null;
    }

    /// <summary>The items of an object.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The items by key; null when a fault was told, of too many items as well.</returns>
    public Dictionary<string, JsonElement>? Dictionary(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(path, value.ValueKind == JsonValueKind.Null ? Texts.Null : Texts.NotDictionary(TypeOf(value)));
            return null;
        }

        var items = Attributes(value);
        if (items.Count <= Texts.MaxItems)
            return items;
        Fault(path, Texts.TooMany(Texts.MaxItems));
        return null;
    }

    /// <summary>How the request names another object: its uuid or name, or an object that holds the uuid.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">What faults are told of.</param>
    /// <returns>The reference; null when a fault was told.</returns>
    public string? Reference(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Object && Attributes(value).TryGetValue("uuid", out var uuid))
            value = uuid;
        switch (value.ValueKind)
        {
            case JsonValueKind.String when TryText(value, out var text, out _):
                return text;
            case JsonValueKind.Number when !IsFraction(value):
                return value.GetRawText();
            case JsonValueKind.Null:
                Fault(path, Texts.Null);
                return null;
            default:
                Fault(path, Texts.NotReference);
                return null;
        }
    }

    /// <summary>A list of references. The first item that is none is told of, and no other, as the reference does.</summary>
    /// <param name="value">The value.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>The references; null when a fault was told.</returns>
    public List<string>? References(JsonElement value, string path)
    {
        if (Items(value, path) is not { } items)
            return null;
        var references = new List<string>(items.Count);
        foreach (var item in items)
        {
            if (Reference(item, path) is not { } reference)
                return null;
            references.Add(reference);
        }

        return references;
    }

    /// <summary>One of several words.</summary>
    /// <param name="value">The value, not null.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="choices">The words.</param>
    /// <returns>The word; null when a fault was told.</returns>
    public string? Choice(JsonElement value, string path, ReadOnlySpan<string> choices)
    {
        var text = value.ValueKind == JsonValueKind.String ? Text(value, path) : value.GetRawText();
        if (text is null || choices.Contains(text))
            return text;
        Fault(path, Texts.NotChoice(text));
        return null;
    }

    /// <summary>Tells of a fault.</summary>
    /// <param name="path">Where: <c>name</c>, <c>urns[1]</c>.</param>
    /// <param name="text">What.</param>
    public void Fault(string path, string text) => faults.Add(new ValidationFailure(path, text));

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair: no attribute has it.
            return "\uFFFD";
        }
    }

    /// <summary>A string's text; JSON can write half a surrogate pair (<c>"\ud800"</c>), which is no text.</summary>
    private static bool TryText(JsonElement value, out string text, out char half)
    {
        half = default;
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = string.Empty;
            half = LoneHalf(value.GetRawText());
            return false;
        }
    }

    private static char LoneHalf(string raw)
    {
        char? high = null;
        for (var i = raw.IndexOf('\\', StringComparison.Ordinal); i >= 0 && i + 1 < raw.Length; i = raw.IndexOf('\\', i))
        {
            if (raw[i + 1] != 'u')
            {
                if (high is { } before)
                    return before;
                i += 2;
                continue;
            }

            var unit = (char)Convert.ToUInt16(raw.Substring(i + 2, 4), 16);
            if (high is { } first && (!char.IsLowSurrogate(unit) || raw[i - 6] != '\\'))
                return first;
            if (high is null && char.IsLowSurrogate(unit))
                return unit;
            high = char.IsHighSurrogate(unit) ? unit : null;
            i += 6;
        }

        return high ?? '\uD800';
    }

    private static bool IsFraction(JsonElement number) => number.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');

    /// <summary>What the reference's language calls a value's type.</summary>
    /// <param name="value">The value, not null.</param>
    public static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "str",
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.Number => IsFraction(value) ? "float" : "int",
        _ => "bool",
    };
}
