using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>Reads a contact's body from JSON to the change it asks for, all faults told: for one contact and for many.</summary>
/// <param name="catalogs">The workspaces' fields and groups.</param>
/// <param name="validator">The shape of a body.</param>
/// <param name="clock">The clock.</param>
public sealed class ContactBodies(CatalogCache catalogs, IValidator<ContactWrite> validator, TimeProvider clock)
{
    /// <summary>Reads a body.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="body">The JSON object.</param>
    /// <param name="lookUp">How the call names the contact.</param>
    /// <param name="faults">Where faults are told.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The change, of no contact yet; not to be applied when there are faults.</returns>
    internal async ValueTask<ContactChange> ReadAsync(
        Workspace workspace, JsonElement body, LookUp lookUp, List<ValidationFailure> faults, CancellationToken cancellation)
    {
        var write = ContactWrite.Read(body, faults);
        faults.AddRange(validator.Validate(write).Errors);
        var known = faults.Count;
        var changes = new ContactChanges(workspace, await catalogs.GetAsync(workspace.Id, cancellation), clock);
        var change = changes.Read(write, lookUp, faults);
        if (!changes.MissedSomething)
            return change;

        // A group or field that this server does not know yet: only the database can say that there is none.
        faults.RemoveRange(known, faults.Count - known);
        return new ContactChanges(workspace, await catalogs.RefreshAsync(workspace.Id, cancellation), clock).Read(write, lookUp, faults);
    }
}
