using System.Text.Json;
using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>The body of <c>POST</c> and <c>PATCH contacts/v1</c>, its types known to be right.</summary>
/// <example>
/// <code>
/// {"phone_number":"+5215512345678","name":"Juan Pérez","email":"juan@email.com","tags":["cliente","premium"],
///  "custom_fields":{"role":"CEO","contract_value":50000},"external_ids":{"hubspot":"abc123"},"source":"api","country":"MX"}
/// </code>
/// </example>
public sealed class ContactWrite
{
    /// <summary>Whether a contact is made: only then must there be a phone number.</summary>
    public bool IsNew { get; private init; }

    /// <summary>The phone number.</summary>
    public Optional<string?> PhoneNumber { get; private init; }

    /// <summary>The full name; null clears it.</summary>
    public Optional<string?> Name { get; private init; }

    /// <summary>The e-mail address; null removes it.</summary>
    public Optional<string?> Email { get; private init; }

    /// <summary>The address of a picture; null clears it.</summary>
    public Optional<string?> AvatarUrl { get; private init; }

    /// <summary>Notes; null clears them.</summary>
    public Optional<string?> Notes { get; private init; }

    /// <summary>Where the contact came from; null clears it.</summary>
    public Optional<string?> Source { get; private init; }

    /// <summary>The company's name; null clears it.</summary>
    public Optional<string?> Company { get; private init; }

    /// <summary>Street and number; null clears them.</summary>
    public Optional<string?> Address { get; private init; }

    /// <summary>The city; null clears it.</summary>
    public Optional<string?> City { get; private init; }

    /// <summary>The state or province; null clears it.</summary>
    public Optional<string?> State { get; private init; }

    /// <summary>The postal code; null clears it.</summary>
    public Optional<string?> PostalCode { get; private init; }

    /// <summary>The country; null clears it.</summary>
    public Optional<string?> Country { get; private init; }

    /// <summary>The stage of the funnel; null takes the contact out of it.</summary>
    public Optional<Guid?> FunnelStageId { get; private init; }

    /// <summary>All tags; null when the attribute is absent.</summary>
    public IReadOnlyList<string>? Tags { get; private init; }

    /// <summary>Tags to add; null when the attribute is absent.</summary>
    public IReadOnlyList<string>? AddTags { get; private init; }

    /// <summary>Tags to take away; null when the attribute is absent.</summary>
    public IReadOnlyList<string>? RemoveTags { get; private init; }

    /// <summary>Ids by system.</summary>
    public Optional<IReadOnlyDictionary<string, string?>?> ExternalIds { get; private init; }

    /// <summary>Values as JSON, by key.</summary>
    public Optional<IReadOnlyDictionary<string, string?>?> CustomFields { get; private init; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="isNew">Whether a contact is made.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static ContactWrite Read(JsonElement body, bool isNew, List<ValidationFailure> faults)
    {
        var reading = new JsonReading(body, faults);
        return new ContactWrite
        {
            IsNew = isNew,
            PhoneNumber = reading.Text("phone_number"),
            Name = reading.Text("name"),
            Email = reading.Text("email"),
            AvatarUrl = reading.Text("avatar_url"),
            Notes = reading.Text("notes"),
            Source = reading.Text("source"),
            Company = reading.Text("company"),
            Address = reading.Text("address"),
            City = reading.Text("city"),
            State = reading.Text("state"),
            PostalCode = reading.Text("postal_code"),
            Country = reading.Text("country"),
            FunnelStageId = reading.Uuid("funnel_stage_id"),
            Tags = reading.Words("tags"),
            AddTags = reading.Words("add_tags"),
            RemoveTags = reading.Words("remove_tags"),
            ExternalIds = reading.Items("external_ids", JsonReading.TextOf, Texts.NotText),
            CustomFields = reading.Items("custom_fields", JsonReading.JsonOf, Texts.NotStorable),
        };
    }
}

/// <summary>The shape of a contact's attributes. Where the page is silent about a length, the limit is ours.</summary>
public sealed class ContactWriteValidator : AbstractValidator<ContactWrite>
{
    /// <summary>The longest tag, and the longest key of a custom field or external id, in characters.</summary>
    public const int MaxWord = 100;

    /// <summary>The longest text of a custom field's JSON, in characters.</summary>
    public const int MaxValue = 10_000;

    private const int MaxName = 100;
    private const int MaxLine = 255;
    private const int MaxNotes = 10_000;
    private const int MaxUrl = 2000;
    private const int MaxCode = 50;

    /// <summary>The rules.</summary>
    public ContactWriteValidator()
    {
        RuleFor(write => write.PhoneNumber).Cascade(CascadeMode.Stop)
            .Must((write, phone) => phone.Value is not null || (!phone.IsGiven && !write.IsNew)).WithMessage(Texts.NoPhone)
            .Must(phone => phone.Value is null || Shapes.PhoneOf(phone.Value) is not null).WithMessage(Texts.Phone)
            .OverridePropertyName("phone_number");
        RuleFor(write => write.Email).Must(email => email.Value is null || Shapes.EmailOf(email.Value) is not null)
            .WithMessage(Texts.Email).OverridePropertyName("email");
        RuleFor(write => write.AvatarUrl).Must(url => url.Value is null || Shapes.IsUrl(url.Value))
            .WithMessage(Texts.Url).OverridePropertyName("avatar_url");
        RuleFor(write => write.Country).Must(country => country.Value is null || WorkspaceChangesValidator.IsCountry(country.Value))
            .WithMessage(Texts.Country).OverridePropertyName("country");
        RuleFor(write => write.Name).AtMost("name", MaxName);
        RuleFor(write => write.AvatarUrl).AtMost("avatar_url", MaxUrl);
        RuleFor(write => write.Notes).AtMost("notes", MaxNotes);
        RuleFor(write => write.Source).AtMost("source", MaxCode);
        RuleFor(write => write.Company).AtMost("company", MaxLine);
        RuleFor(write => write.Address).AtMost("address", MaxLine);
        RuleFor(write => write.City).AtMost("city", MaxLine);
        RuleFor(write => write.State).AtMost("state", MaxLine);
        RuleFor(write => write.PostalCode).AtMost("postal_code", MaxCode);
        RuleForWords(write => write.Tags, "tags");
        RuleForWords(write => write.AddTags, "add_tags");
        RuleForWords(write => write.RemoveTags, "remove_tags");
        RuleForItems(write => write.ExternalIds.Value, "external_ids", MaxLine);
        RuleForItems(write => write.CustomFields.Value, "custom_fields", MaxValue);
    }

    private void RuleForWords(System.Linq.Expressions.Expression<Func<ContactWrite, IReadOnlyList<string>?>> words, string name) =>
        RuleFor(words).Cascade(CascadeMode.Stop)
            .Must(list => list is not { Count: > Contact.MaxTags }).WithMessage(Texts.TooMany(Contact.MaxTags))
            .Must(list => list is null || list.All(word => Shapes.Length(word) <= MaxWord)).WithMessage(Texts.TooLong(MaxWord))
            .OverridePropertyName(name);

    private void RuleForItems(
        System.Linq.Expressions.Expression<Func<ContactWrite, IReadOnlyDictionary<string, string?>?>> items, string name, int longest) =>
        RuleFor(items).Cascade(CascadeMode.Stop)
            .Must(all => all is not { Count: > ProfileChange.MaxItems }).WithMessage(Texts.TooMany(ProfileChange.MaxItems))
            .Must(all => all is null || all.Keys.All(key => Shapes.Length(key) <= MaxWord)).WithMessage(Texts.TooLong(MaxWord))
            .Must(all => all is null || all.Keys.All(key => StorableText.Is(key))).WithMessage(Texts.NotStorable)
            .Must(all => all is null || all.Values.All(value => value is null || Shapes.Length(value) <= longest)).WithMessage(Texts.TooLong(longest))
            .OverridePropertyName(name);
}
