using System.Text.Json;

namespace Contacts.Console.Pages.Log;

/// <summary>An object that a call changed.</summary>
/// <param name="Kind">What it is: <c>contact</c>, <c>group</c>, …</param>
/// <param name="Id">Its id.</param>
/// <param name="Effect">What became of it: <c>created</c>, <c>updated</c>, <c>deleted</c>, …</param>
/// <param name="Attributes">Its attributes before and after.</param>
public sealed record ChangedObject(string Kind, string Id, string Effect, IReadOnlyList<ChangedAttribute> Attributes)
{
    private const string Unknown = "other";

    /// <summary>The objects of recorded changes.</summary>
    /// <param name="changes">A JSON array, or null.</param>
    public static IReadOnlyList<ChangedObject> Read(string? changes)
    {
        if (changes is null)
            return [];
        using var document = JsonDocument.Parse(changes);
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    private static ChangedObject Read(JsonElement change) => new(
        change.GetProperty("object").GetString() ?? Unknown,
        change.GetProperty("id").GetString() ?? string.Empty,
        change.GetProperty("effect").GetString() ?? string.Empty,
        [.. change.GetProperty("attributes").EnumerateObject().Select(attribute => new ChangedAttribute(
            attribute.Name, CallShown.ItemsOf(attribute.Value.GetProperty("before")), CallShown.ItemsOf(attribute.Value.GetProperty("after"))))]);
}

/// <summary>An attribute that a call changed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">What it was; several items when it is a list, none when it was null.</param>
/// <param name="After">What it became.</param>
public sealed record ChangedAttribute(string Name, IReadOnlyList<string> Before, IReadOnlyList<string> After);
