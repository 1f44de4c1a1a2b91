using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;
using Npgsql;

namespace Contacts.Console.Pages.Book;

/// <summary>The fields, how many contacts have a value of each when that is asked for, and the making of one. There are a few hundred at most.</summary>
public sealed partial class FieldList
{
    [Inject]
    internal FieldService Service { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    [Inject]
    internal ContactSearches Searches { get; set; } = null!;

    private List<Field> Fields { get; set; } = [];

    /// <summary>How many contacts have a value, by the field's id; null unless it was asked for.</summary>
    private Dictionary<Guid, long>? Counts { get; set; }

    private bool IsSlow { get; set; }

    private string Search => (Http.Request.Query["q"].LastOrDefault() ?? string.Empty).Trim();

    private string? Typed { get; set; }

    private string? Type { get; set; }

    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var catalog = await Catalogs.GetAsync(Workspace.Id, Gone);
        Fields = [.. catalog.Fields.Where(field => field.Label.Contains(Search, StringComparison.OrdinalIgnoreCase) || field.Key.Contains(Search, StringComparison.OrdinalIgnoreCase))];
        if (!Http.Request.Query.ContainsKey("count"))
            return;
        try
        {
            var used = await Searches.FieldsAsync(Workspace, Gone);
            Counts = used.Where(word => Guid.TryParse(word.Word, out _)).ToDictionary(word => Guid.Parse(word.Word), word => word.Count);
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            IsSlow = true;
        }
    }

    private async Task CreateAsync()
    {
        Typed = (Http.Request.Form["label"].LastOrDefault() ?? string.Empty).Trim();
        Type = Http.Request.Form["type"].LastOrDefault();
        var reason = ContactShape.OfLabel(Typed);
        if (!Choices<FieldType>.TryParse(Type, out var type))
            reason ??= new Reason("type_unknown");
        if (reason is null && (await Service.CreateAsync(Workspace, Typed, type, Gone)).Refusal is { } refusal)
            reason = Reason.Of(refusal);
        if (reason is null)
        {
            Go("fields?done=created");
            return;
        }

        Fault = Refused(reason);
    }
}
