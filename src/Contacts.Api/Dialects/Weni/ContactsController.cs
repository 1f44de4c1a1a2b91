using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>Contacts: list, upsert, delete.</summary>
/// <param name="upsert">Writes contacts.</param>
/// <param name="contacts">Reads contacts.</param>
/// <param name="catalogs">The workspaces' fields and groups.</param>
/// <param name="lookUps">Finds contacts by URN.</param>
/// <param name="lists">Lists contacts.</param>
/// <param name="bodies">Reads bodies.</param>
[Route("/api/v2/contacts.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsController(
    ContactWriter upsert, ContactService contacts, CatalogCache catalogs, ContactLookUps lookUps, ContactLists lists, ContactBodies bodies) : ControllerBase
{
    // The actions take no parameter: MVC's binding of a CancellationToken alone costs a twentieth of a call.
    /// <summary>Lists contacts, the last changed first. Filters combine.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public async Task<IActionResult> List() => await lists.AnswerAsync(HttpContext, isLean: false, HttpContext.RequestAborted);

    /// <summary>Creates a contact; with <c>?uuid=</c> updates one; with <c>?urn=</c> updates the contact that has it, or creates one with it.</summary>
    [HttpPost]
    public async Task<IActionResult> Write()
    {
        var cancellation = HttpContext.RequestAborted;
        var workspace = HttpContext.Caller().Workspace;
        var (lookUp, refused) = LookUp.Read(Request.Query, Endpoints.Contacts, workspace, isRequired: false);
        if (refused is not null)
            return refused;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return await FindAsync(workspace, lookUp, cancellation) is (true, null) ? Errors.NotFound : body.Refusal;

        var faults = new List<ValidationFailure>();
        var change = await bodies.ReadAsync(workspace, body.Object, lookUp, faults, cancellation);
        if (faults.Count > 0 || lookUp.Parameter == "name")
        {
            var (isRequired, found) = await FindAsync(workspace, lookUp, cancellation);
            if (isRequired && found is null)
                return Errors.NotFound;
            if (faults.Count > 0)
                return await WithStateAsync(workspace, change, found, faults, cancellation);
            change = change with { Id = found!.Id };
        }

        if (lookUp.Parameter == "uuid")
        {
            if (lookUp.Uuid is not { } id)
                return Errors.NotFound;
            change = change with { Id = id };
        }

        var outcome = await upsert.ApplyAsync(workspace, change with { Urn = lookUp.Urn, By = HttpContext.Caller().Token.Name }, cancellation);
        return ContactRead.Answer(outcome, workspace, await catalogs.GetAsync(workspace.Id, cancellation));
    }

    /// <summary>Deletes the contact that <c>?uuid=</c>, <c>?urn=</c> or <c>?name=</c> names. Its URNs are free at once.</summary>
    [HttpDelete]
    public async Task<IActionResult> Delete()
    {
        var cancellation = HttpContext.RequestAborted;
        var workspace = HttpContext.Caller().Workspace;
        var (lookUp, refused) = LookUp.Read(Request.Query, Endpoints.Contacts, workspace, isRequired: true);
        if (refused is not null)
            return refused;
        var id = lookUp.Parameter == "name" ? (await FindAsync(workspace, lookUp, cancellation)).Contact?.Id : lookUp.Uuid;
        if (id is null && lookUp.Urn is null)
            return Errors.NotFound;
        var change = new ContactChange { Id = id, Urn = lookUp.Urn, Delete = true, By = HttpContext.Caller().Token.Name };
        var outcome = await upsert.ApplyAsync(workspace, change, cancellation);
        return outcome.Refusal is null ? JsonAnswer.NoContent : Errors.Of(outcome.Refusal, Endpoints.Contacts.Name);
    }

    /// <returns>Whether the look-up must find a contact, and the one it finds.</returns>
    private async Task<(bool IsRequired, Contact? Contact)> FindAsync(Workspace workspace, LookUp lookUp, CancellationToken cancellation) => lookUp switch
    {
        { Urn: { } urn } => (false, await lookUps.FindAsync(workspace, urn, cancellation)),
        { Uuid: { } uuid } => (true, await contacts.FindAsync(workspace, uuid, cancellation)),
        { Parameter: "name", Value: var name } when !name.Contains('\0') => (true, await contacts.FindByNameAsync(workspace, name, cancellation)),
        _ => (lookUp.Parameter is not null, null),
    };

    /// <summary>Faults come together: those of the body, and those that only the book knows.</summary>
    private async Task<IActionResult> WithStateAsync(
        Workspace workspace, ContactChange change, Contact? found, List<ValidationFailure> faults, CancellationToken cancellation)
    {
        if (found is { Status: not ContactStatus.Active } && change.Groups is { Count: > 0 })
            faults.Add(new ValidationFailure("groups", Texts.NotActive));
        if (found is null && !faults.Exists(fault => fault.PropertyName.StartsWith("urns", StringComparison.Ordinal)))
        {
            foreach (var urn in change.Urns ?? [])
            {
                if (await lookUps.FindAsync(workspace, urn, cancellation) is null)
                    continue;
                faults.Add(new ValidationFailure("urns", Texts.UrnTaken(urn.Identity)));
                break;
            }
        }

        return Errors.Invalid(faults);
    }
}
