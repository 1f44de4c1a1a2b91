namespace Contacts.Webhooks;

/// <summary>One attempt to deliver, and what it came to.</summary>
/// <param name="Row">What was sent.</param>
/// <param name="Id">The attempt's id in the log.</param>
/// <param name="Number">Which attempt it was, from 1.</param>
/// <param name="RequestedOn">When the request was sent.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Status">The status answered; null when nothing was.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Answer">The start of the answer's body, or null.</param>
internal sealed record Attempt(
    OutboxRow Row, Guid Id, int Number, DateTime RequestedOn, int DurationMs, int? Status, string? Error, string? Answer)
{
    /// <summary>After how many attempts an event is given up: the pauses between them add up to a little less than 24 hours.</summary>
    public const int Most = 15;

    private const int Gone = 410;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>When it is to be tried again; null when it is not.</summary>
    public DateTime? RetryOn { get; init; }

    /// <summary>Whether the receiver took it.</summary>
    public bool IsDelivered => Error is null;

    /// <summary>Whether the receiver said that it is there no more, for good.</summary>
    public bool IsGone => Status == Gone;

    /// <summary>The attempt as the log keeps it.</summary>
    public WebhookDelivery ToDelivery() => new()
    {
        WorkspaceId = Row.WorkspaceId,
        Id = Id,
        WebhookId = Row.WebhookId,
        DeliveryId = Row.Id,
        SubjectId = Row.SubjectId,
        Kind = Row.Kind,
        Event = Row.Event,
        Attempt = Number,
        RequestedOn = RequestedOn,
        DurationMs = DurationMs,
        Status = Status,
        Error = Error,
        Answer = Answer,
    };

    /// <summary>The pause after a failed attempt: doubled each time, and up to a fifth shorter by chance, so that what failed together does not come back together.</summary>
    /// <param name="number">Which attempt it was, from 1.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan PauseAfter(int number, double chance) => FirstPause * Math.Pow(2, number - 1) * (1 - (0.2 * chance));
}
