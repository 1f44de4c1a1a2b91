using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>Reads a contact's body from JSON to the change it asks for, all faults told: for one contact and for many.</summary>
/// <param name="stages">The workspaces' stages.</param>
/// <param name="validator">The shape of a body.</param>
public sealed class ContactBodies(StageService stages, IValidator<ContactWrite> validator)
{
    private const string DefaultSource = "api";
    private const string DefaultCountry = "MX";

    /// <summary>Reads a body.</summary>
    /// <param name="caller">Who sends it.</param>
    /// <param name="body">The JSON object.</param>
    /// <param name="id">The contact to change; null to make one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The change, or the fault that refuses the body.</returns>
    internal async Task<(ContactChange? Change, Fault? Fault)> ReadAsync(Caller caller, JsonElement body, Guid? id, CancellationToken cancellation)
    {
        var faults = new List<ValidationFailure>();
        var write = ContactWrite.Read(body, id is null, faults);
        faults.AddRange(validator.Validate(write).Errors.Where(fault => !faults.Exists(told => told.PropertyName == fault.PropertyName)));
        if (write.FunnelStageId.Value is { } stage && !(await stages.FindAsync(caller.Workspace, [stage], cancellation)).ContainsKey(stage))
            faults.Add(new ValidationFailure("funnel_stage_id", Texts.NoStage));
        if (id is not null && caller.Workspace.IsAnonymous)
        {
            if (write.PhoneNumber.IsGiven)
                faults.Add(new ValidationFailure("phone_number", Texts.Anonymous));
            if (write.Email.IsGiven)
                faults.Add(new ValidationFailure("email", Texts.Anonymous));
        }

        if (faults.Count > 0)
            return (null, Errors.Invalid(faults));
        var change = ChangeOf(write) with { Id = id, By = caller.Token.Name };
        return (id is null ? Creating(change, write) : Changing(change, write), null);
    }

    private static ContactChange ChangeOf(ContactWrite write) => new()
    {
        Name = write.Name,
        Tags = write.Tags,
        AddTags = write.AddTags,
        RemoveTags = write.RemoveTags,
        StageId = write.FunnelStageId,
        Profile = new ProfileChange
        {
            AvatarUrl = write.AvatarUrl,
            Notes = write.Notes,
            Source = write.Source,
            Company = write.Company,
            Address = write.Address,
            City = write.City,
            State = write.State,
            PostalCode = write.PostalCode,
            Country = write.Country.IsGiven ? new Optional<string?>(write.Country.Value?.ToUpperInvariant()) : default,
            ExternalIds = write.ExternalIds,
            CustomValues = write.CustomFields,
        },
    };

    private static ContactChange Creating(ContactChange change, ContactWrite write) => change with
    {
        MustBeNew = true,
        Urns = write.Email.Value is { } email
            ? [Shapes.PhoneOf(write.PhoneNumber.Value!)!.Value, Shapes.EmailOf(email)!.Value]
            : [Shapes.PhoneOf(write.PhoneNumber.Value!)!.Value],
        Profile = change.Profile! with { Source = change.Profile.Source.Value ?? DefaultSource, Country = change.Profile.Country.Value ?? DefaultCountry },
    };

    private static ContactChange Changing(ContactChange change, ContactWrite write)
    {
        var replacements = new List<UrnReplacement>(2);
        if (write.PhoneNumber.Value is { } phone)
            replacements.Add(new UrnReplacement("tel", Shapes.PhoneOf(phone)));
        if (write.Email.IsGiven)
            replacements.Add(new UrnReplacement("mailto", write.Email.Value is { } email ? Shapes.EmailOf(email) : null));
        return change with { Replace = replacements };
    }
}
