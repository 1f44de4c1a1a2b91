using System.Globalization;
using Contacts.Core;
using Microsoft.AspNetCore.Components;
using Npgsql;

namespace Contacts.Console.Pages.Book;

/// <summary>The contacts: searched, filtered, paged, and acted on several at a time.</summary>
public sealed partial class ContactList
{
    private const int PageSize = 50;
    private const int MostAtOnce = 100;
    private const int MostGroups = 3;

    [Inject]
    internal ContactService Book { get; set; } = null!;

    [Inject]
    internal ContactWriter Writer { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    private ContactFilter Filter => new(Http.Request.Query);

    private Catalog Catalog { get; set; } = new([], []);

    /// <summary>The contacts; null when looking for them took too long.</summary>
    private Page<Contact>? Page { get; set; }

    /// <summary>The code of the reason why a form was refused, or null.</summary>
    private string? Fault { get; set; }

    private IReadOnlyList<Group> StaticGroups => [.. Catalog.Groups.Where(group => !group.IsDynamic)];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Catalog = await Catalogs.GetAsync(Workspace.Id, Gone);
        if (Filter.Read(Workspace, Catalog) is not { } query)
        {
            Page = Page<Contact>.Empty;
            return;
        }

        try
        {
            Page = await Book.ListAsync(Workspace, query with { PageSize = PageSize, From = Places.Read(Http.Request.Query["at"]), Patience = TimeSpan.FromSeconds(10) }, Gone);
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            Answer(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task ActAsync()
    {
        var form = Http.Request.Form;
        var ids = form["contact"].Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToList();
        var action = form["action"].LastOrDefault();
        if (ids.Count is 0 or > MostAtOnce)
        {
            Refuse(ids.Count == 0 ? "none_chosen" : "too_many_chosen");
            return;
        }

        var group = Guid.TryParse(form["target"].LastOrDefault(), out var target) ? Catalog.GroupById(target) : null;
        if (action is "add" or "remove" && group is null or { IsDynamic: true })
        {
            Refuse("no_group");
            return;
        }

        if (ChangeOf(action, group) is not { } change)
        {
            Refuse("no_action");
            return;
        }

        var outcomes = await Writer.ApplyAsync(Workspace, [.. ids.Select(id => change with { Id = id, By = Caller.Token.Name })], Gone);
        var refusals = outcomes.Select(outcome => outcome.Refusal).OfType<Refusal>().ToList();
        Go(Filter.UrlOf(
            "contacts",
            ("done", action),
            ("count", Text(ids.Count - refusals.Count)),
            ("refused", refusals.Count == 0 ? null : Text(refusals.Count)),
            ("why", refusals.Count == 0 ? null : Reason.Of(refusals[0]).Code)));
    }

    private static ContactChange? ChangeOf(string? action, Group? group) => action switch
    {
        "add" => new ContactChange { AddTo = new NamedGroup(group!, group!.Name) },
        "remove" => new ContactChange { RemoveFrom = group },
        "block" => new ContactChange { Status = ContactStatus.Blocked },
        "unblock" => new ContactChange { Status = ContactStatus.Active },
        "delete" => new ContactChange { Delete = true },
        _ => null,
    };

    private void Refuse(string code)
    {
        Answer(StatusCodes.Status400BadRequest);
        Fault = code;
    }

    private IEnumerable<Group> GroupsOf(Contact contact) => contact.GroupIds.Select(Catalog.GroupById).OfType<Group>().OrderBy(group => group.NameKey, StringComparer.Ordinal);

    private string? PathTo(Cursor? place) => place is null ? null : Filter.UrlOf("contacts", ("at", Places.TextOf(place)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
