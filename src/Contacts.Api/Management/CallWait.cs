using System.Text.Json.Serialization;
using Contacts.Calls;
using FluentValidation;

namespace Contacts.Management;

/// <summary>
/// Which calls are waited for. The filters are those of the list; without <c>dialect</c>, calls of the management API and of the console don't count.
/// </summary>
public sealed record CallWait
{
    /// <summary>Calls that came at this time or later; those that are recorded already count as well. Without it, all that are kept.</summary>
    public DateTime? Since { get; init; }

    /// <summary>The status: <c>429</c>, or a class: <c>4xx</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The method: <c>POST</c>.</summary>
    public string? Method { get; init; }

    /// <summary>A part of the path, in any letter case.</summary>
    public string? Path { get; init; }

    /// <summary>Whose API was called: <c>weni</c>, <c>whaapy</c>, <c>management</c> or <c>console</c>.</summary>
    public string? Dialect { get; init; }

    /// <summary>The uuid of the token that called.</summary>
    public Guid? Token { get; init; }

    /// <summary>The uuid of a contact that the call touched.</summary>
    public Guid? Contact { get; init; }

    /// <summary>A text in the query, the body, the answer or the headers, in any letter case.</summary>
    public string? Text { get; init; }

    /// <summary>Only calls that were refused or failed.</summary>
    public bool Errors { get; init; }

    /// <summary>How many calls are waited for, 1 to 250.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How long to wait at most, in milliseconds, 0 to 60,000.</summary>
    public int TimeoutMs { get; init; } = 10_000;

    /// <summary>The time to wait.</summary>
    [JsonIgnore]
    internal TimeSpan Timeout => TimeSpan.FromMilliseconds(TimeoutMs);

    /// <summary>Reads a body; faults of type are told by it.</summary>
    /// <param name="body">The body.</param>
    internal static CallWait Read(Body body) => new()
    {
        Since = body.Time("since") is { IsGiven: true, Value: var since } ? since : null,
        Status = body.Text("status").Value,
        Method = body.Text("method").Value,
        Path = body.Text("path").Value,
        Dialect = body.Text("dialect").Value,
        Token = body.Uuid("token"),
        Contact = body.Uuid("contact"),
        Text = body.Text("text").Value,
        Errors = body.Flag("errors").Value,
        Count = body.Number("count").Or(1),
        TimeoutMs = body.Number("timeout_ms").Or(10_000),
    };

    /// <summary>The filters, in the shape that the list has them.</summary>
    internal CallListing ListingOf() => new()
    {
        Since = Since,
        Status = Status,
        Method = Method,
        Path = Path,
        Dialect = Dialect,
        Token = Token,
        Contact = Contact,
        Text = Text,
        Errors = Errors,
    };

    /// <summary>The query that the filters, which are of a valid shape, stand for.</summary>
    internal CallQuery QueryOf() => ListingOf().QueryOf() with { LeavesOwn = Dialect is null };
}

/// <summary>The shape of what is waited for.</summary>
public sealed class CallWaitValidator : AbstractValidator<CallWait>
{
    /// <summary>The rules, beside those of the filters.</summary>
    /// <param name="filters">The rules of the filters.</param>
    public CallWaitValidator(IValidator<CallListing> filters)
    {
        RuleFor(wait => wait.Count).Must(count => count is >= 1 and <= CallLog.MaxPageSize)
            .WithMessage($"Must be 1 to {CallLog.MaxPageSize}.").OverridePropertyName("count");
        RuleFor(wait => wait.TimeoutMs).Must(time => time >= 0 && time <= CallLog.MaxWait.TotalMilliseconds)
            .WithMessage($"Must be 0 to {(int)CallLog.MaxWait.TotalMilliseconds}.").OverridePropertyName("timeout_ms");
        RuleFor(wait => wait).Custom((wait, context) =>
        {
            foreach (var fault in filters.Validate(wait.ListingOf()).Errors)
                context.AddFailure(fault);
        });
    }
}
