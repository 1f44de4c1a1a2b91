using System.Text.Json;
using Contacts.Core;
using Contacts.Webhooks;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The log of a webhook's deliveries, and sending again.</summary>
/// <param name="webhooks">The workspaces' webhooks.</param>
/// <param name="deliveries">The log.</param>
/// <param name="sender">Makes requests again.</param>
/// <param name="clock">The clock.</param>
/// <param name="listings">The shape of a list's parameters.</param>
[Route(Setup.Root + "/webhooks/{uuid:guid}")]
public sealed class WebhookDeliveriesController(
    WebhookService webhooks, DeliveryLog deliveries, Sender sender, TimeProvider clock, IValidator<AutomationListing> listings) : ManagementController
{
    /// <summary>Lists the attempts, the last one first.</summary>
    /// <param name="uuid">The webhook's uuid.</param>
    /// <param name="cursor">Where the page begins: taken from <c>next</c> and <c>previous</c>.</param>
    /// <param name="limit">The size of a page, 1 to 250.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet("deliveries", Name = "listWebhookDeliveries")]
    [HttpHead("deliveries")]
    [ProducesResponseType<Listed<DeliveryRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> List(Guid uuid, [FromQuery] string? cursor, [FromQuery] int limit = DeliveryLog.MaxPageSize, CancellationToken cancellation = default)
    {
        var faults = listings.Validate(new AutomationListing { Cursor = cursor, Limit = limit }).Errors;
        if (faults.Count > 0)
            return Refused(faults);
        if (await webhooks.FindAsync(Workspace, uuid, cancellation) is null)
            return NotFound();
        AutomationListing.TryRead(cursor, out var from);
        var page = await deliveries.ListAsync(Workspace, uuid, limit, from, cancellation);
        return Ok(new Listed<DeliveryRead>(
            [.. page.Items.Select(DeliveryRead.Of)], AutomationListing.TextOf(page.Next), AutomationListing.TextOf(page.Previous)));
    }

    /// <summary>Reads one attempt, with its request.</summary>
    /// <param name="uuid">The webhook's uuid.</param>
    /// <param name="attempt">The attempt's uuid.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet("deliveries/{attempt:guid}", Name = "getWebhookDelivery")]
    [HttpHead("deliveries/{attempt:guid}")]
    [ProducesResponseType<DeliveryRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Read(Guid uuid, Guid attempt, CancellationToken cancellation)
    {
        if (await webhooks.FindAsync(Workspace, uuid, cancellation) is not { } webhook
            || await deliveries.FindAsync(Workspace, uuid, attempt, cancellation) is not { } found)
            return NotFound();
        var rendered = sender.Render(webhook, found);
        return Ok(DeliveryRead.Of(found) with { Request = RequestRead.Of(rendered) });
    }

    /// <summary>Sends the event of an attempt again, under the same delivery id.</summary>
    /// <param name="uuid">The webhook's uuid.</param>
    /// <param name="attempt">The attempt's uuid.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    [HttpPost("deliveries/{attempt:guid}/replay", Name = "replayWebhookDelivery")]
    [ProducesResponseType<Replayed>(StatusCodes.Status202Accepted, Setup.Json)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> Replay(Guid uuid, Guid attempt, CancellationToken cancellation) =>
        await deliveries.ReplayAsync(Workspace, uuid, attempt, cancellation) is { } count ? Accepted(new Replayed(count)) : NotFound();

    /// <summary>Sends the events of a span of time again, under the same delivery ids and in the order in which they happened.</summary>
    /// <param name="uuid">The webhook's uuid.</param>
    /// <param name="body">The span.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    [HttpPost("replay", Name = "replayWebhook")]
    [ProducesResponseType<Replayed>(StatusCodes.Status202Accepted, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    public async Task<IActionResult> ReplaySpan(Guid uuid, [FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var (since, until) = (reading.Time("since"), reading.Time("until"));
        var faults = reading.Faults().ToList();
        if (!since.IsGiven && faults.Count == 0)
            faults.Add(new ValidationFailure("since", "Is required."));
        if (faults.Count > 0)
            return Refused(faults);
        if (await webhooks.FindAsync(Workspace, uuid, cancellation) is null)
            return NotFound();
        var count = await deliveries.ReplayAsync(Workspace, uuid, since.Value, until.Or(clock.Now()), cancellation);
        return Accepted(new Replayed(count));
    }
}
