using System.Text.Json.Serialization;

namespace Contacts.Dialects.Whaapy.Documentation;

// As the schemas of contacts. The original writes these attributes in camel case.

/// <summary>A webhook.</summary>
/// <param name="Id">The webhook's id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Names of events, or <c>*</c>.</param>
/// <param name="IsActive">Whether it is on.</param>
/// <param name="FailureCount">How many attempts failed in a row.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="Secret">What requests are signed with; when it is made, and never again.</param>
internal sealed record WebhookAnswer(
    Guid Id,
    string Name,
    string Url,
    IReadOnlyList<string> Events,
    [property: JsonPropertyName("isActive")] bool IsActive,
    [property: JsonPropertyName("failureCount")] int FailureCount,
    [property: JsonPropertyName("createdAt")] DateTime CreatedAt,
    string? Secret);

/// <summary>All webhooks.</summary>
/// <param name="Data">The webhooks.</param>
internal sealed record WebhooksAnswer(IReadOnlyList<WebhookAnswer> Data);

/// <summary>What to write of a webhook.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">
/// <c>contact.created</c>, <c>contact.updated</c>, <c>contact.deleted</c>, <c>contact.stage_changed</c>, <c>funnel_stage.created</c>,
/// <c>funnel_stage.updated</c>, or <c>*</c>.
/// </param>
/// <param name="IsActive">Whether it is on.</param>
internal sealed record WebhookBody(string? Name, string? Url, IReadOnlyList<string>? Events, [property: JsonPropertyName("isActive")] bool? IsActive);

/// <summary>What came of a test.</summary>
/// <param name="Success">Whether the receiver took it.</param>
/// <param name="Message">In words.</param>
/// <param name="Data">The answer.</param>
internal sealed record TestAnswer(bool Success, string Message, TestResult Data);

/// <summary>What a receiver answered.</summary>
/// <param name="Status">The status, or null.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="ResponsePreview">The start of the body, or null.</param>
internal sealed record TestResult(int? Status, int DurationMs, string? ResponsePreview);

/// <summary>The last attempts.</summary>
/// <param name="Data">The attempts, the last one first.</param>
internal sealed record LogAnswer(IReadOnlyList<LogLine> Data);

/// <summary>One attempt.</summary>
/// <param name="Id">The attempt's id.</param>
/// <param name="Event">The name of the event.</param>
/// <param name="Status">The status answered, or null.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Timestamp">When, UTC.</param>
/// <param name="Error">Why it failed, or null.</param>
internal sealed record LogLine(Guid Id, string Event, int? Status, int DurationMs, DateTime Timestamp, string? Error);
