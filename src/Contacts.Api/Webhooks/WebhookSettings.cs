namespace Contacts.Webhooks;

/// <summary>What the server's owner may set of deliveries.</summary>
/// <param name="Timeout">How long a receiver may take to answer, all in all.</param>
/// <param name="Keep">How long the log is kept, and what waits for a webhook that is off.</param>
public sealed record WebhookSettings(TimeSpan Timeout, TimeSpan Keep);
