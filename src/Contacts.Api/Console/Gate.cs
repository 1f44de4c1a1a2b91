using Contacts.Calls;
using Contacts.Console.Layout;
using Contacts.Operations;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Console;

/// <summary>
/// What every request for a page passes after routing: the headers that keep a browser from doing anything but showing our own pages, and a session whose
/// role is enough. Forms of a suspended workspace are refused unless they are an administrator's settings.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="sessions">Tells who is signed in.</param>
internal sealed class Gate(RequestDelegate next, Sessions sessions)
{
    /// <summary>The cookie that holds a session's key.</summary>
    public const string Cookie = "contacts_session";

    // Nothing but our own files, and no page of others around ours.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    // A key to sign in with: nobody else may make the server hold large forms.
    private const long MaxStrangersBody = 64 * 1024;

    private static readonly FaultAnswer Failed = FailurePage.AnswerAsync;

    /// <summary>Lets a request through, or answers it.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";

        // As the guard of forms writes it: another one would be a warning in the log for every page.
        headers.CacheControl = "no-cache, no-store";
        context.RequestServices.GetRequiredService<Words>().Language = Languages.Of(context.Request);
        context.Features.Set(Failed);

        var caller = context.Request.Cookies[Cookie] is { Length: ApiToken.KeyLength } key ? await sessions.FindAsync(key, context.RequestAborted) : null;
        if (caller is not null)
            context.Features.Set(caller);
        else if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxStrangersBody;
        var endpoint = context.GetEndpoint();
        var needs = endpoint?.Metadata.GetMetadata<NeedsAttribute>() ?? NeedsAttribute.Nothing;
        if (endpoint?.Metadata.GetMetadata<OpenToAllAttribute>() is not null)
            await next(context);
        else if (caller is null)
            SignIn(context);
        else if (!Allows(context.Request, caller.Token.Role, needs))
            context.Response.Redirect($"{context.Request.PathBase}{Ways.Root}/refused");
        else if (!Allows(context.Request, caller.Workspace.Standing, needs))
            context.Response.Redirect($"{context.Request.PathBase}{Ways.Root}/refused?standing=1");
        else
            await RecordAsync(context);
    }

    /// <summary>Forms change the book as calls do, so they stand among them. What was typed is not kept: a key or a password may be in it.</summary>
    private Task RecordAsync(HttpContext context)
    {
        if (!IsReading(context.Request))
            CallRecord.Of(context)?.BelongTo(CallRecord.Console, hasSecrets: true);
        return next(context);
    }

    private static bool Allows(HttpRequest request, Role role, NeedsAttribute needs) => IsReading(request) ? needs.AllowsReading(role) : needs.AllowsWriting(role);

    private static bool Allows(HttpRequest request, Standing standing, NeedsAttribute needs) =>
        IsReading(request) || standing == Standing.Good || needs.Role == Role.Administrator;

    private static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>Sends a page's reader to the sign-in and back; a form that comes too late goes to the sign-in alone.</summary>
    private static void SignIn(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal))
        {
            // A stream that ends with 204 is not asked for again.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var back = HttpMethods.IsGet(request.Method) ? $"?next={Uri.EscapeDataString(UriHelper.BuildRelative(PathString.Empty, request.Path, request.QueryString))}" : "?ended=1";
        context.Response.Redirect($"{request.PathBase}{Ways.Root}/sign-in{back}");
    }
}
