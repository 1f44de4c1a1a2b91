using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>Finds the groups that calls name.</summary>
/// <param name="catalogs">The workspaces' groups.</param>
public sealed class GroupReferences(CatalogCache catalogs)
{
    /// <summary>The group with a uuid, or with a name in any case, or null.</summary>
    /// <param name="catalog">The workspace's groups.</param>
    /// <param name="reference">A uuid in its canonical form, or a name.</param>
    internal static Group? Find(Catalog catalog, string reference)
    {
        if (LookUp.TryUuid(reference, out var id) && catalog.GroupById(id) is { } group)
            return group;
        return catalog.GroupByName(reference);
    }

    /// <summary>The one group that an attribute names; one that this server does not know yet is looked for in the database.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="reference">A uuid in its canonical form, or a name.</param>
    /// <param name="path">The attribute.</param>
    /// <param name="isStatic">Whether it must be a static one.</param>
    /// <param name="faults">Where it is told that there is no such group, or that it is dynamic.</param>
    /// <param name="cancellation">Stops waiting.</param>
    internal async Task<Group?> FindAsync(
        Workspace workspace, string reference, string path, bool isStatic, List<ValidationFailure> faults, CancellationToken cancellation)
    {
        var group = Find(await catalogs.GetAsync(workspace.Id, cancellation), reference)
            ?? Find(await catalogs.RefreshAsync(workspace.Id, cancellation), reference);
        if (group is null)
            faults.Add(new ValidationFailure(path, Texts.NoSuchObject(reference)));
        else if (isStatic && group.IsDynamic)
            faults.Add(new ValidationFailure(path, Texts.Dynamic(group.Name)));
        return group;
    }
}
