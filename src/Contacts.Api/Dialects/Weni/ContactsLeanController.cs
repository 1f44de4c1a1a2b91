using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>Contacts without URNs, groups and fields, for clients that only count or compare.</summary>
/// <param name="lists">Lists contacts.</param>
[Route("/api/v2/contacts_lean.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsLeanController(ContactLists lists) : ControllerBase
{
    /// <summary>Lists contacts, the last changed first, with the filters of contacts.json.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public async Task<IActionResult> List(CancellationToken cancellation) => await lists.AnswerAsync(HttpContext, isLean: true, cancellation);
}
