using System.Globalization;
using System.Text.Json.Nodes;
using Contacts.TestBench;
using Contacts.Workspaces;

namespace Contacts.Console.Pages.Testing;

/// <summary>A number in the form of a fault, by its name in the management API. Its texts are <c>testing.number_NAME</c> and <c>testing.hint_NAME</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Usual">What stands in the input at first.</param>
internal sealed record FaultNumber(string Name, string Usual);

/// <summary>The form of a fault: which inputs each effect has, and what they make.</summary>
internal static class FaultForm
{
    /// <summary>The numbers that every fault has.</summary>
    public static readonly IReadOnlyList<FaultNumber> Limits =
    [
        new("share", "100"),
        new("seconds", ((int)Fault.DefaultDuration.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        new("times", string.Empty),
    ];

    /// <summary>The numbers that an effect has beside them.</summary>
    /// <param name="effect">The effect.</param>
    public static IReadOnlyList<FaultNumber> NumbersOf(FaultEffect effect) => effect switch
    {
        FaultEffect.Status => [new("status", "429"), new("retry_after_seconds", string.Empty)],
        FaultEffect.Latency => [new("latency_ms", "2000"), new("jitter_ms", "500")],
        FaultEffect.SlowBody => [new("bytes_per_second", "1000")],
        _ => [],
    };

    /// <summary>Whether an effect is one of calls, so that it has a path and a method.</summary>
    /// <param name="effect">The effect.</param>
    public static bool IsOfCalls(FaultEffect effect) => effect is not (FaultEffect.DuplicateDeliveries or FaultEffect.ReverseDeliveries);

    /// <summary>What stands in the inputs at first.</summary>
    /// <param name="effect">The effect.</param>
    public static Dictionary<string, string> Usual(FaultEffect effect)
    {
        var values = NumbersOf(effect).Concat(Limits).ToDictionary(number => number.Name, number => number.Usual, StringComparer.Ordinal);
        if (IsOfCalls(effect))
            (values["path"], values["method"]) = ("/", string.Empty);
        return values;
    }

    /// <summary>What was typed into them.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="form">The form.</param>
    public static Dictionary<string, string> Typed(FaultEffect effect, IFormCollection form) =>
        Usual(effect).Keys.ToDictionary(name => name, name => form[name].ToString().Trim(), StringComparer.Ordinal);

    /// <summary>The fault as the management API takes it; what is no number goes as a text, which is refused there.</summary>
    /// <param name="effect">The effect.</param>
    /// <param name="values">What was typed.</param>
    public static JsonObject Wanted(FaultEffect effect, IReadOnlyDictionary<string, string> values)
    {
        var wanted = new JsonObject { ["effect"] = Choices<FaultEffect>.NameOf(effect) };
        foreach (var (name, text) in values.Where(value => value.Value.Length > 0))
        {
            wanted[name] = name is not ("path" or "method") && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : text;
        }

        return wanted;
    }

    /// <summary>A fault's own numbers, with their units.</summary>
    /// <param name="fault">The fault.</param>
    public static string DetailOf(Fault fault) => fault.Effect switch
    {
        FaultEffect.Status => string.Create(CultureInfo.InvariantCulture, $"{fault.Status}{(fault.RetryAfterSeconds is { } wait ? $", Retry-After: {wait}" : null)}"),
        FaultEffect.Latency => string.Create(CultureInfo.InvariantCulture, $"{fault.LatencyMs} ms{(fault.JitterMs is > 0 and var jitter ? $" ± {jitter} ms" : null)}"),
        FaultEffect.SlowBody => string.Create(CultureInfo.InvariantCulture, $"{fault.BytesPerSecond} B/s"),
        _ => string.Empty,
    };
}
