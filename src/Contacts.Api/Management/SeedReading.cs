using System.Text.Json;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Management;

/// <summary>Reads a seed from its JSON document. All faults of shape are told, each with its place: <c>contacts[3].urns</c>.</summary>
/// <param name="settings">The shape of the workspace's settings.</param>
/// <param name="automations">The shape of flows, campaigns and triggers.</param>
public sealed class SeedReading(IValidator<WorkspaceChanges> settings, IValidator<AutomationWrite> automations)
{
    private const int MaxContactName = 100;
    private const int MaxTagLength = 255;

    /// <summary>Reads a document and checks it as a whole.</summary>
    /// <param name="document">The JSON document.</param>
    /// <param name="workspace">The workspace that it is for.</param>
    /// <returns>The seed, and what is wrong with it: with any fault it is not to be planted.</returns>
    public (Seed Seed, IReadOnlyList<ValidationFailure> Faults) Read(JsonElement document, Workspace workspace)
    {
        var faults = new List<ValidationFailure>();
        var body = new Body(document);
        var seed = new Seed
        {
            Settings = Settings(body, faults),
            Fields = Items(body, "fields", faults, Field),
            Stages = Items(body, "stages", faults, Stage),
            Groups = Groups(body, faults),
            Contacts = Items(body, "contacts", faults, Contact),
            Automations =
            [
                .. Automations(body, "flows", AutomationKind.Flow, faults),
                .. Automations(body, "campaigns", AutomationKind.Campaign, faults),
                .. Automations(body, "triggers", AutomationKind.Trigger, faults),
            ],
        };
        faults.AddRange(body.Faults());

        // What has a fault already is not told of again.
        faults.AddRange(SeedService.Check(seed, workspace).Where(fault => !faults.Exists(told => told.PropertyName == fault.PropertyName)));
        return (seed, faults);
    }

    private WorkspaceChanges Settings(Body body, List<ValidationFailure> faults)
    {
        if (body.Value("workspace") is not { } value)
            return new WorkspaceChanges();
        var reading = new Body(value);
        var changes = WorkspaceController.ChangesOf(reading);
        var told = reading.Faults().Concat(settings.Validate(changes).Errors).ToList();
        Tell(faults, "workspace", told);
        return told.Count == 0 ? changes : new WorkspaceChanges();
    }

    private IEnumerable<SeedAutomation> Automations(Body body, string list, AutomationKind kind, List<ValidationFailure> faults)
    {
        foreach (var (index, item) in body.Values(list).Index())
        {
            var told = new List<ValidationFailure>();
            var write = AutomationWrite.Read(kind, item, told);
            told.AddRange(automations.Validate(write).Errors);
            Tell(faults, $"{list}[{index}]", told);
            yield return new SeedAutomation(kind, write.Type ?? string.Empty, write.Name ?? string.Empty, write.Groups, $"{list}[{index}]");
        }
    }

    private static SeedField Field(Body body, List<ValidationFailure> faults)
    {
        var label = body.RequiredText("label") ?? string.Empty;
        if (label.Length is 0 or > Core.Field.MaxLabelLength || !label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '_'))
            faults.Add(new ValidationFailure("label", $"Must have 1 to {Core.Field.MaxLabelLength} letters from a to z, digits, spaces, '-' or '_'."));
        return new SeedField(label, body.Choice<FieldType>("type").Or(FieldType.Text));
    }

    private static SeedStage Stage(Body body, List<ValidationFailure> faults)
    {
        var stage = new SeedStage(body.RequiredText("name") ?? string.Empty, body.Text("color").Or(Core.Stage.DefaultColor));
        Name(faults, "name", stage.Name, Core.Stage.MaxNameLength);
        if (stage.Color is not ['#', .. { Length: 6 } digits] || !digits.All(char.IsAsciiHexDigit))
            faults.Add(new ValidationFailure("color", "Must be a colour, such as #6366f1."));
        return stage;
    }

    private static List<string> Groups(Body body, List<ValidationFailure> faults)
    {
        var names = body.Texts("groups").Value ?? [];
        foreach (var (index, name) in names.Index())
            Name(faults, $"groups[{index}]", name, Group.MaxNameLength);
        return [.. names];
    }

    private static SeedContact Contact(Body body, List<ValidationFailure> faults)
    {
        var contact = new SeedContact
        {
            Name = body.NullableText("name").Value,
            Language = body.NullableText("language").Value,
            Urns = body.Texts("urns").Value ?? [],
            Groups = body.Texts("groups").Value ?? [],
            Fields = body.TextsByKey("fields"),
            Tags = body.Texts("tags").Value ?? [],
            Stage = body.NullableText("stage").Value,
            Status = body.Choice<ContactStatus>("status").Or(ContactStatus.Active),
        };
        if (contact.Name is { } name)
            Name(faults, "name", name, MaxContactName);
        if (contact.Language is { } language && !Language.IsIso639_3(language))
            faults.Add(new ValidationFailure("language", "Must be a language of ISO 639-3, such as por."));
        if (contact.Urns.Count > Core.Contact.MaxUrns)
            faults.Add(new ValidationFailure("urns", $"May have at most {Core.Contact.MaxUrns} items."));
        if (contact.Tags.Count > Core.Contact.MaxTags || contact.Tags.Any(tag => tag.Length is 0 or > MaxTagLength || !StorableText.Is(tag)))
            faults.Add(new ValidationFailure("tags", $"May have at most {Core.Contact.MaxTags} items of 1 to {MaxTagLength} characters."));
        return contact with { Tags = [.. contact.Tags.Distinct(StringComparer.Ordinal)] };
    }

    private static List<T> Items<T>(Body body, string list, List<ValidationFailure> faults, Func<Body, List<ValidationFailure>, T> read)
    {
        var items = new List<T>();
        foreach (var (index, item) in body.Values(list).Index())
        {
            var (reading, told) = (new Body(item), new List<ValidationFailure>());
            items.Add(read(reading, told));

            // A fault of type is told in place of what follows from it.
            List<ValidationFailure> first = [.. reading.Faults()];
            Tell(faults, $"{list}[{index}]", first.Concat(told.Where(fault => !first.Exists(other => other.PropertyName == fault.PropertyName))));
        }

        return items;
    }

    private static void Name(List<ValidationFailure> faults, string place, string text, int longest)
    {
        if (text.Length is 0 || text.Length > longest || !StorableText.Is(text) || text.Any(char.IsControl))
            faults.Add(new ValidationFailure(place, $"Must have 1 to {longest} characters, none of them a control character."));
    }

    private static void Tell(List<ValidationFailure> faults, string place, IEnumerable<ValidationFailure> told) =>
        faults.AddRange(told.Select(fault => new ValidationFailure(fault.PropertyName == "body" ? place : $"{place}.{fault.PropertyName}", fault.ErrorMessage)));
}
