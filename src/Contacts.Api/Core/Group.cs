namespace Contacts.Core;

/// <summary>A named set of contacts.</summary>
public sealed class Group
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The public uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name as it was given, trimmed.</summary>
    public required string Name { get; set; }

    /// <summary>The name folded by <see cref="Core.NameKey"/>: unique among the workspace's living groups.</summary>
    public required string NameKey { get; set; }

    /// <summary>The search that fills a dynamic group; null for a static one.</summary>
    public string? Query { get; init; }

    /// <summary>When the group was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When it was deleted; its members are then removed in the background, and the row last.</summary>
    public DateTime? DeletedOn { get; set; }

    /// <summary>Whether a search fills it, so that nobody can be put into it by hand.</summary>
    public bool IsDynamic => Query is not null;
}

/// <summary>One contact's membership of one group.</summary>
public sealed class GroupMember
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The group.</summary>
    public required Guid GroupId { get; init; }

    /// <summary>The contact.</summary>
    public required Guid ContactId { get; init; }
}

/// <summary>A change to a group's number of members. The count is the sum: no row that every write would wait for.</summary>
public sealed class GroupCount
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The row's own id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The group.</summary>
    public required Guid GroupId { get; init; }

    /// <summary>How many members joined (positive) or left (negative).</summary>
    public required long Delta { get; init; }
}
