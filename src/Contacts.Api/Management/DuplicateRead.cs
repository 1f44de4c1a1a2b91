using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Management;

/// <summary>A number that several contacts hold in two forms.</summary>
/// <param name="Urns">The forms that are held, the longer first.</param>
/// <param name="Contacts">Who holds them, the oldest first.</param>
public sealed record DuplicateRead(IReadOnlyList<string> Urns, IReadOnlyList<DuplicateContact> Contacts)
{
    private const string Mask = "********";

    /// <summary>A number as callers see it.</summary>
    /// <param name="number">The number.</param>
    /// <param name="workspace">The workspace, which may hide addresses.</param>
    public static DuplicateRead Of(DuplicateNumber number, Workspace workspace) => new(
        [.. number.Urns.Select(urn => Shown(urn, workspace))], [.. number.Contacts.Select(contact => DuplicateContact.Of(contact, workspace))]);

    /// <summary>A URN, without its path where addresses are hidden.</summary>
    /// <param name="urn">The URN.</param>
    /// <param name="workspace">The workspace.</param>
    internal static string Shown(string urn, Workspace workspace) =>
        workspace.IsAnonymous ? urn[..(urn.IndexOf(':', StringComparison.Ordinal) + 1)] + Mask : urn;
}

/// <summary>A contact as far as people need it to choose which one stays.</summary>
/// <param name="Uuid">The contact's id.</param>
/// <param name="Name">The name, or null.</param>
/// <param name="Urns">The URNs, most wanted first.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="ModifiedOn">When it last changed, UTC.</param>
/// <param name="LastSeenOn">When it was last heard of, UTC, or null.</param>
public sealed record DuplicateContact(
    Guid Uuid, string? Name, IReadOnlyList<string> Urns, DateTime CreatedOn, DateTime ModifiedOn, DateTime? LastSeenOn)
{
    /// <summary>A contact as callers see it.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="workspace">The workspace, which may hide addresses.</param>
    public static DuplicateContact Of(Contact contact, Workspace workspace) => new(
        contact.Id,
        contact.Name,
        [.. contact.Urns.Select(urn => DuplicateRead.Shown(urn.ToString(), workspace))],
        contact.CreatedOn,
        contact.ModifiedOn,
        contact.LastSeenOn);
}

/// <summary>Two contacts to join.</summary>
/// <param name="Keep">The uuid of the contact that stays.</param>
/// <param name="Merge">The uuid of the contact that gives what the other lacks, and is deleted.</param>
public sealed record MergeWrite(Guid Keep, Guid Merge);
