using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Core;
using Contacts.Management;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Contacts.Console.Pages.Settings;

/// <summary>The workspace's settings. What was typed goes the way of the management API, as JSON, so that both have the same rules.</summary>
public sealed partial class WorkspacePage
{
    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    [Inject]
    internal WorkspaceService Workspaces { get; set; } = null!;

    [Inject]
    internal IValidator<WorkspaceChanges> Validator { get; set; } = null!;

    [Inject]
    internal IOptions<JsonOptions> Json { get; set; } = null!;

    private bool IsFirst { get; set; }

    /// <summary>What stands in the inputs.</summary>
    private Dictionary<string, string> Values { get; set; } = [];

    /// <summary>What stood in them when the page was made: only what differs from it is changed, so that nobody's change meanwhile is undone.</summary>
    private Dictionary<string, string> Before { get; set; } = [];

    private Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        // Before anything is waited for: the page is drawn once meanwhile.
        if (HttpMethods.IsPost(Http.Request.Method))
        {
            var form = Http.Request.Form;
            Values = WorkspaceSetting.All.ToDictionary(setting => setting.Name, setting => Typed(setting, form[setting.Name]), StringComparer.Ordinal);
            Before = WorkspaceSetting.All.ToDictionary(setting => setting.Name, setting => Typed(setting, form[setting.Was]), StringComparer.Ordinal);
        }
        else
        {
            var read = JsonSerializer.SerializeToNode(WorkspaceRead.Of(Workspace), Json.Value.JsonSerializerOptions)!;
            Values = WorkspaceSetting.All.ToDictionary(setting => setting.Name, setting => TextOf(read[setting.Name]), StringComparer.Ordinal);
            Before = Values;
        }

        IsFirst = await Workspaces.IsFirstAsync(Workspace.Id, Gone);
    }

    private async Task SaveAsync()
    {
        var wanted = new JsonObject();
        foreach (var setting in WorkspaceSetting.All.Where(setting => Values[setting.Name] != Before[setting.Name]))
            wanted[setting.Name] = NodeOf(setting.Kind, Values[setting.Name]);
        var reading = new Body(JsonSerializer.SerializeToElement(wanted));
        var changes = WorkspaceController.ChangesOf(reading);
        Tell(Faults, reading.Faults().Concat(Validator.Validate(changes).Errors));
        if (Faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
            return;
        }

        if ((await Workspaces.UpdateAsync(Workspace.Id, changes, Gone)).Refusal is Refusal.NotUnique)
        {
            Answer(StatusCodes.Status409Conflict);
            Faults["name"] = Words["workspaces.taken"];
            return;
        }

        Go("workspace?done=saved");
    }

    /// <summary>What was typed; a box that is not ticked sends nothing.</summary>
    private static string Typed(WorkspaceSetting setting, StringValues values) =>
        setting.Kind == SettingKind.Flag && values.Count == 0 ? "false" : values.ToString().Trim();

    private static string TextOf(JsonNode? value) => value switch
    {
        null => string.Empty,
        JsonArray list => string.Join(", ", list.Select(item => item!.ToString())),
        _ => value.ToString(),
    };

    private static JsonNode? NodeOf(SettingKind kind, string text) => kind switch
    {
        SettingKind.OptionalText or SettingKind.OptionalNumber when text.Length == 0 => null,
        SettingKind.Flag => text == "true",
        SettingKind.Number or SettingKind.OptionalNumber => int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : text,
        SettingKind.Texts => new JsonArray([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item => JsonValue.Create(item))]),
        _ => text,
    };
}
