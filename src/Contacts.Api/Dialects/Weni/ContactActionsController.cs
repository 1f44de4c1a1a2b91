using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>One action on up to a hundred contacts.</summary>
/// <param name="upsert">Writes contacts.</param>
/// <param name="contacts">Reads contacts.</param>
/// <param name="groups">Finds groups.</param>
/// <param name="validator">The shape of a body.</param>
[Route("/api/v2/contact_actions.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactActionsController(
    ContactWriter upsert, ContactService contacts, GroupReferences groups, IValidator<ContactActionWrite> validator) : ControllerBase
{
    /// <summary>
    /// Adds contacts to a group or removes them from it, blocks, unblocks, archives or deletes them. There are no runs to interrupt
    /// and no messages to archive here: those two actions are checked and change nothing.
    /// </summary>
    [HttpPost]
    public async Task<IActionResult> Act(CancellationToken cancellation)
    {
        var workspace = HttpContext.Caller().Workspace;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal;
        var faults = new List<ValidationFailure>();
        var write = ContactActionWrite.Read(body.Object, faults);
        faults.AddRange(validator.Validate(write).Errors);
        var found = await FindAsync(workspace, write.Contacts ?? [], faults, cancellation);
        var group = write.Group is null ? null : await groups.FindAsync(workspace, write.Group, "group", isStatic: true, faults, cancellation);
        if (faults.Count == 0)
            Check(write, found, faults);
        if (faults.Count > 0)
            return Errors.Invalid(faults);

        if (ChangeOf(write, group) is not { } asked)
            return JsonAnswer.NoContent;
        var change = asked with { By = HttpContext.Caller().Token.Name };
        var outcomes = await upsert.ApplyAsync(workspace, [.. found.Select(contact => change with { Id = contact.Id })], cancellation);
        return RefusalOf(outcomes) ?? JsonAnswer.NoContent;
    }

    /// <summary>What came in between and must be told. A contact that was deleted meanwhile is none that anything had to be done to.</summary>
    private static JsonAnswer? RefusalOf(IReadOnlyList<ContactOutcome> outcomes) =>
        outcomes.Select(outcome => outcome.Refusal).FirstOrDefault(refusal => refusal is Refusal.Failed or Refusal.GroupUnknown) switch
        {
            Refusal.GroupUnknown(var reference) => Errors.Invalid([new ValidationFailure("group", Texts.NoSuchObject(reference))]),
            { } failed => Errors.Of(failed, Endpoints.Contacts.Name),
            null => null,
        };

    private async Task<List<Contact>> FindAsync(
        Workspace workspace, List<string> references, List<ValidationFailure> faults, CancellationToken cancellation)
    {
        var ids = new List<Guid>(references.Count);
        var identities = new List<string>(references.Count);
        foreach (var reference in references)
        {
            if (LookUp.TryUuid(reference, out var id))
                ids.Add(id);
            else if (!workspace.IsAnonymous && LookUp.TryUrn(reference, workspace, out var urn))
                identities.Add(urn.Identity);
        }

        var known = references.Count == 0 ? [] : await contacts.FindAsync(workspace, ids, identities, cancellation);
        var found = new List<Contact>(references.Count);
        foreach (var reference in references)
        {
            if (known.FirstOrDefault(contact => IsMeant(contact, reference, workspace)) is not { } contact)
            {
                faults.Add(new ValidationFailure("contacts", Texts.NoSuchObject(reference)));
                break;
            }

            if (!found.Contains(contact))
                found.Add(contact);
        }

        return found;
    }

    private static bool IsMeant(Contact contact, string reference, Workspace workspace) =>
        LookUp.TryUuid(reference, out var id)
            ? contact.Id == id
            : LookUp.TryUrn(reference, workspace, out var urn) && contact.Urns.Any((Urn own) => own.Identity == urn.Identity);

    private static void Check(ContactActionWrite write, List<Contact> found, List<ValidationFailure> faults)
    {
        var action = write.Action!;
        if (write.WantsGroup && write.Group is null)
            faults.Add(new ValidationFailure(Errors.Whole, Texts.GroupNeeded(action)));
        else if (!write.WantsGroup && write.Group is not null)
            faults.Add(new ValidationFailure(Errors.Whole, Texts.GroupNotNeeded(action)));
        var others = found.Where(contact => contact.Status != ContactStatus.Active).Select(contact => contact.Id).ToList();
        if (action == "add" && others.Count > 0 && faults.Count == 0)
            faults.Add(new ValidationFailure(Errors.Whole, Texts.NotActiveContacts(others)));
    }

    private static ContactChange? ChangeOf(ContactActionWrite write, Group? group) => write.Action switch
    {
        "add" => new ContactChange { AddTo = new NamedGroup(group!, write.Group!) },
        "remove" => new ContactChange { RemoveFrom = group },
        "block" => new ContactChange { Status = ContactStatus.Blocked },
        "unblock" => new ContactChange { Status = ContactStatus.Active },
        "archive" => new ContactChange { Status = ContactStatus.Archived },
        "delete" => new ContactChange { Delete = true },
        _ => null,
    };
}
