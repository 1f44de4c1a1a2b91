using System.Globalization;
using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.Management;

/// <summary>
/// A JSON object on its way to typed attributes. Faults of type, missing attributes and attributes that nobody asked for are told here, all of them;
/// an attribute with a fault counts as absent, so that it is told of once.
/// </summary>
internal sealed class Body
{
    private const string NotText = "Must be a text.";
    private const string NotNumber = "Must be a whole number.";

    private readonly Dictionary<string, JsonElement> _attributes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<ValidationFailure> _faults = [];

    /// <summary>Takes a body apart.</summary>
    /// <param name="body">The JSON value.</param>
    public Body(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            Fault("body", "Must be one JSON object.");
            return;
        }

        foreach (var property in body.EnumerateObject())
            _attributes[NameOf(property)] = property.Value;
    }

    /// <summary>A text, trimmed.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<string> Text(string name) => Read(name, NotText, value => Told(TextOf(value)?.Trim()));

    /// <summary>A text, trimmed, that must be there.</summary>
    /// <param name="name">The attribute.</param>
    /// <returns>The text; null when a fault was told.</returns>
    public string? RequiredText(string name)
    {
        if (!_attributes.ContainsKey(name))
            Fault(name, "Is required.");
        return Text(name).Value;
    }

    /// <summary>A uuid that must be there.</summary>
    /// <param name="name">The attribute.</param>
    /// <returns>The uuid; null when a fault was told.</returns>
    public Guid? RequiredUuid(string name)
    {
        if (RequiredText(name) is not { } text)
            return null;
        if (Guid.TryParseExact(text, "D", out var uuid))
            return uuid;
        Fault(name, "Must be a uuid.");
        return null;
    }

    /// <summary>A uuid.</summary>
    /// <param name="name">The attribute.</param>
    /// <returns>The uuid; null when it is absent, or a fault was told.</returns>
    public Guid? Uuid(string name) => Read(
        name, "Must be a uuid.", value => Guid.TryParseExact(TextOf(value), "D", out var uuid) ? uuid : default(Optional<Guid>)) is { IsGiven: true, Value: var given } ? given : null;

    /// <summary>A text, trimmed, or null.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<string?> NullableText(string name) => IsNull(name) ? new Optional<string?>(null) : Nullable(Text(name));

    /// <summary>A truth value.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<bool> Flag(string name) => Read(name, "Must be true or false.", value => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => default(Optional<bool>),
    });

    /// <summary>A whole number.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<int> Number(string name) => Read(
        name, NotNumber, value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : default(Optional<int>));

    /// <summary>A whole number, or null.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<int?> NullableNumber(string name)
    {
        if (IsNull(name))
            return new Optional<int?>(null);
        var number = Number(name);
        return number.IsGiven ? number.Value : default(Optional<int?>);
    }

    /// <summary>One of several names.</summary>
    /// <typeparam name="T">What they stand for.</typeparam>
    /// <param name="name">The attribute.</param>
    public Optional<T> Choice<T>(string name)
        where T : struct, Enum =>
        Read(name, $"Must be one of: {Choices<T>.Names}.", value => Choices<T>.TryParse(TextOf(value), out var choice) ? choice : default(Optional<T>));

    /// <summary>A time; without an offset it is UTC.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<DateTime> Time(string name) => Read(name, "Must be a time, such as 2026-01-31T10:00:00Z.", value =>
        DateTimeOffset.TryParse(TextOf(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : default(Optional<DateTime>));

    /// <summary>A list of texts, each trimmed.</summary>
    /// <param name="name">The attribute.</param>
    public Optional<IReadOnlyList<string>> Texts(string name) => Read(name, "Must be a list of texts.", value =>
    {
        if (value.ValueKind != JsonValueKind.Array)
            return default;
        var texts = value.EnumerateArray().Select(TextOf).ToList();
        return texts.Contains(null) ? default : new Optional<IReadOnlyList<string>>([.. texts.Select(text => text!.Trim())]);
    });

    /// <summary>A value to be taken apart by another reading; null when the attribute is absent.</summary>
    /// <param name="name">The attribute.</param>
    public JsonElement? Value(string name)
    {
        _known.Add(name);
        return _attributes.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>A list whose items are taken apart by other readings.</summary>
    /// <param name="name">The attribute.</param>
    public IReadOnlyList<JsonElement> Values(string name) => Read(name, "Must be a list.", value =>
        value.ValueKind == JsonValueKind.Array ? new Optional<IReadOnlyList<JsonElement>>([.. value.EnumerateArray()]) : default).Value ?? [];

    /// <summary>An object whose values are texts, or numbers and truth values as texts; nulls are left out.</summary>
    /// <param name="name">The attribute.</param>
    public IReadOnlyDictionary<string, string> TextsByKey(string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        return Read(name, "Must be an object of texts.", value =>
        {
            if (value.ValueKind != JsonValueKind.Object)
                return default;
            foreach (var item in value.EnumerateObject().Where(item => item.Value.ValueKind != JsonValueKind.Null))
            {
                var isPlain = item.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
                if ((isPlain ? item.Value.GetRawText() : TextOf(item.Value)) is not { } text)
                    return default;
                texts[NameOf(item)] = text;
            }

            return new Optional<IReadOnlyDictionary<string, string>>(texts);
        }).Value ?? texts;
    }

    /// <summary>All faults, when everything wanted has been read: what is left over was meant for something, so it is a fault as well.</summary>
    public IEnumerable<ValidationFailure> Faults() =>
        _faults.Concat(_attributes.Keys.Where(name => !_known.Contains(name)).Select(name => new ValidationFailure(name, "There is no such attribute.")));

    private Optional<T> Read<T>(string name, string fault, Func<JsonElement, Optional<T>> read)
    {
        _known.Add(name);
        if (!_attributes.TryGetValue(name, out var value))
            return default;
        var result = read(value);
        if (!result.IsGiven)
            Fault(name, fault);
        return result;
    }

    private bool IsNull(string name)
    {
        _known.Add(name);
        return _attributes.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Null;
    }

    private void Fault(string name, string text) => _faults.Add(new ValidationFailure(name, text));

    private static Optional<string> Told(string? text) => text is null ? default : new Optional<string>(text);

    private static Optional<string?> Nullable(Optional<string> text) => text.IsGiven ? new Optional<string?>(text.Value) : default;

    /// <summary>A string's text; null when it is another type, or half a surrogate pair, or no UTF-8.</summary>
    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }
}
