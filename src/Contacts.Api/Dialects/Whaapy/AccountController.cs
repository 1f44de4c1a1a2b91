using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Whaapy;

/// <summary>What clients ask for to test their key: whose it is, and the templates of messages, of which there are none here.</summary>
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class AccountController : ControllerBase
{
    /// <summary>Tells which workspace the key opens, and what it may do.</summary>
    [HttpGet("/auth/me")]
    public IActionResult Read()
    {
        var caller = HttpContext.Caller();
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", caller.Workspace.Id);
            json.WriteString("name", caller.Workspace.Name);
            json.WriteString("country", caller.Workspace.Country);
            json.WriteString("timezone", caller.Workspace.Timezone);
            json.WriteStartObject("api_key");
            json.WriteString("id", caller.Token.Id);
            json.WriteString("name", caller.Token.Name);
            json.WriteStartArray("scopes");
            foreach (var scope in Gate.ScopesOf(caller.Token.Role))
                json.WriteStringValue(scope);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Lists no templates: this server sends no messages.</summary>
    [HttpGet("/templates/v1")]
    public IActionResult Templates() => new JsonAnswer(StatusCodes.Status200OK, static json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("templates");
        json.WriteEndArray();
        CursorPages.Write(json, 0, CursorPages.DefaultSize, null);
        json.WriteEndObject();
    });
}
