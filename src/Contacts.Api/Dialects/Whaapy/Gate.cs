using Contacts.Calls;
using Contacts.Operations;
using Contacts.Workspaces;

namespace Contacts.Dialects.Whaapy;

/// <summary>What every call passes before its endpoint sees it: known endpoint, key, method, scope, the limit by the minute, the workspace's standing.</summary>
/// <param name="next">The rest of the server.</param>
/// <param name="keys">Tells whose key it is.</param>
/// <param name="throttle">Counts calls.</param>
/// <param name="faults">Lets go wrong what was asked for.</param>
internal sealed class Gate(RequestDelegate next, CallKeys keys, Throttle throttle, FaultInjection faults)
{
    private const string Scope = "whaapy/minute";

    private static readonly StatusAnswer Wanted = static (status, wait) => Errors.OfStatus(status, wait).Answer;

    private static readonly FaultAnswer Failed = static (context, status) => Errors.OfStatus(status).Answer.WriteAsync(context.Response);

    /// <summary>The scopes of a role.</summary>
    /// <param name="role">The role of the key's token.</param>
    public static IEnumerable<string> ScopesOf(Role role) => Endpoints.Scopes.Where(scope => role switch
    {
        Role.Administrator => true,
        _ when scope.StartsWith("webhooks:", StringComparison.Ordinal) => false,
        Role.Viewer => scope.EndsWith(":read", StringComparison.Ordinal),
        Role.Surveyor => scope.StartsWith("contacts:", StringComparison.Ordinal),
        _ => true,
    });

    /// <summary>Lets a call through, or answers it.</summary>
    /// <param name="context">The call.</param>
    public Task InvokeAsync(HttpContext context) => Endpoints.IsUnderRoot(context.Request.Path) ? AnswerAsync(context) : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        CallRecord.Of(context)?.BelongTo(Setup.Dialect, Endpoints.HasSecrets(context.Request.Path));
        context.Features.Set(Failed);
        if (await RefuseAsync(context) is { } fault)
            await fault.Answer.WriteAsync(context.Response);
        else
            await faults.PassAsync(context, Wanted, next);
    }

    private async ValueTask<Fault?> RefuseAsync(HttpContext context)
    {
        // Routes take any letter case, the original's URLs do not.
        if (Endpoints.Find(context.Request.Path.Value!) is not { } endpoint)
            return Errors.NoEndpoint;
        var key = Credentials.Read(context.Request.Headers.Authorization.ToString());
        var answer = key is null ? default : await keys.FindAsync(key, context);
        if (answer.Wait is { } pause)
            return Errors.Throttled(pause);
        var caller = answer.Caller;

        // The key of another dialect opens nothing here, but its workspace is told of the call.
        context.Features.Set(caller);
        if (caller is not { Token.Dialect: Setup.Dialect })
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"contacts\"";
            return Errors.Unauthorized;
        }

        var method = context.Request.Method;
        if (Array.IndexOf(endpoint.Methods, method) < 0)
        {
            context.Response.Headers.Allow = endpoint.Allow;
            return Errors.OfStatus(StatusCodes.Status405MethodNotAllowed);
        }

        var needed = endpoint.Needs(method);
        if (endpoint.Scope is not null && !ScopesOf(caller.Token.Role).Contains(needed, StringComparer.Ordinal))
            return Errors.MissingScope(needed);
        if (await throttle.TakeAsync(caller, Scope, context.RequestAborted) is { } wait)
            return Errors.Throttled(wait);
        return caller.Workspace.Standing == Standing.Good || needed.EndsWith(":read", StringComparison.Ordinal) ? null : Errors.NotInGoodStanding;
    }
}
