using Contacts.Audit;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Who did what to the workspace through this API, the console and the command line. Nothing here changes or deletes an entry.</summary>
/// <param name="trail">The audit log.</param>
/// <param name="listings">The shape of the list's parameters.</param>
[Route(Setup.Root + "/audit")]
public sealed class AuditController(AuditTrail trail, IValidator<AuditListing> listings) : ManagementController
{
    /// <summary>Lists entries, the last one first.</summary>
    /// <param name="listing">Which ones.</param>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listAudit")]
    [HttpHead]
    [ProducesResponseType<Listed<AuditRead>>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    public async Task<IActionResult> List([FromQuery] AuditListing listing, CancellationToken cancellation)
    {
        var faults = listings.Validate(listing).Errors;
        if (faults.Count > 0)
            return Refused(faults);
        AutomationListing.TryRead(listing.Cursor, out var from);
        var page = await trail.ListAsync(Workspace.Id, listing.QueryOf(), listing.Limit, from, cancellation);
        return Ok(new Listed<AuditRead>([.. page.Items.Select(AuditRead.Of)], AutomationListing.TextOf(page.Next), AutomationListing.TextOf(page.Previous)));
    }
}
