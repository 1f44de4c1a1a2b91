using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>Turns a body into the change it asks for: names of groups, keys of fields and texts of URNs become the book's own.</summary>
/// <param name="workspace">The workspace.</param>
/// <param name="catalog">Its fields and groups.</param>
/// <param name="clock">The clock, for dates without a time.</param>
internal sealed class ContactChanges(Workspace workspace, Catalog catalog, TimeProvider clock)
{
    /// <summary>Whether the body names a group or field that the catalog lacks; a newer picture may have it.</summary>
    public bool MissedSomething { get; private set; }

    /// <summary>The change that a body asks for, of no contact yet.</summary>
    /// <param name="write">The body.</param>
    /// <param name="lookUp">How the call names the contact: with a URN, the body may not list URNs.</param>
    /// <param name="faults">Where faults are told.</param>
    public ContactChange Read(ContactWrite write, LookUp lookUp, List<ValidationFailure> faults) => new()
    {
        Name = write.Name,
        Language = write.Language,
        Urns = ReadUrns(write, lookUp, faults),
        Groups = ReadGroups(write, faults),
        Fields = ReadFields(write, faults),
    };

    private List<Urn>? ReadUrns(ContactWrite write, LookUp lookUp, List<ValidationFailure> faults)
    {
        if (write.Urns is null)
            return null;
        var urns = new List<Urn>(write.Urns.Count);
        for (var index = 0; index < write.Urns.Count; index++)
        {
            var path = $"urns[{index}]";
            if (write.Urns[index] is not { } text || faults.Exists(fault => fault.PropertyName == path))
                continue;
            var problem = Urn.TryNormalize(text, workspace.Country, out var urn);
            if (problem == UrnFault.None)
                problem = urn.Validate();
            if (problem == UrnFault.None)
                urns.Add(urn);
            else
                faults.Add(new ValidationFailure(path, Texts.Of(problem, text)));
        }

        if (urns.Count < write.Urns.Count)
            return null;
        if (lookUp.Urn is not null)
            faults.Add(new ValidationFailure("urns", Texts.UrnInUrl));
        else if (lookUp.Parameter is not null && workspace.IsAnonymous)
            faults.Add(new ValidationFailure("urns", Texts.AnonymousUpdate));
        return urns;
    }

    private List<NamedGroup>? ReadGroups(ContactWrite write, List<ValidationFailure> faults)
    {
        if (write.Groups is null)
            return null;
        var groups = new List<NamedGroup>(write.Groups.Count);
        foreach (var reference in write.Groups)
        {
            var group = GroupReferences.Find(catalog, reference);
            MissedSomething |= group is null;
            if (group is null or { IsDynamic: true })
            {
                faults.Add(new ValidationFailure("groups", group is null ? Texts.NoSuchObject(reference) : Texts.Dynamic(group.Name)));
                return null;
            }

            groups.Add(new NamedGroup(group, reference));
        }

        return groups;
    }

    private Dictionary<Guid, FieldValue?>? ReadFields(ContactWrite write, List<ValidationFailure> faults)
    {
        if (write.Fields is null || faults.Exists(fault => fault.PropertyName.StartsWith("fields", StringComparison.Ordinal)))
            return null;
        var now = clock.GetUtcNow();
        var values = new Dictionary<Guid, FieldValue?>(write.Fields.Count);
        foreach (var (key, text) in write.Fields)
        {
            if (catalog.FieldByKey(key) is not { } field)
            {
                MissedSomething = true;
                faults.Add(new ValidationFailure("fields", Texts.UnknownField(key)));
                return null;
            }

            values[field.Id] = FieldValue.Read(text, workspace.Zone, workspace.DateStyle, now);
        }

        return values;
    }
}
