using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Contacts.Workspaces;

/// <summary>The names of a setting's choices as people and programs write them: <c>DayFirst</c> is <c>day_first</c>.</summary>
/// <typeparam name="T">The choices.</typeparam>
internal static class Choices<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> ByName =
        Enum.GetValues<T>().ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>All names, for messages: <c>day_first, month_first, year_first</c>.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetValues<T>().Select(NameOf));

    /// <summary>A choice's name.</summary>
    public static string NameOf(T choice) => JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString());

    /// <summary>The choice with exactly this name.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out T choice)
    {
        choice = default;
        return name is not null && ByName.TryGetValue(name, out choice);
    }
}
