using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;
using Npgsql;

namespace Contacts.Console.Pages.Book;

/// <summary>Makes one contact of two: the other one is searched for, or has a number of this one's in another form; what comes of it is shown before.</summary>
public sealed partial class ContactJoin
{
    private const int MostCandidates = 20;

    /// <summary>The contact that stays.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal ContactService Book { get; set; } = null!;

    [Inject]
    internal ContactWriter Writer { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    private Catalog Catalog { get; set; } = new([], []);

    private Contact? Kept { get; set; }

    private Contact? Other { get; set; }

    private Contact? Result { get; set; }

    private IReadOnlyList<Contact> Candidates { get; set; } = [];

    /// <summary>Whether looking for candidates took too long.</summary>
    private bool IsSlow { get; set; }

    private Reason? Fault { get; set; }

    /// <summary>The table's rows: an attribute, and what a contact has of it.</summary>
    private IEnumerable<(string Attribute, Func<Contact, string> Text)> Rows =>
    [
        (Words["contacts.name"], contact => contact.Name ?? string.Empty),
        (Words["contact.language"], contact => contact.Language ?? string.Empty),
        (Words["contacts.status"], contact => Words[$"status.{Choices<ContactStatus>.NameOf(contact.Status)}"]),
        (Words["contacts.addresses"], contact => string.Join(", ", contact.Urns.Select(urn => Workspace.IsAnonymous ? $"{urn.Scheme}:********" : urn.ToString()))),
        (Words["contacts.groups"], contact => string.Join(", ", contact.GroupIds.Select(Catalog.GroupById).OfType<Group>().Select(group => group.Name).Order(StringComparer.Ordinal))),
        (Words["profile.tags"], contact => string.Join(", ", contact.Tags)),
        .. Catalog.Fields.Select(own => (own.Label, (Func<Contact, string>)(contact => contact.Fields[own.Id]?.Text ?? string.Empty))),
    ];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Catalog = await Catalogs.GetAsync(Workspace.Id, Gone);
        Kept = await FindAsync(Id);
        if (Kept is not { } kept)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        if (Guid.TryParse(Http.Request.Query["with"], out var with) && with != Id)
        {
            Other = await FindAsync(with);
            Fault = Other is null ? new Reason("other_not_found") : null;
            Result = Other is null ? null : Join(kept, Other);
        }

        try
        {
            Candidates = await FindCandidatesAsync(kept);
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            Answer(StatusCodes.Status503ServiceUnavailable);
            IsSlow = true;
        }
    }

    private async Task JoinAsync()
    {
        if (Other is not { } other)
            return;
        var outcome = await Writer.ApplyAsync(Workspace, new ContactChange { Id = Id, Merge = other.Id, By = Caller.Token.Name }, Gone);
        if (outcome.Refusal is { } refusal)
        {
            Answer(StatusCodes.Status409Conflict);
            Fault = Reason.Of(refusal);
        }
        else
        {
            Go($"contacts/{Id}?done=merged");
        }
    }

    /// <summary>What the engine would come to, if nothing changes before it does.</summary>
    private Contact Join(Contact kept, Contact other)
    {
        var status = ContactMerge.StatusOf(kept, other);
        Guid[] joined = status == ContactStatus.Active
            ? [.. other.GroupIds.Except(kept.GroupIds).Where(id => Catalog.GroupById(id) is { IsDynamic: false })]
            : [];
        var result = ContactMerge.Join(kept, other, joined);
        result.Status = status;
        if (status != kept.Status)
            result.GroupIds = [.. kept.GroupIds.Where(id => Catalog.GroupById(id) is { IsDynamic: true })];
        return result;
    }

    private async Task<IReadOnlyList<Contact>> FindCandidatesAsync(Contact kept)
    {
        var query = Http.Request.Query.ContainsKey("q")
            ? new ContactFilter(Http.Request.Query).Read(Workspace, Catalog) ?? new ContactQuery { Identities = [] }
            : new ContactQuery { Identities = [.. kept.Urns.SelectMany(urn => ContactNumbers.Forms(Workspace, urn))] };
        var page = await Book.ListAsync(Workspace, query with { PageSize = MostCandidates, Patience = TimeSpan.FromSeconds(10) }, Gone);
        return [.. page.Items.Where(contact => contact.Id != Id)];
    }

    private async Task<Contact?> FindAsync(Guid id) => await Book.FindAsync(Workspace, id, Gone) is { IsDeleted: false } found ? found : null;

    private string NameOf(Contact contact) => string.IsNullOrEmpty(contact.Name) ? Words["contacts.nameless"] : contact.Name;
}
