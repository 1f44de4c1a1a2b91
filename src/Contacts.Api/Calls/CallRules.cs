using System.Text.Json;
using System.Text.RegularExpressions;

namespace Contacts.Calls;

/// <summary>Why a dialect refuses something: one rule of its contract.</summary>
/// <param name="Key">The rule's name, by which translations know it.</param>
/// <param name="Status">The status that it answers.</param>
/// <param name="Pattern">A regular expression that the answer's text holds.</param>
/// <param name="Why">Why, in one sentence.</param>
/// <param name="Next">What to do about it.</param>
/// <param name="Anchor">The heading of the dialect's page that has the rule.</param>
public sealed record CallRule(string Key, int Status, string Pattern, string Why, string Next, string Anchor);

/// <summary>The rules of one dialect; the first that matches a text counts.</summary>
/// <param name="Dialect">The dialect's name.</param>
/// <param name="Page">The page that has the contract: <c>docs/weni.md</c>.</param>
/// <param name="All">The rules.</param>
/// <param name="Texts">The texts of an answer that are matched, from its JSON body.</param>
public sealed record DialectRules(string Dialect, string Page, IReadOnlyList<CallRule> All, Func<JsonElement, IEnumerable<string>> Texts);

/// <summary>A rule that explains a refusal.</summary>
/// <param name="Text">The text of the answer that it explains.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Link">Where the contract has it: <c>docs/weni.md#urns</c>.</param>
public sealed record CallReason(string Text, CallRule Rule, string Link);

/// <summary>Explains refused calls by the rules of their dialects.</summary>
/// <param name="dialects">The rules of each dialect.</param>
public sealed class CallRules(IEnumerable<DialectRules> dialects)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, DialectRules> _dialects = dialects.ToDictionary(rules => rules.Dialect, StringComparer.Ordinal);

    /// <summary>Why a call was refused: a reason per text of its answer that a rule is known for.</summary>
    /// <param name="dialect">Whose API was called.</param>
    /// <param name="status">The status.</param>
    /// <param name="answer">The answer's body, or null.</param>
    public IReadOnlyList<CallReason> Explain(string dialect, int status, string? answer)
    {
        if (status < StatusCodes.Status400BadRequest || answer is null || !_dialects.TryGetValue(dialect, out var rules) || Parse(answer) is not { } body)
            return [];
        var reasons = new List<CallReason>();
        foreach (var text in rules.Texts(body).Distinct(StringComparer.Ordinal))
        {
            if (rules.All.FirstOrDefault(rule => rule.Status == status && Regex.IsMatch(text, rule.Pattern, RegexOptions.CultureInvariant, Patience)) is { } rule)
                reasons.Add(new CallReason(text, rule, $"{rules.Page}#{rule.Anchor}"));
        }

        return reasons;
    }

    private static JsonElement? Parse(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(answer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
