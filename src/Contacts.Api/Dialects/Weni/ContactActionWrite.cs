using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>The body of <c>POST contact_actions.json</c>, its types known to be right.</summary>
/// <example><code>{"contacts":["559d4cf7-8ed3-43db-9bbb-2be85345f87e","tel:+250788123123"],"action":"add","group":"Testers"}</code></example>
public sealed class ContactActionWrite
{
    /// <summary>The actions, in the contract's order.</summary>
    public static readonly string[] Actions = ["add", "remove", "block", "unblock", "interrupt", "archive_messages", "delete", "archive"];

    /// <summary>Uuids or URNs of contacts; null when they are absent or have a fault of type.</summary>
    public List<string>? Contacts { get; private set; }

    /// <summary>The action; null when it is absent or unknown.</summary>
    public string? Action { get; private set; }

    /// <summary>The group's uuid or name; null when there is none.</summary>
    public string? Group { get; private set; }

    /// <summary>Whether the action is about a group.</summary>
    public bool WantsGroup => Action is "add" or "remove";

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static ContactActionWrite Read(JsonElement body, List<ValidationFailure> faults)
    {
        var attributes = JsonReading.Attributes(body);
        var reading = new JsonReading(faults);
        var write = new ContactActionWrite();
        if (attributes.TryGetValue("contacts", out var contacts))
            write.Contacts = reading.References(contacts, "contacts");
        else
            reading.Fault("contacts", Texts.Required);
        if (!attributes.TryGetValue("action", out var action))
            reading.Fault("action", Texts.Required);
        else if (action.ValueKind == JsonValueKind.Null)
            reading.Fault("action", Texts.Null);
        else
            write.Action = reading.Choice(action, "action", Actions);
        if (attributes.TryGetValue("group", out var group) && group.ValueKind != JsonValueKind.Null)
            write.Group = reading.Reference(group, "group");
        return write;
    }
}

/// <summary>The shape of an action on contacts.</summary>
internal sealed class ContactActionWriteValidator : AbstractValidator<ContactActionWrite>
{
    /// <summary>The rules.</summary>
    public ContactActionWriteValidator() =>
        RuleFor(write => write.Contacts!)
            .Must(contacts => contacts.Count > 0).WithMessage(Texts.NoContacts)
            .OverridePropertyName("contacts")
            .When(write => write.Contacts is not null);
}
