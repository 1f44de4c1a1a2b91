using Contacts.Core;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>Makes a contact or changes one. What was typed stays until it is saved; what somebody else changed meanwhile is not overwritten unseen.</summary>
public sealed partial class ContactEdit
{
    /// <summary>The contact's id; null for a new one.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [Inject]
    internal ContactService Book { get; set; } = null!;

    [Inject]
    internal ContactWriter Writer { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private Catalog Catalog { get; set; } = new([], []);

    private Contact? Contact { get; set; }

    /// <summary>What stands in the form; null when the contact is not there.</summary>
    private ContactForm? Form { get; set; }

    /// <summary>Who has an address that this one can't have, or null.</summary>
    private Guid? Owner { get; set; }

    /// <summary>What is not in the book as it was typed, after somebody else changed the contact.</summary>
    private List<(string Attribute, string Now, string Yours)> Changed { get; set; } = [];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Catalog = await Catalogs.GetAsync(Workspace.Id, Gone);
        if (Id is { } id)
            Contact = await Book.FindAsync(Workspace, id, Gone);
        if (Id is not null && Contact is not { IsDeleted: false })
            Answer(StatusCodes.Status404NotFound);
        else if (!MayEdit)
            Go(Id is null ? "contacts" : $"contacts/{Id}");
        else
            Form = Http.Request.HasFormContentType ? ContactForm.Of(Http.Request.Form, Catalog) : ContactForm.Of(Contact, Catalog);
    }

    private async Task SaveAsync()
    {
        if (Form is not { } form)
            return;
        var change = form.Read(Contact, Workspace, Catalog, Clock.GetUtcNow()) with { By = Caller.Token.Name };
        if (form.Faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
            return;
        }

        var outcome = await Writer.ApplyAsync(Workspace, change, Gone);
        switch (outcome.Refusal)
        {
            case null:
                Go($"contacts/{outcome.Contact!.Id}?done={(Id is null ? "created" : "saved")}");
                return;
            case Refusal.ContactChanged(var now):
                Compare(form, ContactForm.Of(now, Catalog));
                form.SeenOn = now.ModifiedOn;
                form.Add(string.Empty, Reason.Of(outcome.Refusal));
                break;
            case Refusal.UrnTaken(_, var owner):
                // Where addresses are hidden nobody finds out whose they are.
                Owner = Workspace.IsAnonymous ? null : owner;
                form.Add("urns", Reason.Of(outcome.Refusal));
                break;
            default:
                form.Add(outcome.Refusal is Refusal.GroupUnknown ? "groups" : string.Empty, Reason.Of(outcome.Refusal));
                break;
        }

        Answer(StatusCodes.Status409Conflict);
    }

    private void Compare(ContactForm yours, ContactForm now)
    {
        Add(Words["contacts.name"], now.Name, yours.Name);
        Add(Words["contact.language"], now.Language, yours.Language);
        if (!Workspace.IsAnonymous)
            Add(Words["contacts.addresses"], now.Urns, yours.Urns.ReplaceLineEndings("\n"));
        Add(Words["contacts.groups"], NamesOf(now), NamesOf(yours));
        foreach (var field in Catalog.Fields)
            Add(field.Label, now.Fields.GetValueOrDefault(field.Key, string.Empty), yours.Fields.GetValueOrDefault(field.Key, string.Empty));
    }

    private void Add(string attribute, string now, string yours)
    {
        if (now.Trim() != yours.Trim())
            Changed.Add((attribute, now, yours));
    }

    private string NamesOf(ContactForm form) =>
        string.Join(", ", Catalog.Groups.Where(group => !group.IsDynamic && form.Groups.Contains(group.Id.ToString())).Select(group => group.Name));

    private string? FaultOf(string input) => Form!.Faults.TryGetValue(input, out var faults)
        ? string.Join(' ', faults.Select(fault => Words.Reason(fault.Code, Short(fault.Subject))))
        : null;

    /// <summary>What was typed, short enough for a sentence.</summary>
    private static string Short(string text) => text.Length <= 80 ? text : $"{text[..79]}…";
}
