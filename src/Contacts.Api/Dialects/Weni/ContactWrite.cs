using System.Text.Json;
using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>The body of <c>POST contacts.json</c>, its types known to be right.</summary>
/// <example>
/// <code>
/// {"name":"John Cordeiro","language":"por","urns":["tel:+558299331122","ext:123456"],
///  "groups":["6685e933-26e1-4363-a468-8f7268ab63a9"],"fields":{"nickname":"Macklemore"}}
/// </code>
/// </example>
public sealed class ContactWrite
{
    /// <summary>The full name; null clears it.</summary>
    public Optional<string?> Name { get; private set; }

    /// <summary>ISO 639-3; null clears it.</summary>
    public Optional<string?> Language { get; private set; }

    /// <summary>The URNs as they were written, an item with a fault being null; null when the attribute is absent.</summary>
    public List<string?>? Urns { get; private set; }

    /// <summary>Uuids or names of groups; null when the attribute is absent.</summary>
    public List<string>? Groups { get; private set; }

    /// <summary>Values by the field's key; null when the attribute is absent.</summary>
    public Dictionary<string, string?>? Fields { get; private set; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static ContactWrite Read(JsonElement body, List<ValidationFailure> faults)
    {
        var attributes = JsonReading.Attributes(body);
        var reading = new JsonReading(faults);
        var write = new ContactWrite();
        if (attributes.TryGetValue("name", out var name))
            write.Name = reading.NullableText(name, "name");
        if (attributes.TryGetValue("language", out var language))
            write.Language = reading.NullableText(language, "language");
        if (attributes.TryGetValue("urns", out var urns))
            write.Urns = reading.Items(urns, "urns")?.Select((urn, index) => reading.Text(urn, $"urns[{index}]")).ToList();
        if (attributes.TryGetValue("groups", out var groups))
            write.Groups = reading.References(groups, "groups");
        if (attributes.TryGetValue("fields", out var fields))
            write.Fields = ReadFields(reading, fields);
        return write;
    }

    private static Dictionary<string, string?>? ReadFields(JsonReading reading, JsonElement value)
    {
        if (reading.Dictionary(value, "fields") is not { } items)
            return null;
        var fields = new Dictionary<string, string?>(items.Count, StringComparer.Ordinal);
        foreach (var (key, item) in items)
        {
            var read = reading.NullableText(item, $"fields[{key}]");
            if (read.IsGiven)
                fields[key] = read.Value;
        }

        return fields;
    }
}

/// <summary>The shape of a contact's attributes.</summary>
public sealed class ContactWriteValidator : AbstractValidator<ContactWrite>
{
    private const int MaxNameLength = 100;
    private const int LanguageLength = 3;

    /// <summary>The rules.</summary>
    public ContactWriteValidator()
    {
        RuleFor(write => write.Name.Value!)
            .Must(name => name.Length > 0).WithMessage(Texts.NameEmpty)
            .Must(name => Shapes.Length(name) <= MaxNameLength).WithMessage(Texts.NameTooLong)
            .WithoutNul()
            .OverridePropertyName("name")
            .When(write => write.Name.Value is not null);
        RuleFor(write => write.Language.Value!).Cascade(CascadeMode.Stop)
            .Must(language => language.Length > 0).WithMessage(Texts.Blank)
            .Must(language => Shapes.Length(language) >= LanguageLength).WithMessage(Texts.TooShort(LanguageLength))
            .Must(language => Shapes.Length(language) <= LanguageLength).WithMessage(Texts.TooLong(LanguageLength))
            .WithoutNul()
            .Must(Core.Language.IsIso639_3).WithMessage(Texts.NotLanguage)
            .OverridePropertyName("language")
            .When(write => write.Language.Value is not null);
        RuleForEach(write => write.Urns).Cascade(CascadeMode.Stop)
            .Must(urn => urn is null or { Length: > 0 }).WithMessage(Texts.Blank)
            .Must(urn => urn is null || Shapes.Length(urn) <= Contacts.Urns.Urn.MaxLength).WithMessage(Texts.TooLong(Contacts.Urns.Urn.MaxLength))
            .Must(urn => urn is null || !urn.Contains('\0')).WithMessage(Texts.NulCharacter)
            .OverridePropertyName("urns")
            .When(write => write.Urns is not null);
        RuleForEach(write => write.Fields).OverrideIndexer((_, _, pair, _) => $"[{pair.Key}]")
            .Must(pair => pair.Value?.Contains('\0') != true).WithMessage(Texts.NulCharacter)
            .OverridePropertyName("fields")
            .When(write => write.Fields is not null);
    }
}
