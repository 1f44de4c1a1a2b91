using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.TestBench;

/// <summary>Finds what is wrong within a seed: what is there twice, or named and not there. All of it is told, each with its place in the document.</summary>
/// <param name="seed">The seed, its shape known to be right but for what was told of already.</param>
/// <param name="workspace">The workspace that it is for.</param>
internal sealed class SeedCheck(Seed seed, Workspace workspace)
{
    private const string Twice = "Is there twice.";

    private readonly List<ValidationFailure> _faults = [];

    /// <summary>All faults.</summary>
    public IReadOnlyList<ValidationFailure> Run()
    {
        var keys = Fields();
        var groups = Groups();
        var stages = Names(seed.Stages, stage => stage.Name, index => $"stages[{index}].name");
        if (seed.Stages.Count > Stage.MaxCount)
            Fault("stages", $"May have at most {Stage.MaxCount} items.");
        Contacts(keys, groups, stages);
        Automations(groups);
        return _faults;
    }

    private HashSet<string> Fields()
    {
        Limit("fields", seed.Fields.Count, seed.Settings.FieldLimit.Or(workspace.FieldLimit));
        foreach (var (index, field) in seed.Fields.Index())
        {
            if (!FieldService.MakesKey(field.Label))
                Fault($"fields[{index}].label", $"Makes the key \"{FieldService.KeyOf(field.Label)}\", which no field may have.");
        }

        return Names(seed.Fields, field => FieldService.KeyOf(field.Label), index => $"fields[{index}].label");
    }

    private HashSet<string> Groups()
    {
        Limit("groups", seed.Groups.Count, seed.Settings.GroupLimit.Or(workspace.GroupLimit));
        return Names(seed.Groups, NameKey.Of, index => $"groups[{index}]");
    }

    private void Contacts(HashSet<string> keys, HashSet<string> groups, HashSet<string> stages)
    {
        var country = seed.Settings.Country.Or(workspace.Country)?.ToUpperInvariant();
        var owners = new Dictionary<string, int>(StringComparer.Ordinal);
        if (seed.Contacts.Count > Seed.MaxContacts)
            Fault("contacts", $"May have at most {Seed.MaxContacts} items.");
        foreach (var (index, contact) in seed.Contacts.Index())
        {
            var place = $"contacts[{index}]";
            foreach (var (number, text) in contact.Urns.Index())
                Urn($"{place}.urns[{number}]", text, country, owners, index);
            Known($"{place}.groups", contact.Groups, name => groups.Contains(NameKey.Of(name)), "groups");
            foreach (var key in contact.Fields.Keys.Where(key => !keys.Contains(key)))
                Fault($"{place}.fields.{key}", "There is no such key among the fields.");
            if (contact.Stage is { } stage && !stages.Contains(stage))
                Fault($"{place}.stage", "There is no such name among the stages.");
            if (contact.Status != ContactStatus.Active && contact.Groups.Count > 0)
                Fault($"{place}.groups", "Only an active contact may be in groups.");
        }
    }

    private void Urn(string place, string text, string? country, Dictionary<string, int> owners, int contact)
    {
        var fault = Urns.Urn.TryNormalize(text, country, out var urn);
        if (fault == UrnFault.None)
            fault = urn.Validate();
        if (fault != UrnFault.None)
            Fault(place, TextOf(fault));
        else if (!owners.TryAdd(urn.Identity, contact))
            Fault(place, owners[urn.Identity] == contact ? Twice : $"Is contacts[{owners[urn.Identity]}]'s already.");
    }

    private void Automations(HashSet<string> groups)
    {
        var names = new HashSet<(AutomationKind, string)>();
        foreach (var automation in seed.Automations)
        {
            if (!names.Add((automation.Kind, NameKey.Of(automation.Name))))
                Fault($"{automation.Place}.name", Twice);
            Known($"{automation.Place}.groups", automation.Groups, name => groups.Contains(NameKey.Of(name)), "groups");
        }
    }

    private HashSet<string> Names<T>(IReadOnlyList<T> items, Func<T, string> nameOf, Func<int, string> place)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in items.Index())
        {
            if (!names.Add(nameOf(item)))
                Fault(place(index), Twice);
        }

        return names;
    }

    private void Known(string place, IReadOnlyList<string> names, Func<string, bool> isKnown, string list)
    {
        foreach (var (index, _) in names.Index().Where(name => !isKnown(name.Item)))
            Fault($"{place}[{index}]", $"There is no such name among the {list}.");
    }

    private void Limit(string list, int count, int limit)
    {
        if (count > limit)
            Fault(list, $"The workspace may have at most {limit}.");
    }

    private void Fault(string place, string text) => _faults.Add(new ValidationFailure(place, text));

    private static string TextOf(UrnFault fault) => fault switch
    {
        UrnFault.PhoneTooShort => "A phone number has at least 8 digits.",
        UrnFault.PhoneTooLong => "A phone number has at most 15 digits.",
        UrnFault.TooLong => $"Has more than {Urns.Urn.MaxLength} characters.",
        _ => "Is no address such as tel:+5582999331122, whatsapp:5582999331122, mailto:ana@example.com or ext:123.",
    };
}
