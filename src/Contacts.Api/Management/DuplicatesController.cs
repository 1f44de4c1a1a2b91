using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Numbers that came into the book in two forms, and the way to make one contact of two.</summary>
/// <param name="duplicates">Finds them.</param>
/// <param name="writer">Writes contacts.</param>
/// <param name="listings">The shape of the report's parameters.</param>
[Route(Setup.Root + "/duplicates")]
public sealed class DuplicatesController(ContactDuplicates duplicates, ContactWriter writer, IValidator<DuplicateListing> listings) : ManagementController
{
    private const string Keep = "keep";
    private const string Other = "merge";

    /// <summary>
    /// Lists the numbers that different contacts hold in two forms which the workspace takes for one: with and without Brazil's ninth digit, or the 1 of
    /// Mexico. A page may be short or empty while <c>next</c> leads on.
    /// </summary>
    /// <param name="listing">Which page.</param>
    /// <param name="cancellation">Stops the report.</param>
    [HttpGet(Name = "listDuplicates")]
    [HttpHead]
    [ProducesResponseType<Listed<DuplicateRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    public async Task<IActionResult> List([FromQuery] DuplicateListing listing, CancellationToken cancellation)
    {
        var faults = listings.Validate(listing).Errors;
        if (faults.Count > 0)
            return Refused(faults);
        DuplicateListing.TryRead(listing.Cursor, out var place);
        var page = await duplicates.ListAsync(Workspace, place, listing.Limit, cancellation);
        return Ok(new Listed<DuplicateRead>(
            [.. page.Items.Select(number => DuplicateRead.Of(number, Workspace))], DuplicateListing.TextOf(page.Next), null));
    }

    /// <summary>
    /// Joins two contacts. The one that stays gets the other's URNs behind its own, its tags and static groups, and its values where it has none; the
    /// other is deleted.
    /// </summary>
    /// <param name="body">The two.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPost("merge", Name = "mergeContacts")]
    [ProducesResponseType<DuplicateContact>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Merge([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var (keep, other) = (reading.RequiredUuid(Keep), reading.RequiredUuid(Other));
        var faults = reading.Faults().ToList();
        if (faults.Count > 0)
            return Refused(faults);
        if (Workspace.Standing != Standing.Good)
            return Problem(statusCode: StatusCodes.Status403Forbidden, detail: "The workspace is suspended or flagged: its contacts can only be read.");
        var by = HttpContext.Features.GetRequiredFeature<Caller>().Token.Name;
        var outcome = await writer.ApplyAsync(Workspace, new ContactChange { Id = keep, Merge = other, By = by }, cancellation);
        return outcome.Refusal switch
        {
            null => Ok(DuplicateContact.Of(outcome.Contact!, Workspace)),
            Refusal.NotFound or Refusal.ContactDeleted => Refused([new(Keep, "There is no such contact.")]),
            Refusal.OtherNotFound => Refused([new(Other, "There is no such contact.")]),
            Refusal.SameContact => Refused([new(Other, "Must be another contact.")]),
            Refusal.TooMany(var attribute, var limit) => Conflicting(Other, $"Together they would have more than {limit} {Choices<CountedAttribute>.NameOf(attribute)}."),
            _ => Refused(outcome.Refusal),
        };
    }
}
