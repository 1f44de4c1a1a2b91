using Contacts.Core;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>The workspace that the token opens.</summary>
[Route("/api/v2/workspace.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class WorkspaceController : ControllerBase
{
    /// <summary>Reads the workspace: one object, no list.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public IActionResult Read()
    {
        var workspace = HttpContext.Caller().Workspace;
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("uuid", workspace.Id);
            json.WriteString("name", workspace.Name);
            json.WriteString("country", workspace.Country);
            json.WriteStartArray("languages");
            foreach (var language in workspace.Languages)
                json.WriteStringValue(language);
            json.WriteEndArray();
            json.WriteString("primary_language", workspace.Languages.Count > 0 ? workspace.Languages[0] : null);
            json.WriteString("timezone", workspace.Timezone);
            json.WriteString("date_style", NameOf(workspace.DateStyle));
            json.WriteBoolean("anon", workspace.IsAnonymous);
            json.WriteEndObject();
        });
    }

    private static string NameOf(DateStyle style) => style switch
    {
        DateStyle.DayFirst => "day_first",
        DateStyle.MonthFirst => "month_first",
        DateStyle.YearFirst => "year_first",
        _ => throw new ArgumentOutOfRangeException(nameof(style), style, "An unknown style of dates."),
    };
}
