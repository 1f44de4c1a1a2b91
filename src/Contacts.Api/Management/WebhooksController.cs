using System.Text.Json;
using Contacts.Webhooks;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Webhooks: who is told of what happens in the workspace, whichever API it happens through.</summary>
/// <param name="webhooks">The workspaces' webhooks.</param>
/// <param name="validator">The shape of a webhook.</param>
[Route(Setup.Root + "/webhooks")]
public sealed class WebhooksController(WebhookService webhooks, IValidator<WebhookChanges> validator) : ManagementController
{
    private const string GetOne = "getWebhook";

    /// <summary>Lists all of them, at most 50, the oldest first.</summary>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listWebhooks")]
    [HttpHead]
    [ProducesResponseType<Listed<WebhookRead>>(StatusCodes.Status200OK, Setup.Json)]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var all = await webhooks.ListAsync(Workspace, cancellation);
        return Ok(new Listed<WebhookRead>([.. all.Select(WebhookRead.Of)], null, null));
    }

    /// <summary>Reads one.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet("{uuid:guid}", Name = GetOne)]
    [HttpHead("{uuid:guid}")]
    [ProducesResponseType<WebhookRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Read(Guid uuid, CancellationToken cancellation) =>
        await webhooks.FindAsync(Workspace, uuid, cancellation) is { } webhook ? Ok(WebhookRead.Of(webhook)) : NotFound();

    /// <summary>Makes one, on at once. The answer has its secret, this one time.</summary>
    /// <param name="body">What it is to be.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPost(Name = "createWebhook")]
    [ProducesResponseType<WebhookRead>(StatusCodes.Status201Created, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Create([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        reading.RequiredText("name");
        reading.RequiredText("url");
        var (changes, faults) = ChangesOf(reading);
        if (!changes.Events.IsGiven && !faults.Exists(fault => fault.PropertyName == "events"))
            faults.Add(new ValidationFailure("events", "Is required."));
        if (faults.Count > 0)
            return Refused(faults.DistinctBy(fault => (fault.PropertyName, fault.ErrorMessage)));
        var outcome = await webhooks.CreateAsync(Workspace, changes, cancellation);
        if (outcome.Refusal is { } refusal)
            return Refused(refusal);
        var made = outcome.Value!;
        return CreatedAtRoute(GetOne, new { uuid = made.Id }, WebhookRead.Of(made) with { Secret = made.Secret });
    }

    /// <summary>Changes one: what is left out stays.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="body">What is to change.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPatch("{uuid:guid}", Name = "changeWebhook")]
    [ProducesResponseType<WebhookRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Change(Guid uuid, [FromBody] JsonElement body, CancellationToken cancellation)
    {
        var (changes, faults) = ChangesOf(new Body(body));
        if (faults.Count > 0)
            return Refused(faults);
        var outcome = await webhooks.UpdateAsync(Workspace, uuid, changes, cancellation);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Ok(WebhookRead.Of(outcome.Value!));
    }

    /// <summary>Deletes one with what waits for it.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpDelete("{uuid:guid}", Name = "deleteWebhook")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Delete(Guid uuid, CancellationToken cancellation) =>
        await webhooks.DeleteAsync(Workspace, uuid, cancellation) is { } refusal ? Refused(refusal) : NoContent();

    /// <summary>Gives one another secret. For 24 hours requests are signed with the one before as well. The answer has the new one, this one time.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPost("{uuid:guid}/rotate-secret", Name = "rotateWebhookSecret")]
    [ProducesResponseType<WebhookRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Rotate(Guid uuid, CancellationToken cancellation)
    {
        var outcome = await webhooks.RotateAsync(Workspace, uuid, cancellation);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Ok(WebhookRead.Of(outcome.Value!) with { Secret = outcome.Value!.Secret });
    }

    /// <summary>Sends an event of no consequence at once and answers what came of it, whether the webhook is on or off.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Gives up.</param>
    [HttpPost("{uuid:guid}/test", Name = "testWebhook")]
    [ProducesResponseType<DeliveryRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Test(Guid uuid, CancellationToken cancellation) =>
        await webhooks.TestAsync(Workspace, uuid, cancellation) is { } attempt ? Ok(DeliveryRead.Of(attempt)) : NotFound();

    private (WebhookChanges Changes, List<ValidationFailure> Faults) ChangesOf(Body body)
    {
        var changes = WebhookWrite.Read(body);
        return (changes, [.. body.Faults(), .. validator.Validate(changes).Errors]);
    }
}
