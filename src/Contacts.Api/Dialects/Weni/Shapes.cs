using System.Text;
using FluentValidation;

namespace Contacts.Dialects.Weni;

/// <summary>Rules of shape that several bodies share.</summary>
internal static class Shapes
{
    /// <summary>A text's length in characters as people count code points: an emoji is one.</summary>
    /// <param name="text">The text.</param>
    public static int Length(string text)
    {
        var pairs = 0;
        foreach (var unit in text)
            pairs += char.IsHighSurrogate(unit) ? 1 : 0;
        return text.Length - pairs;
    }

    /// <summary>No NUL character, which PostgreSQL can't hold.</summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="rule">The rule so far.</param>
    public static IRuleBuilderOptions<T, string> WithoutNul<T>(this IRuleBuilder<T, string> rule) =>
        rule.Must(text => !text.Contains('\0')).WithMessage(Texts.NulCharacter);

    /// <summary>Neither blank nor longer than a number of characters; told before any other rule.</summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="rule">The rule so far.</param>
    /// <param name="longest">The longest text, in characters.</param>
    public static IRuleBuilderOptions<T, string> Filled<T>(this IRuleBuilder<T, string> rule, int longest) => rule
        .Must(text => text.Length > 0).WithMessage(Texts.Blank)
        .Must(text => Length(text) <= longest).WithMessage(Texts.TooLong(longest))
        .WithoutNul();

    /// <summary>Whether a name begins with a letter, a digit or an underscore, in any script.</summary>
    /// <param name="name">The name, not blank.</param>
    public static bool BeginsLikeAWord(string name) =>
        name[0] == '_' || (Rune.TryGetRuneAt(name, 0, out var first) && Rune.IsLetterOrDigit(first));
}
