using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>One field: its label and type are changed, its key stays. The book deletes no fields, and neither does this page.</summary>
public sealed partial class FieldView
{
    /// <summary>The field's key.</summary>
    [Parameter]
    public string Key { get; set; } = string.Empty;

    [Inject]
    internal FieldService Service { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    private Field? Field { get; set; }

    private string? Typed { get; set; }

    private string? Type { get; set; }

    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Field = (await Catalogs.GetAsync(Workspace.Id, Gone)).FieldByKey(Key);
        if (Field is null)
            Answer(StatusCodes.Status404NotFound);
    }

    private async Task ChangeAsync()
    {
        Typed = (Http.Request.Form["label"].LastOrDefault() ?? string.Empty).Trim();
        Type = Http.Request.Form["type"].LastOrDefault();
        var reason = ContactShape.OfLabel(Typed);
        if (!Choices<FieldType>.TryParse(Type, out var type))
            reason ??= new Reason("type_unknown");
        if (reason is null && (await Service.UpdateAsync(Workspace, Key, Typed, type, Gone)).Refusal is { } refusal)
            reason = Reason.Of(refusal);
        if (reason is null)
        {
            Go("fields?done=changed");
            return;
        }

        Fault = Refused(reason);
    }
}
