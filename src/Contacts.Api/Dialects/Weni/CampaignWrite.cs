using System.Text.Json;
using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>The body of <c>POST campaigns.json</c>, its types known to be right.</summary>
/// <example><code>{"name":"Reminders","group":"5f05311e-8f81-4a67-a5b5-1501b6d6496a"}</code></example>
public sealed class CampaignWrite
{
    /// <summary>The name; null when it is absent or has a fault of type.</summary>
    public string? Name { get; private set; }

    /// <summary>The group's uuid or name; null when it is absent or has a fault of type.</summary>
    public string? Group { get; private set; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static CampaignWrite Read(JsonElement body, List<ValidationFailure> faults)
    {
        var attributes = JsonReading.Attributes(body);
        var reading = new JsonReading(faults);
        var write = new CampaignWrite();
        if (attributes.TryGetValue("name", out var name))
            write.Name = reading.Text(name, "name");
        else
            reading.Fault("name", Texts.Required);
        if (attributes.TryGetValue("group", out var group))
            write.Group = reading.Reference(group, "group");
        else
            reading.Fault("group", Texts.Required);
        return write;
    }
}

/// <summary>The shape of a campaign's attributes.</summary>
public sealed class CampaignWriteValidator : AbstractValidator<CampaignWrite>
{
    /// <summary>The rules.</summary>
    public CampaignWriteValidator() =>
        RuleFor(write => write.Name!).Cascade(CascadeMode.Stop)
            .Filled(Automation.MaxNameLength)
            .Must(Shapes.BeginsLikeAWord).WithMessage(Texts.NameCharacters)
            .OverridePropertyName("name")
            .When(write => write.Name is not null);
}
