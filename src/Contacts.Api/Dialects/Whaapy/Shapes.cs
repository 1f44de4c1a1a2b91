using System.Text.RegularExpressions;
using Contacts.Core;
using Contacts.Urns;
using FluentValidation;

namespace Contacts.Dialects.Whaapy;

/// <summary>Rules of shape that several bodies share.</summary>
internal static partial class Shapes
{
    /// <summary>A text's length in characters as people count code points: an emoji is one.</summary>
    /// <param name="text">The text.</param>
    public static int Length(string text) => text.Length - text.Count(char.IsHighSurrogate);

    /// <summary>The URN of a phone number in E.164, or null when it is none.</summary>
    /// <param name="text">The number with its plus.</param>
    public static Urn? PhoneOf(string text) => E164().IsMatch(text) ? Urn.FromStored($"tel:{text}", null) : null;

    /// <summary>The URN of an e-mail address, or null when it is none. A <c>#</c> or <c>?</c> has a meaning of its own in URNs.</summary>
    /// <param name="text">The address.</param>
    public static Urn? EmailOf(string text) =>
        !text.AsSpan().ContainsAny('#', '?') && Urn.TryNormalize($"mailto:{text}", null, out var urn) == UrnFault.None && urn.Validate() == UrnFault.None
            ? urn
            : null;

    /// <summary>Whether a text is a colour.</summary>
    /// <param name="text">The text.</param>
    public static bool IsColor(string text) => Color().IsMatch(text);

    /// <summary>Whether a text is the address of a web page.</summary>
    /// <param name="text">The text.</param>
    public static bool IsUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>A text that is absent, null, or no longer than a number of characters.</summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="rule">The rule so far.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="longest">The longest text, in characters.</param>
    public static void AtMost<T>(this IRuleBuilderInitial<T, Optional<string?>> rule, string name, int longest) => rule
        .Must(text => text.Value is null || Length(text.Value) <= longest).WithMessage(Texts.TooLong(longest)).OverridePropertyName(name);

    [GeneratedRegex(@"^\+[1-9][0-9]{7,14}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex E164();

    [GeneratedRegex(@"^#[0-9A-Fa-f]{6}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Color();
}
