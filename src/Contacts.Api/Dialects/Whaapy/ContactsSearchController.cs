using Contacts.Core;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Whaapy;

/// <summary>Contacts: list, search, and which tags and custom fields they use.</summary>
/// <param name="searches">Searches contacts.</param>
/// <param name="stages">The workspaces' stages.</param>
[Route("/contacts/v1")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsSearchController(ContactSearches searches, StageService stages) : ControllerBase
{
    /// <summary>Lists contacts, the newest first. Filters combine.</summary>
    [HttpGet]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var faults = new List<ValidationFailure>();
        var search = new ContactFilters(HttpContext.Caller().Workspace, faults).Read(Request.Query);
        return faults.Count > 0 ? Errors.Invalid(faults).Answer : await AnswerAsync(search, null, cancellation);
    }

    /// <summary>Searches contacts by several filters with operators. Filters combine; those that are not known are left out of <c>filters_applied</c>.</summary>
    [HttpPost("search")]
    public async Task<IActionResult> Search(CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal.Answer;
        var faults = new List<ValidationFailure>();
        var filters = new ContactFilters(HttpContext.Caller().Workspace, faults);
        var search = filters.Read(body.Object);
        return faults.Count > 0 ? Errors.Invalid(faults).Answer : await AnswerAsync(search, filters, cancellation);
    }

    /// <summary>Lists the tags in use, the most used first.</summary>
    [HttpGet("tags")]
    public async Task<IActionResult> Tags(CancellationToken cancellation) =>
        Words("tags", await searches.TagsAsync(HttpContext.Caller().Workspace, cancellation));

    /// <summary>Lists the custom fields in use, the most used first.</summary>
    [HttpGet("fields")]
    public async Task<IActionResult> Fields(CancellationToken cancellation) =>
        Words("fields", await searches.CustomKeysAsync(HttpContext.Caller().Workspace, cancellation));

    private async Task<JsonAnswer> AnswerAsync(ContactSearch search, ContactFilters? filters, CancellationToken cancellation)
    {
        var workspace = HttpContext.Caller().Workspace;
        var page = await searches.FindAsync(workspace, search, cancellation);
        var names = await stages.FindAsync(workspace, page.Contacts.Select(contact => contact.StageId), cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("contacts");
            foreach (var contact in page.Contacts)
                ContactRead.Write(json, contact, workspace, names);
            json.WriteEndArray();
            CursorPages.Write(json, page.Total, search.PageSize, page.Next);
            filters?.WriteApplied(json);
            json.WriteEndObject();
        });
    }

    private static JsonAnswer Words(string name, IReadOnlyList<UsedWord> words) => new(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray(name);
        foreach (var (word, count) in words)
        {
            json.WriteStartObject();
            json.WriteString("name", word);
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
