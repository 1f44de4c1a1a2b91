namespace Contacts.TestBench;

/// <summary>The book of a workspace as it was at a moment, under a name.</summary>
public sealed class BookSnapshot
{
    /// <summary>How many a workspace may have.</summary>
    public const int MaxCount = 20;

    /// <summary>How many contacts one may hold, deleted ones included.</summary>
    public const int MaxContacts = 100_000;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>What its rows are kept under.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name, unique in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>How many contacts it holds, deleted ones included.</summary>
    public required int Contacts { get; init; }

    /// <summary>The name of the token that took it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>Whether a text is a name: what can stand in a URL as it is.</summary>
    /// <param name="text">The text.</param>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text[0] != '.' && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}

/// <summary>Some rows of one table in a snapshot. Written and read by the database alone.</summary>
public sealed class SnapshotRows
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The snapshot.</summary>
    public required Guid SnapshotId { get; init; }

    /// <summary>The table.</summary>
    public required string Part { get; init; }

    /// <summary>Counts up from 0 within the table.</summary>
    public required long Chunk { get; init; }

    /// <summary>A JSON array: an object per row, of its columns without the workspace.</summary>
    public required string Content { get; init; }
}
