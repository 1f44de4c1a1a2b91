using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Contacts.Core;

/// <summary>
/// What customer relations know of a contact, as the <c>profile</c> column holds it: <c>{"company":"Acme","custom":{"role":"CEO"}}</c>, absent
/// parts left out. Parts that this server does not know are kept.
/// </summary>
/// <remarks>Unchanging: a change makes another one. Most contacts have none, and they share <see cref="Empty"/>.</remarks>
public sealed record ContactProfile
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Dictionary<string, string> None = [];

    /// <summary>No profile.</summary>
    public static ContactProfile Empty { get; } = new();

    /// <summary>Where a picture of the person is, or null.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>What people wrote down about the contact, or null.</summary>
    public string? Notes { get; init; }

    /// <summary>Where the contact came from, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The company's name, or null.</summary>
    public string? Company { get; init; }

    /// <summary>Street and number, or null.</summary>
    public string? Address { get; init; }

    /// <summary>The city, or null.</summary>
    public string? City { get; init; }

    /// <summary>The state or province, or null.</summary>
    public string? State { get; init; }

    /// <summary>The postal code, or null.</summary>
    public string? PostalCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2 in upper case, or null.</summary>
    public string? Country { get; init; }

    /// <summary>The contact's ids in other systems, by the system's name.</summary>
    public IReadOnlyDictionary<string, string> ExternalIds { get; init; } = None;

    /// <summary>Further values by key, each as its JSON.</summary>
    public IReadOnlyDictionary<string, string> CustomValues { get; init; } = None;

    private IReadOnlyDictionary<string, string> Unknown { get; init; } = None;

    /// <summary>Reads the column.</summary>
    /// <param name="utf8Json">A JSON object.</param>
    /// <exception cref="JsonException">It is not JSON, or not an object.</exception>
    public static ContactProfile Parse(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Span.SequenceEqual("{}"u8))
            return Empty;
        using var document = JsonDocument.Parse(utf8Json);
        var unknown = new Dictionary<string, string>(StringComparer.Ordinal);
        var profile = Empty;
        foreach (var part in document.RootElement.EnumerateObject())
            profile = profile.With(part, unknown);
        return unknown.Count == 0 ? profile : profile with { Unknown = unknown };
    }

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte})"/>
    /// <param name="json">A JSON object.</param>
    public static ContactProfile Parse(string json) => json == "{}" ? Empty : Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>Writes the column.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson()
    {
        if (ReferenceEquals(this, Empty))
            return "{}";
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            WriteText(json, "avatar", AvatarUrl);
            WriteText(json, "notes", Notes);
            WriteText(json, "source", Source);
            WriteText(json, "company", Company);
            WriteText(json, "address", Address);
            WriteText(json, "city", City);
            WriteText(json, "state", State);
            WriteText(json, "postal_code", PostalCode);
            WriteText(json, "country", Country);
            WriteIds(json);
            WriteValues(json);
            foreach (var (name, value) in Unknown)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>This profile, and another contact's attributes where this one has none; ids and further values key by key.</summary>
    /// <param name="other">The other contact's profile.</param>
    /// <returns>The profile: the same instance when there is nothing to fill.</returns>
    public ContactProfile FilledFrom(ContactProfile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var filled = this with
        {
            AvatarUrl = AvatarUrl ?? other.AvatarUrl,
            Notes = Notes ?? other.Notes,
            Source = Source ?? other.Source,
            Company = Company ?? other.Company,
            Address = Address ?? other.Address,
            City = City ?? other.City,
            State = State ?? other.State,
            PostalCode = PostalCode ?? other.PostalCode,
            Country = Country ?? other.Country,
            ExternalIds = Fill(ExternalIds, other.ExternalIds),
            CustomValues = Fill(CustomValues, other.CustomValues),
            Unknown = Fill(Unknown, other.Unknown),
        };
        return filled == this ? this : filled;
    }

    /// <summary>Writes the further values as one JSON object.</summary>
    /// <param name="json">Where to, right after the property's name.</param>
    public void WriteCustomValues(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (key, value) in CustomValues)
        {
            json.WritePropertyName(key);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <returns>The same instance when there is nothing to fill, so that records compare as they should.</returns>
    private static IReadOnlyDictionary<string, string> Fill(IReadOnlyDictionary<string, string> items, IReadOnlyDictionary<string, string> others)
    {
        if (others.Keys.All(items.ContainsKey))
            return items;
        var filled = new Dictionary<string, string>(items, StringComparer.Ordinal);
        foreach (var (key, value) in others)
            filled.TryAdd(key, value);
        return filled;
    }

    private ContactProfile With(JsonProperty part, Dictionary<string, string> unknown)
    {
        switch (part.Name)
        {
            case "avatar":
                return this with { AvatarUrl = part.Value.GetString() };
            case "notes":
                return this with { Notes = part.Value.GetString() };
            case "source":
                return this with { Source = part.Value.GetString() };
            case "company":
                return this with { Company = part.Value.GetString() };
            case "address":
                return this with { Address = part.Value.GetString() };
            case "city":
                return this with { City = part.Value.GetString() };
            case "state":
                return this with { State = part.Value.GetString() };
            case "postal_code":
                return this with { PostalCode = part.Value.GetString() };
            case "country":
                return this with { Country = part.Value.GetString() };
            case "external_ids":
                return this with { ExternalIds = Items(part.Value, value => value.GetString()!) };
            case "custom":
                return this with { CustomValues = Items(part.Value, value => value.GetRawText()) };
            default:
                unknown[part.Name] = part.Value.GetRawText();
                return this;
        }
    }

    private void WriteIds(Utf8JsonWriter json)
    {
        if (ExternalIds.Count == 0)
            return;
        json.WriteStartObject("external_ids");
        foreach (var (system, id) in ExternalIds)
            json.WriteString(system, id);
        json.WriteEndObject();
    }

    private void WriteValues(Utf8JsonWriter json)
    {
        if (CustomValues.Count == 0)
            return;
        json.WritePropertyName("custom");
        WriteCustomValues(json);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static Dictionary<string, string> Items(JsonElement items, Func<JsonElement, string> read) =>
        items.EnumerateObject().ToDictionary(item => item.Name, item => read(item.Value), StringComparer.Ordinal);
}
