using Contacts.Core;

namespace Contacts.Dialects.Weni;

/// <summary>Lists contacts, whole or lean.</summary>
/// <param name="contacts">Reads contacts.</param>
/// <param name="catalogs">The workspaces' fields and groups.</param>
public sealed class ContactLists(ContactService contacts, CatalogCache catalogs)
{
    /// <summary>The answer to a call that lists contacts.</summary>
    /// <param name="context">The call.</param>
    /// <param name="isLean">Whether URNs, groups and fields are left out.</param>
    /// <param name="cancellation">Stops the query.</param>
    internal async Task<JsonAnswer> AnswerAsync(HttpContext context, bool isLean, CancellationToken cancellation)
    {
        var workspace = context.Caller().Workspace;
        var parameters = context.Request.Query;
        if (!CursorPages.TryRead(parameters, out var from))
            return CursorPages.Invalid;
        var catalog = await catalogs.GetAsync(workspace.Id, cancellation);
        var filters = new ContactFilters(parameters, workspace, catalog);
        var (query, refusal) = filters.Read(from);
        if (filters.MissedSomething)
        {
            catalog = await catalogs.RefreshAsync(workspace.Id, cancellation);
            (query, refusal) = new ContactFilters(parameters, workspace, catalog).Read(from);
        }

        if (refusal is not null)
            return refusal;
        var page = query is null ? Page<Contact>.Empty : await contacts.ListAsync(workspace, query, cancellation);
        return CursorPages.Answer(
            context.Request, page, (json, contact) => ContactRead.Write(json, contact, workspace, isLean ? null : catalog));
    }
}
