using System.Collections.Frozen;

namespace Contacts.Urns;

/// <summary>A kind of address: its name, its normal form and its check. The functions stand in <see cref="UrnPaths"/>.</summary>
public sealed class UrnScheme
{
    internal UrnScheme(string name, Normalization? normalize, Func<ReadOnlySpan<char>, UrnFault> validate)
    {
        Name = name;
        Prefix = name + ":";
        Normalize = normalize;
        Validate = validate;
    }

    /// <summary>Writes the normal form of a path; <paramref name="into"/> has four characters more than the path. Returns its length, 0 when nothing is left.</summary>
    internal delegate int Normalization(ReadOnlySpan<char> path, string? country, Span<char> into);

    /// <summary>The name, in lower case.</summary>
    public string Name { get; }

    internal string Prefix { get; }

    /// <summary>Null when a path is kept as it is.</summary>
    internal Normalization? Normalize { get; }

    internal Func<ReadOnlySpan<char>, UrnFault> Validate { get; }
}

/// <summary>The table of known schemes.</summary>
public static class UrnSchemes
{
    private static readonly UrnScheme[] All =
    [
        new("tel", Phone.Normalize, UrnPaths.Tel),
        new("facebook", null, UrnPaths.Facebook),
        new("instagram", null, UrnPaths.Digits),
        new("twitter", UrnPaths.LowerWithoutAt, UrnPaths.Twitter),
        new("twitterid", null, UrnPaths.Digits),
        new("viber", null, UrnPaths.Viber),
        new("line", null, UrnPaths.Any),
        new("telegram", null, UrnPaths.Digits),
        new("mailto", UrnPaths.Lower, UrnPaths.Email),
        new("ext", null, UrnPaths.Any),
        new("jiochat", null, UrnPaths.Any),
        new("wechat", null, UrnPaths.Any),
        new("fcm", null, UrnPaths.Any),
        new("whatsapp", null, UrnPaths.WhatsApp),
        new("freshchat", null, UrnPaths.Freshchat),
        new("vk", null, UrnPaths.Any),
        new("rocketchat", null, UrnPaths.Any),
        new("discord", null, UrnPaths.Digits),
        new("weniwebchat", null, UrnPaths.Any),
        new("slack", null, UrnPaths.Any),
        new("teams", null, UrnPaths.Any),
    ];

    private static readonly FrozenDictionary<string, UrnScheme> ByName = All.ToFrozenDictionary(scheme => scheme.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, UrnScheme>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The names, in the contract's order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(scheme => scheme.Name)];

    /// <summary>The scheme of this name; names are in lower case only.</summary>
    /// <param name="name">The part of a URN before its first colon.</param>
    /// <returns>The scheme, or null when it is unknown.</returns>
    public static UrnScheme? Find(string name) => ByName.GetValueOrDefault(name);

    /// <inheritdoc cref="Find(string)"/>
    public static UrnScheme? Find(ReadOnlySpan<char> name) => BySpan.TryGetValue(name, out var scheme) ? scheme : null;
}
