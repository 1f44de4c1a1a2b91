using System.Text.Json;
using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Whaapy;

/// <summary>Webhooks: who is told of what happens. For keys of administrators, since a webhook takes the whole book elsewhere.</summary>
/// <param name="webhooks">The workspaces' webhooks.</param>
/// <param name="deliveries">What was sent.</param>
/// <param name="validator">The shape of a webhook.</param>
/// <param name="created">What answers a creation.</param>
[Route("/user-webhooks")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class UserWebhooksController(
    WebhookService webhooks, DeliveryLog deliveries, IValidator<WebhookChanges> validator, CreatedStatus created) : ControllerBase
{
    private const int UsualLogs = 50;
    private const int MostLogs = 100;

    private Workspace Workspace => HttpContext.Caller().Workspace;

    /// <summary>Lists all webhooks, the oldest first.</summary>
    [HttpGet]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var all = await webhooks.ListAsync(Workspace, cancellation);
        return ListOf(all, static (json, webhook) => Write(json, webhook, null));
    }

    /// <summary>Creates a webhook. The answer has its secret, this one time.</summary>
    [HttpPost]
    public async Task<IActionResult> Create(CancellationToken cancellation)
    {
        var (changes, refusal) = await ReadAsync(isNew: true);
        if (changes is null)
            return refusal!.Answer;
        var outcome = await webhooks.CreateAsync(Workspace, changes, cancellation);
        return outcome.Refusal is { } refused ? Of(refused).Answer : Answer(created.Status, outcome.Value!, outcome.Value!.Secret);
    }

    /// <summary>Changes a webhook: what is left out stays. Switched on, it sends what waited.</summary>
    [HttpPatch("{id}")]
    public async Task<IActionResult> Update(string id, CancellationToken cancellation)
    {
        if (!ContactsController.TryId(id, out var uuid) || await webhooks.FindAsync(Workspace, uuid, cancellation) is null)
            return Errors.NoWebhook.Answer;
        var (changes, refusal) = await ReadAsync(isNew: false);
        if (changes is null)
            return refusal!.Answer;
        var outcome = await webhooks.UpdateAsync(Workspace, uuid, changes, cancellation);
        return outcome.Refusal is { } refused ? Of(refused).Answer : Answer(StatusCodes.Status200OK, outcome.Value!, null);
    }

    /// <summary>Deletes a webhook with what waits for it.</summary>
    [HttpDelete("{id}")]
    public async Task<IActionResult> Delete(string id, CancellationToken cancellation) =>
        ContactsController.TryId(id, out var uuid) && await webhooks.DeleteAsync(Workspace, uuid, cancellation) is null
            ? ContactsController.Done
            : Errors.NoWebhook.Answer;

    /// <summary>Sends an event of no consequence at once and answers what came of it.</summary>
    [HttpPost("{id}/test")]
    public async Task<IActionResult> Test(string id, CancellationToken cancellation)
    {
        if (!ContactsController.TryId(id, out var uuid) || await webhooks.TestAsync(Workspace, uuid, cancellation) is not { } attempt)
            return Errors.NoWebhook.Answer;
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("success", attempt.Error is null);
            json.WriteString("message", attempt.Error ?? "Webhook entregado");
            json.WriteStartObject("data");
            WriteStatus(json, attempt);
            json.WriteString("response_preview", attempt.Answer);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Lists the last attempts, the last one first.</summary>
    [HttpGet("{id}/logs")]
    public async Task<IActionResult> Logs(string id, CancellationToken cancellation)
    {
        if (!ContactsController.TryId(id, out var uuid) || await webhooks.FindAsync(Workspace, uuid, cancellation) is null)
            return Errors.NoWebhook.Answer;
        var limit = UsualLogs;
        var given = Request.Query["limit"].ToString();
        if (given.Length > 0 && (!int.TryParse(given, System.Globalization.CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostLogs))
            return Errors.Invalid("limit", Texts.NotNumber).Answer;
        var page = await deliveries.ListAsync(Workspace, uuid, limit, null, cancellation);
        return ListOf(page.Items, static (json, attempt) =>
        {
            json.WriteStartObject();
            json.WriteString("id", attempt.Id);
            json.WriteString("event", WebhookBodies.NameOf(attempt.Kind));
            WriteStatus(json, attempt);
            json.WriteTime(JsonEncodedText.Encode("timestamp"), attempt.RequestedOn);
            json.WriteString("error", attempt.Error);
            json.WriteEndObject();
        });
    }

    private async Task<(WebhookChanges? Changes, Fault? Refusal)> ReadAsync(bool isNew)
    {
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return (null, body.Refusal);
        var faults = new List<ValidationFailure>();
        var changes = WebhookWrite.Read(body.Object, isNew, validator, faults);
        return faults.Count == 0 ? (changes, null) : (null, Errors.Invalid(faults));
    }

    private static Fault Of(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => Errors.NoWebhook,
        Refusal.LimitReached => Errors.TooManyWebhooks,
        _ => Errors.Of(refusal),
    };

    private static JsonAnswer Answer(int status, Webhook webhook, string? secret) => new(status, json => Write(json, webhook, secret));

    private static JsonAnswer ListOf<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write) => new(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var item in items)
            write(json, item);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, Webhook webhook, string? secret)
    {
        json.WriteStartObject();
        json.WriteString("id", webhook.Id);
        json.WriteString("name", webhook.Name);
        json.WriteString("url", webhook.Url);
        json.WriteStartArray("events");
        foreach (var name in webhook.Events)
            json.WriteStringValue(name == Webhook.AllEvents ? name : WebhookBodies.NameOf(name));
        json.WriteEndArray();
        json.WriteBoolean("isActive", webhook.IsActive);
        json.WriteNumber("failureCount", webhook.Failures);
        json.WriteTime(JsonEncodedText.Encode("createdAt"), webhook.CreatedOn);
        if (secret is not null)
            json.WriteString("secret", secret);
        json.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter json, WebhookDelivery attempt)
    {
        if (attempt.Status is { } status)
            json.WriteNumber("status", status);
        else
            json.WriteNull("status");
        json.WriteNumber("duration_ms", attempt.DurationMs);
    }
}
