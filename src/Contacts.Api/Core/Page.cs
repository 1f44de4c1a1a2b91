namespace Contacts.Core;

/// <summary>A place in a list: right after (or before) one object, whether or not that object is still there.</summary>
/// <param name="Backwards">Whether the page before the place is meant.</param>
/// <param name="Time">The object's time, in lists ordered by a time that changes; else null.</param>
/// <param name="Id">The object's id, which orders objects of one time and lists by creation.</param>
public readonly record struct Cursor(bool Backwards, DateTime? Time, Guid Id);

/// <summary>A part of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The objects, in order.</param>
/// <param name="Next">Where the following page begins, or null at the end.</param>
/// <param name="Previous">Where the preceding page ends, or null at the start.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Cursor? Next, Cursor? Previous)
{
    /// <summary>A list without objects.</summary>
    public static Page<T> Empty { get; } = new([], null, null);

    /// <summary>Makes a page of what was read in the direction of the cursor, one object beyond the page included.</summary>
    /// <param name="read">At most <paramref name="size"/> + 1 objects.</param>
    /// <param name="size">The size of a page.</param>
    /// <param name="from">The cursor that led here, or null.</param>
    /// <param name="place">An object's time and id.</param>
    public static Page<T> Of(List<T> read, int size, Cursor? from, Func<T, (DateTime? Time, Guid Id)> place)
    {
        var hasMore = read.Count > size;
        if (hasMore)
            read.RemoveAt(size);
        var backwards = from is { Backwards: true };
        if (backwards)
            read.Reverse();
        if (read.Count == 0)
            return Empty;
        var (firstTime, firstId) = place(read[0]);
        var (lastTime, lastId) = place(read[^1]);
        Cursor? next = backwards || hasMore ? new Cursor(false, lastTime, lastId) : null;
        Cursor? previous = backwards ? hasMore ? new Cursor(true, firstTime, firstId) : null
            : from is null ? null : new Cursor(true, firstTime, firstId);
        return new Page<T>(read, next, previous);
    }
}
