using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Core;

namespace Contacts.Calls;

/// <summary>Writes as JSON what a call was understood to want of contacts, and what changed.</summary>
/// <param name="names">The names of fields and groups.</param>
internal sealed class ChangeText(ShownNames names)
{
    // A value is shown, not kept: its beginning is enough.
    private const int MaxText = 1_000;
    private const int MaxItems = 100;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What was asked of contacts and was done: a JSON array, or null when nothing was.</summary>
    /// <param name="journal">The call's journal.</param>
    public string? Understood(ChangeJournal journal) => journal.Asked.Count == 0 ? null : Text(json =>
    {
        foreach (var change in journal.Asked)
            Write(json, change);
    });

    /// <summary>What changed: a JSON array of objects with their attributes, or null when nothing did.</summary>
    /// <param name="journal">The call's journal.</param>
    public string? Changes(ChangeJournal journal) => journal.Steps.Count == 0 && journal.Objects.Count == 0 ? null : Text(json =>
    {
        foreach (var step in journal.Steps)
        {
            var effect = step.Before is null ? ContactEffect.Created : step.After.IsDeleted ? ContactEffect.Deleted : ContactEffect.Updated;
            Write(json, "contact", step.After.Id.ToString(), effect, ContactSteps.Of(step, names));
        }

        // Of other objects, a webhook's URL alone may have a key in it.
        foreach (var (kind, id, effect, attributes) in journal.Objects)
            Write(json, kind, id, effect, attributes.Select(step => new AttributeStep(step.Name, Shown(step.Before), Shown(step.After))));
    });

    private static object? Shown(object? value) => value is string text ? Masks.Address(text) : value;

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }

        return FieldText.Storable(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, string? kind, string id, ContactEffect effect, IEnumerable<AttributeStep> attributes)
    {
        json.WriteStartObject();
        json.WriteString("object", kind);
        json.WriteString("id", id);
        json.WriteString("effect", NameOf(effect));
        json.WriteStartObject("attributes");
        foreach (var (name, before, after) in attributes)
        {
            json.WriteStartObject(name);
            Write(json, "before", before);
            Write(json, "after", after);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>What a change names, in the book's own words; what it leaves alone is left out.</summary>
    private void Write(Utf8JsonWriter json, ContactChange change)
    {
        json.WriteStartObject();
        json.WriteString("do", change switch
        {
            { Delete: true } => "delete",
            { Merge: not null } => "merge",
            { Id: not null } => "update",
            { Urn: not null } => "update or create",
            _ => "create",
        });
        WriteGiven(json, "contact", change.Id);
        WriteGiven(json, "urn", change.Urn is { } urn ? names.Urn(urn) : null);
        WriteGiven(json, "merge", change.Merge);
        if (change.Name.IsGiven)
            Write(json, "name", change.Name.Value);
        if (change.Language.IsGiven)
            Write(json, "language", change.Language.Value);
        WriteGiven(json, "status", change.Status);
        WriteGiven(json, "urns", change.Urns?.Select(names.Urn));
        if (change.AddUrns.Count > 0)
            Write(json, "add_urns", change.AddUrns.Select(names.Urn));
        foreach (var (scheme, replacing) in change.Replace)
            Write(json, "urns." + scheme, replacing is { } wanted ? names.Urn(wanted) : null);
        WriteGiven(json, "groups", change.Groups?.Select(named => named.Group.Name));
        if (change.AddGroups.Count > 0)
            Write(json, "add_to_groups", change.AddGroups.Select(named => named.Group.Name));
        WriteGiven(json, "add_to_group", change.AddTo?.Group.Name);
        WriteGiven(json, "remove_from_group", change.RemoveFrom?.Name);
        foreach (var (id, value) in change.Fields ?? new Dictionary<Guid, FieldValue?>())
            Write(json, "fields." + names.Field(id), value?.Text);
        WriteGiven(json, "tags", change.Tags);
        WriteGiven(json, "add_tags", change.AddTags);
        WriteGiven(json, "remove_tags", change.RemoveTags);
        if (change.StageId.IsGiven)
            Write(json, "stage", change.StageId.Value);
        if (change.Profile is { } profile)
            Write(json, profile);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProfileChange profile)
    {
        WriteText(json, "avatar_url", profile.AvatarUrl);
        WriteText(json, "notes", profile.Notes);
        WriteText(json, "source", profile.Source);
        WriteText(json, "company", profile.Company);
        WriteText(json, "address", profile.Address);
        WriteText(json, "city", profile.City);
        WriteText(json, "state", profile.State);
        WriteText(json, "postal_code", profile.PostalCode);
        WriteText(json, "country", profile.Country);
        WriteItems(json, "external_ids", profile.ExternalIds);
        WriteItems(json, "custom_values", profile.CustomValues);
    }

    private static void WriteText(Utf8JsonWriter json, string name, Optional<string?> text)
    {
        if (text.IsGiven)
            Write(json, name, text.Value);
    }

    private static void WriteItems(Utf8JsonWriter json, string name, Optional<IReadOnlyDictionary<string, string?>?> items)
    {
        if (!items.IsGiven)
            return;
        if (items.Value is null)
            json.WriteNull(name);
        foreach (var (key, value) in items.Value ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            Write(json, $"{name}.{key}", value);
    }

    private static void WriteGiven(Utf8JsonWriter json, string name, object? value)
    {
        if (value is not null)
            Write(json, name, value);
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case Enum choice:
                json.WriteStringValue(NameOf(choice));
                break;
            case DateTime time:
                json.WriteStringValue(time);
                break;
            case IEnumerable<string> texts:
                json.WriteStartArray();
                foreach (var text in texts.Take(MaxItems))
                    json.WriteStringValue(Cut(text));
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
                break;
        }
    }

    private static string NameOf(Enum choice) => JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString());

    private static ReadOnlySpan<char> Cut(string text) => text.Length <= MaxText ? text : text.AsSpan(0, MaxText);
}
