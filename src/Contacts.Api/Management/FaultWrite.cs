using System.Text.Json.Serialization;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Urns;
using FluentValidation;

namespace Contacts.Management;

/// <summary>What is to go wrong, with which calls or deliveries, and how long.</summary>
/// <example><code>{"effect":"status","status":429,"retry_after_seconds":2,"path":"/api/v2/contacts","method":"POST","times":3}</code></example>
/// <param name="Effect">What goes wrong.</param>
/// <param name="Path">
/// The paths of the calls: those that begin with this, or match it when it has a <c>*</c> (any run of characters) or a <c>?</c> (any one). All when it is left out.
/// Not for deliveries.
/// </param>
/// <param name="Method">The method of the calls; any when it is left out. Not for deliveries.</param>
/// <param name="Share">How many of a hundred, by chance: 1 to 100, which it is when it is left out.</param>
/// <param name="Status">The status to answer with, 400 to 599: for <c>status</c> alone.</param>
/// <param name="RetryAfterSeconds">The <c>Retry-After</c> of that answer, 0 to 86400; a 429 without it has 1 second.</param>
/// <param name="LatencyMs">How long to wait, in milliseconds, 1 to 120000: for <c>latency</c> alone.</param>
/// <param name="JitterMs">By how much the wait is longer or shorter by chance, in milliseconds; at most <c>latency_ms</c>.</param>
/// <param name="BytesPerSecond">How fast the body comes, 1 to 10000000: for <c>slow_body</c> alone.</param>
/// <param name="Seconds">For how long, 1 to 86400; 600 when it is left out.</param>
/// <param name="Times">For how many calls or deliveries at most, on all servers together, 1 to 1000000; any number when it is left out.</param>
public sealed record FaultWrite(
    FaultEffect? Effect,
    string? Path,
    string? Method,
    int? Share,
    int? Status,
    int? RetryAfterSeconds,
    int? LatencyMs,
    int? JitterMs,
    int? BytesPerSecond,
    int? Seconds,
    int? Times)
{
    /// <summary>Reads the attributes.</summary>
    /// <param name="body">The body.</param>
    internal static FaultWrite Read(Body body)
    {
        var effect = body.Choice<FaultEffect>("effect");
        return new FaultWrite(
            effect.IsGiven ? effect.Value : null,
            TextOf(body.Text("path")),
            TextOf(body.Text("method"))?.ToUpperInvariant(),
            NumberOf(body.Number("share")),
            NumberOf(body.Number("status")),
            NumberOf(body.Number("retry_after_seconds")),
            NumberOf(body.Number("latency_ms")),
            NumberOf(body.Number("jitter_ms")),
            NumberOf(body.Number("bytes_per_second")),
            NumberOf(body.Number("seconds")),
            NumberOf(body.Number("times")));
    }

    /// <summary>The fault that this, which is of a valid shape, stands for.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="by">The name of the token that asks for it.</param>
    /// <param name="now">The time.</param>
    public Fault ToFault(Guid workspaceId, string by, DateTime now) => new()
    {
        WorkspaceId = workspaceId,
        Id = RowId.At(now),
        Effect = Effect!.Value,
        Path = Path ?? "/",
        Method = Method,
        Share = Share ?? 100,
        Status = Status,
        RetryAfterSeconds = RetryAfterSeconds,
        LatencyMs = LatencyMs,
        JitterMs = JitterMs,
        BytesPerSecond = BytesPerSecond,
        Times = Times,
        CreatedBy = by,
        CreatedOn = now,
        EndsOn = now + (Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Fault.DefaultDuration),
    };

    private static string? TextOf(Optional<string> text) => text.IsGiven ? text.Value : null;

    private static int? NumberOf(Optional<int> number) => number.IsGiven ? number.Value : null;
}

/// <summary>The shape of a fault. What is of a wrong type was told of before.</summary>
public sealed class FaultWriteValidator : AbstractValidator<FaultWrite>
{
    private const int MaxLatency = 120_000;
    private const int MaxSpeed = 10_000_000;
    private const int MaxTimes = 1_000_000;

    /// <summary>The methods that a fault may be for.</summary>
    internal static readonly IReadOnlyList<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>The rules.</summary>
    public FaultWriteValidator()
    {
        RuleFor(fault => fault.Effect).NotNull().WithMessage("Is required.").OverridePropertyName("effect");
        RuleFor(fault => fault.Path).Must(path => path is null || (path is ['/' or '*', ..] && path.Length <= Fault.MaxPathLength && StorableText.Is(path)))
            .WithMessage($"Must begin with / or * and have at most {Fault.MaxPathLength} characters.").OverridePropertyName("path");
        RuleFor(fault => fault.Method).Must(method => method is null || Methods.Contains(method))
            .WithMessage($"Must be one of: {string.Join(", ", Methods)}.").OverridePropertyName("method");
        RuleFor(fault => fault.Path).Null().When(IsOfDeliveries).WithMessage(NotForDeliveries).OverridePropertyName("path");
        RuleFor(fault => fault.Method).Null().When(IsOfDeliveries).WithMessage(NotForDeliveries).OverridePropertyName("method");
        RuleFor(fault => fault.JitterMs).Must((fault, jitter) => jitter is null || jitter <= (fault.LatencyMs ?? MaxLatency))
            .WithMessage("Must be at most latency_ms.").OverridePropertyName("jitter_ms");
        Between(fault => fault.Share, "share", 1, 100);
        Between(fault => fault.Seconds, "seconds", 1, (int)Fault.MaxDuration.TotalSeconds);
        Between(fault => fault.Times, "times", 1, MaxTimes);
        OfEffect(fault => fault.Status, "status", 400, 599, FaultEffect.Status, isRequired: true);
        OfEffect(fault => fault.RetryAfterSeconds, "retry_after_seconds", 0, 86_400, FaultEffect.Status, isRequired: false);
        OfEffect(fault => fault.LatencyMs, "latency_ms", 1, MaxLatency, FaultEffect.Latency, isRequired: true);
        OfEffect(fault => fault.JitterMs, "jitter_ms", 0, MaxLatency, FaultEffect.Latency, isRequired: false);
        OfEffect(fault => fault.BytesPerSecond, "bytes_per_second", 1, MaxSpeed, FaultEffect.SlowBody, isRequired: true);
    }

    private const string NotForDeliveries = "Not for faults of deliveries.";

    private static bool IsOfDeliveries(FaultWrite fault) => fault.Effect is FaultEffect.DuplicateDeliveries or FaultEffect.ReverseDeliveries;

    private void Between(System.Linq.Expressions.Expression<Func<FaultWrite, int?>> attribute, string name, int least, int most) =>
        RuleFor(attribute).Must(number => number is null || (number >= least && number <= most))
            .WithMessage($"Must be {least} to {most}.").OverridePropertyName(name);

    private void OfEffect(
        System.Linq.Expressions.Expression<Func<FaultWrite, int?>> attribute, string name, int least, int most, FaultEffect effect, bool isRequired)
    {
        Between(attribute, name, least, most);
        RuleFor(attribute).Null().When(fault => fault.Effect is { } wanted && wanted != effect)
            .WithMessage($"Only for the effect {Workspaces.Choices<FaultEffect>.NameOf(effect)}.").OverridePropertyName(name);
        if (isRequired)
            RuleFor(attribute).NotNull().When(fault => fault.Effect == effect).WithMessage("Is required.").OverridePropertyName(name);
    }
}

/// <summary>A fault that is active.</summary>
/// <param name="Uuid">Its id: answers that it hits carry it in <c>X-Contacts-Fault</c>.</param>
/// <param name="Effect">What goes wrong.</param>
/// <param name="Path">The paths of the calls.</param>
/// <param name="Method">The method of the calls, or null for any.</param>
/// <param name="Share">How many of a hundred.</param>
/// <param name="Status">The status to answer with.</param>
/// <param name="RetryAfterSeconds">The <c>Retry-After</c> of that answer.</param>
/// <param name="LatencyMs">How long to wait, in milliseconds.</param>
/// <param name="JitterMs">By how much the wait differs by chance, in milliseconds.</param>
/// <param name="BytesPerSecond">How fast the body comes.</param>
/// <param name="Times">For how many at most, or null for any number.</param>
/// <param name="Left">How many of them are left, or null without a number.</param>
/// <param name="CreatedBy">The name of the token that asked for it.</param>
/// <param name="CreatedOn">When it was asked for, UTC.</param>
/// <param name="EndsOn">When it ends, UTC, by the machine's clock.</param>
public sealed record FaultRead(
    Guid Uuid,
    FaultEffect Effect,
    string Path,
    string? Method,
    int Share,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfterSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LatencyMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? JitterMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? BytesPerSecond,
    int? Times,
    int? Left,
    string CreatedBy,
    DateTime CreatedOn,
    DateTime EndsOn)
{
    /// <summary>A fault as callers see it.</summary>
    /// <param name="fault">The fault.</param>
    public static FaultRead Of(Fault fault) => new(
        fault.Id,
        fault.Effect,
        fault.Path,
        fault.Method,
        fault.Share,
        fault.Status,
        fault.RetryAfterSeconds,
        fault.LatencyMs,
        fault.JitterMs,
        fault.BytesPerSecond,
        fault.Times,
        fault.Times - fault.Used,
        fault.CreatedBy,
        fault.CreatedOn,
        fault.EndsOn);
}
