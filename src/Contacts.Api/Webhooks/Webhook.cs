using System.Security.Cryptography;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Webhooks;

/// <summary>How the bytes of a signature are written.</summary>
public enum SignatureEncoding
{
    /// <summary>Lower-case hexadecimal digits.</summary>
    Hex,

    /// <summary>Base64 with padding.</summary>
    Base64,
}

/// <summary>A subscription: where what happens in a workspace is sent to.</summary>
public sealed class Webhook
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest URL, in characters.</summary>
    public const int MaxUrlLength = 2_000;

    /// <summary>How many a workspace may have.</summary>
    public const int MaxCount = 50;

    /// <summary>Subscribes to every kind of event.</summary>
    public const string AllEvents = "*";

    /// <summary>What secrets begin with, as Standard Webhooks has it.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The public uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; set; }

    /// <summary>Where events are sent: see <see cref="Target"/>.</summary>
    public required string Url { get; set; }

    /// <summary>The kinds of events, by their names in snake case, or <see cref="AllEvents"/> alone.</summary>
    public required IReadOnlyList<string> Events { get; set; }

    /// <summary>Whether events are sent. While it is off, none are collected; those collected before wait.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Why the server switched it off, or null.</summary>
    public string? OffReason { get; set; }

    /// <summary>How many attempts failed since the last one that did not.</summary>
    public int Failures { get; set; }

    /// <summary>What requests are signed with. Kept as it is, since signing needs it; shown once, never logged.</summary>
    public required string Secret { get; set; }

    /// <summary>The secret before the last rotation.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>Until when requests are signed with the previous secret as well.</summary>
    public DateTime? PreviousSecretUntil { get; set; }

    /// <summary>How the dialect's signature is written.</summary>
    public SignatureEncoding SignatureEncoding { get; set; }

    /// <summary>Whether the dialect's signature begins with <c>sha256=</c>.</summary>
    public bool SignatureHasPrefix { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When it was last changed by a call.</summary>
    public required DateTime ModifiedOn { get; set; }

    /// <summary>The server that delivers its events, or null.</summary>
    public Guid? LeasedBy { get; set; }

    /// <summary>Until when no other server does.</summary>
    public DateTime? LeasedUntil { get; set; }

    /// <summary>A new random secret.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The secrets to sign with now, the present one first.</summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<string> SecretsAt(DateTime now) =>
        PreviousSecret is { } previous && PreviousSecretUntil > now ? [Secret, previous] : [Secret];

    /// <summary>The secrets that a request of the past was signed with, as far as they are kept: one rotation back.</summary>
    /// <param name="then">When it was sent.</param>
    /// <param name="overlap">How long the secret before a rotation signs as well.</param>
    public IReadOnlyList<string> SecretsOf(DateTime then, TimeSpan overlap) =>
        PreviousSecret is { } previous && then < PreviousSecretUntil - overlap ? [previous] : SecretsAt(then);
}

/// <summary>An event on its way to one webhook.</summary>
public sealed class OutboxRow
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The webhook.</summary>
    public required Guid WebhookId { get; init; }

    /// <summary>The delivery's id: the same on every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>The contact or stage; its events are delivered one after the other.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>The kind of the event, by its name in snake case.</summary>
    public required string Kind { get; init; }

    /// <summary>The rest of the event, as JSON.</summary>
    public required string Event { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTime OccurredOn { get; init; }

    /// <summary>When it is to be sent again; long ago when it was not sent yet.</summary>
    public DateTime DueOn { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; init; }

    /// <summary>The event.</summary>
    internal ContactEvent ToEvent() => ContactEvent.Parse(KindOf(Kind), SubjectId, Event);

    /// <summary>The kind of event that a name stands for.</summary>
    /// <param name="name">The name in snake case.</param>
    /// <exception cref="InvalidDataException">There is none: the row is a newer program's.</exception>
    internal static EventKind KindOf(string name) =>
        Choices<EventKind>.TryParse(name, out var kind) ? kind : throw new InvalidDataException($"There is no kind of event {name}.");
}

/// <summary>One attempt to deliver an event, in the log.</summary>
public sealed class WebhookDelivery
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The attempt's own id, ordered by <see cref="RequestedOn"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The webhook.</summary>
    public required Guid WebhookId { get; init; }

    /// <summary>The delivery's id: the same on every attempt.</summary>
    public required Guid DeliveryId { get; init; }

    /// <summary>The contact or stage.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>The kind of the event, by its name in snake case.</summary>
    public required string Kind { get; init; }

    /// <summary>The rest of the event, as JSON: the request is made of it, and can be made again.</summary>
    public required string Event { get; init; }

    /// <summary>Which attempt it was, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the request was sent.</summary>
    public required DateTime RequestedOn { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int DurationMs { get; init; }

    /// <summary>The status answered; null when nothing was.</summary>
    public int? Status { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The start of the answer's body.</summary>
    public string? Answer { get; init; }
}
