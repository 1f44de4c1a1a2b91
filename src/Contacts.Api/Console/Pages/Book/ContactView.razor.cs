using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>One contact: what is known of it, what can be done to it, and how each dialect's clients read it.</summary>
public sealed partial class ContactView
{
    /// <summary>The contact's id.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal ContactService Book { get; set; } = null!;

    [Inject]
    internal ContactWriter Writer { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    [Inject]
    internal StageService Funnel { get; set; } = null!;

    private Contact? Contact { get; set; }

    private Catalog Catalog { get; set; } = new([], []);

    private IReadOnlyDictionary<Guid, Stage> Stages { get; set; } = new Dictionary<Guid, Stage>();

    private Reason? Fault { get; set; }

    private List<Group> Groups =>
        [.. (Contact?.GroupIds ?? []).Select(Catalog.GroupById).OfType<Group>().OrderBy(group => group.NameKey, StringComparer.Ordinal)];

    /// <summary>What customer relations know of it: key and value.</summary>
    private List<(string Key, string Text)> Profile { get; set; } = [];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Catalog = await Catalogs.GetAsync(Workspace.Id, Gone);
        Contact = await Book.FindAsync(Workspace, Id, Gone);
        if (Contact is not { IsDeleted: false } contact)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        Stages = await Funnel.FindAsync(Workspace, [contact.StageId], Gone);
        Profile = ProfileOf(contact);
    }

    private Task SetStatusAsync() => Choices<ContactStatus>.TryParse(Http.Request.Form["status"].LastOrDefault(), out var status)
        ? ApplyAsync(new ContactChange { Status = status }, $"contacts/{Id}?done={Choices<ContactStatus>.NameOf(status)}")
        : Task.CompletedTask;

    private Task DeleteAsync() => ApplyAsync(new ContactChange { Delete = true }, "contacts?done=delete&count=1");

    private async Task ApplyAsync(ContactChange change, string next)
    {
        var outcome = await Writer.ApplyAsync(Workspace, change with { Id = Id, By = Caller.Token.Name }, Gone);
        if (outcome.Refusal is { } refusal)
        {
            Answer(StatusCodes.Status409Conflict);
            Fault = Reason.Of(refusal);
        }
        else
        {
            Go(next);
        }
    }

    private List<(string Key, string Text)> ProfileOf(Contact contact)
    {
        var profile = contact.Profile;
        (string Key, string? Text)[] known =
        [
            ("tags", string.Join(", ", contact.Tags)), ("stage", contact.StageId is { } id && Stages.TryGetValue(id, out var stage) ? stage.Name : null),
            ("company", profile.Company), ("notes", profile.Notes), ("source", profile.Source), ("address", profile.Address), ("city", profile.City),
            ("state", profile.State), ("postal_code", profile.PostalCode), ("country", profile.Country), ("avatar", profile.AvatarUrl),
            .. profile.ExternalIds.Select(pair => (pair.Key, (string?)pair.Value)), .. profile.CustomValues.Select(pair => (pair.Key, (string?)pair.Value)),
        ];
        return [.. known.Where(pair => !string.IsNullOrEmpty(pair.Text)).Select(pair => (pair.Key, pair.Text!))];
    }
}
