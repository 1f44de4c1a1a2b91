using System.Text;
using System.Text.Json.Serialization;
using Contacts.Webhooks;

namespace Contacts.Management;

/// <summary>What to make of a webhook; when one is changed, what is left out stays.</summary>
/// <example><code>{"name":"CRM","url":"https://example.com/hooks","events":["contact_created","contact_updated"]}</code></example>
/// <param name="Name">What people call it, at most 100 characters.</param>
/// <param name="Url">Where events are sent: http or https.</param>
/// <param name="Events">
/// <c>*</c> for all, or some of: <c>contact_created</c>, <c>contact_updated</c>, <c>contact_deleted</c>, <c>contact_stage_moved</c>, <c>stage_created</c>,
/// <c>stage_updated</c>.
/// </param>
/// <param name="Active">Whether it is on. Switching it on forgets the failures before, and what waited goes out.</param>
/// <param name="SignatureEncoding">How the dialect's signature is written.</param>
/// <param name="SignaturePrefix">Whether the dialect's signature begins with <c>sha256=</c>.</param>
public sealed record WebhookWrite(
    string? Name, string? Url, IReadOnlyList<string>? Events, bool? Active, SignatureEncoding? SignatureEncoding, bool? SignaturePrefix)
{
    /// <summary>Reads the attributes, none of which must be there.</summary>
    /// <param name="body">The body.</param>
    internal static WebhookChanges Read(Body body) => new()
    {
        Name = body.Text("name"),
        Url = body.Text("url"),
        Events = body.Texts("events"),
        IsActive = body.Flag("active"),
        SignatureEncoding = body.Choice<SignatureEncoding>("signature_encoding"),
        SignatureHasPrefix = body.Flag("signature_prefix"),
    };
}

/// <summary>A webhook.</summary>
/// <param name="Uuid">Its id, also in the header <c>X-Webhook-Id</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">The kinds of events, or <c>*</c>.</param>
/// <param name="Active">Whether it is on.</param>
/// <param name="OffReason">Why the server switched it off, or null.</param>
/// <param name="Failures">How many attempts failed since the last that did not; ten switch it off.</param>
/// <param name="SignatureEncoding">How the dialect's signature is written.</param>
/// <param name="SignaturePrefix">Whether the dialect's signature begins with <c>sha256=</c>.</param>
/// <param name="Secret">What requests are signed with: shown when it was made or rotated, and never again.</param>
/// <param name="PreviousSecretUntil">Until when requests are signed with the secret before as well.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="ModifiedOn">When it was last changed by a call, UTC.</param>
public sealed record WebhookRead(
    Guid Uuid,
    string Name,
    string Url,
    IReadOnlyList<string> Events,
    bool Active,
    string? OffReason,
    int Failures,
    SignatureEncoding SignatureEncoding,
    bool SignaturePrefix,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret,
    DateTime? PreviousSecretUntil,
    DateTime CreatedOn,
    DateTime ModifiedOn)
{
    /// <summary>A webhook as callers see it, without its secret.</summary>
    /// <param name="webhook">The webhook.</param>
    public static WebhookRead Of(Webhook webhook) => new(
        webhook.Id,
        webhook.Name,
        webhook.Url,
        webhook.Events,
        webhook.IsActive,
        webhook.OffReason,
        webhook.Failures,
        webhook.SignatureEncoding,
        webhook.SignatureHasPrefix,
        null,
        webhook.PreviousSecretUntil,
        webhook.CreatedOn,
        webhook.ModifiedOn);
}

/// <summary>One attempt to deliver an event.</summary>
/// <param name="Uuid">The attempt's id.</param>
/// <param name="Delivery">The delivery's id, the same on every attempt: the end of the headers <c>webhook-id</c> and <c>X-Webhook-Delivery-Id</c>.</param>
/// <param name="Event">The kind of event.</param>
/// <param name="Subject">The contact or stage.</param>
/// <param name="Attempt">Which attempt it was, from 1.</param>
/// <param name="RequestedOn">When the request was sent, UTC.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Status">The status answered, or null.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Answer">The first kilobyte of the answer's body, or null.</param>
/// <param name="Request">The request, when one attempt is read.</param>
public sealed record DeliveryRead(
    Guid Uuid,
    Guid Delivery,
    string Event,
    Guid Subject,
    int Attempt,
    DateTime RequestedOn,
    int DurationMs,
    int? Status,
    string? Error,
    string? Answer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RequestRead? Request)
{
    /// <summary>An attempt as callers see it.</summary>
    /// <param name="attempt">The attempt.</param>
    public static DeliveryRead Of(WebhookDelivery attempt) => new(
        attempt.Id,
        attempt.DeliveryId,
        attempt.Kind,
        attempt.SubjectId,
        attempt.Attempt,
        attempt.RequestedOn,
        attempt.DurationMs,
        attempt.Status,
        attempt.Error,
        attempt.Answer,
        null);
}

/// <summary>A request as it was sent, made again from its event; signatures are left out.</summary>
/// <param name="Headers">The dialect's headers.</param>
/// <param name="Body">The body.</param>
public sealed record RequestRead(IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>A request as callers see it.</summary>
    /// <param name="rendered">The event in the dialect's words.</param>
    public static RequestRead Of(RenderedEvent rendered) => new(
        rendered.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal), Encoding.UTF8.GetString(rendered.Body));
}

/// <summary>The span of time whose events are to be sent again.</summary>
/// <param name="Since">What happened from this time on.</param>
/// <param name="Until">And before this time; now when it is left out.</param>
public sealed record ReplaySpan(DateTime Since, DateTime? Until);

/// <summary>What is sent again.</summary>
/// <param name="Count">How many events; those that wait anyway are not among them.</param>
public sealed record Replayed(int Count);
