using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>The root of the API: what there is.</summary>
[Route("/api/v2")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class IndexController : ControllerBase
{
    /// <summary>Lists the endpoints with their URLs.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public IActionResult List()
    {
        var root = UriHelper.BuildAbsolute(Request.Scheme, Request.Host, Request.PathBase, Endpoints.Root);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            foreach (var endpoint in Endpoints.All)
                json.WriteString(endpoint.Name, $"{root}{endpoint.Name}.json");
            json.WriteEndObject();
        });
    }
}
