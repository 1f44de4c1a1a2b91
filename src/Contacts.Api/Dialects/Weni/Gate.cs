using Contacts.Calls;
using Contacts.Workspaces;
using Microsoft.Net.Http.Headers;

namespace Contacts.Dialects.Weni;

/// <summary>
/// What every call passes before its endpoint sees it, in the contract's order: known endpoint, credentials, an Accept header that allows JSON,
/// the hourly limit, method.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="keys">Tells whose key it is.</param>
/// <param name="throttle">Counts calls.</param>
/// <param name="faults">Lets go wrong what was asked for.</param>
internal sealed class Gate(RequestDelegate next, CallKeys keys, Throttle throttle, FaultInjection faults)
{
    private const string Json = "application/json";

    /// <summary>Lets a call through, or answers it.</summary>
    /// <param name="context">The call.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        if (path.Equals("/api/v2", StringComparison.OrdinalIgnoreCase))
            path = Endpoints.Root;
        if (!path.StartsWith(Endpoints.Root, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        CallRecord.Of(context)?.BelongTo(Setup.Dialect);

        // Routes take any letter case, the original's URLs do not.
        var isPage = false;
        if (!path.StartsWith(Endpoints.Root, StringComparison.Ordinal) || Endpoints.Find(path, out isPage) is not { } endpoint)
        {
            await Errors.NotFound.WriteAsync(context.Response);
            return;
        }

        context.Response.Headers.Allow = endpoint.Allow;
        if (isPage && IsPageForPeople(context.Request))
        {
            context.Response.Redirect($"{context.Request.PathBase}/swagger/index.html#/{endpoint.Title}");
            return;
        }

        if (await RefuseAsync(context, endpoint, isPage) is { } refusal)
            await refusal.WriteAsync(context.Response);
        else if (isPage)
            await JsonAnswer.EmptyList.WriteAsync(context.Response);
        else
            await faults.PassAsync(context, Errors.OfStatus, next);
    }

    private async ValueTask<JsonAnswer?> RefuseAsync(HttpContext context, Endpoint endpoint, bool isPage)
    {
        var (key, fault) = Credentials.Read(context.Request.Headers.Authorization.ToString());
        if (key is null)
            return Errors.Detail(StatusCodes.Status403Forbidden, fault!);
        var answer = await keys.FindAsync(key, context);
        if (answer.Wait is { } pause)
            return Errors.Throttled(pause);
        if (answer.Caller is not { } caller)
            return Errors.Detail(StatusCodes.Status403Forbidden, fault!);

        // The key of another dialect opens nothing here, but its workspace is told of the call.
        context.Features.Set(caller);
        if (caller.Token.Dialect != Setup.Dialect)
            return Errors.Detail(StatusCodes.Status403Forbidden, fault!);
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (!Allows(caller.Token.Role, endpoint, reads))
            return Errors.Detail(StatusCodes.Status403Forbidden, "You do not have permission to perform this action.");

        if (!AllowsJson(context.Request.Headers.Accept.ToString()))
            return Errors.Detail(StatusCodes.Status406NotAcceptable, "Could not satisfy the request Accept header.");
        if (await throttle.TakeAsync(caller, endpoint.Scope, context.RequestAborted) is { } wait)
            return Errors.Throttled(wait);
        var method = context.Request.Method;
        if (isPage ? reads : Array.IndexOf(endpoint.Methods, HttpMethods.IsHead(method) ? HttpMethods.Get : method) >= 0)
            return reads ? null : Errors.OfStanding(caller.Workspace.Standing);
        return Errors.Detail(StatusCodes.Status405MethodNotAllowed, $"Method \"{method}\" not allowed.");
    }

    private static bool Allows(Role role, Endpoint endpoint, bool reads) => role switch
    {
        Role.Viewer => reads,
        Role.Surveyor => endpoint.IsForSurveyors,
        _ => true,
    };

    private static bool IsPageForPeople(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Headers.Accept.ToString().Contains(Json, StringComparison.OrdinalIgnoreCase);

    private static bool AllowsJson(string accept)
    {
        if (accept.Length == 0 || string.Equals(accept, "*/*", StringComparison.Ordinal) || string.Equals(accept, Json, StringComparison.Ordinal))
            return true;
        return !MediaTypeHeaderValue.TryParseList([accept], out var types)
            || types.Any(type => type.MatchesAllTypes || (type.MatchesAllSubTypes && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase))
                || type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase));
    }
}
