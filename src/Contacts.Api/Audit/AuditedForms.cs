using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Audit;

/// <summary>
/// Writes each form of the console into the audit log: before its page looks at it, and what came of it. Stands behind the gate and the guard of forms, so
/// whoever comes here is signed in, allowed, and meant it. A sign-in is written as well, when it succeeded: only then is it known whose.
/// </summary>
/// <param name="next">The page.</param>
/// <param name="trail">The audit log.</param>
internal sealed class AuditedForms(RequestDelegate next, AuditTrail trail)
{
    private const string Handler = "_handler";

    /// <summary>Lets a form through, and writes it down.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.Features.Get<Caller>() is not { } caller || !context.Request.HasFormContentType)
        {
            await next(context);
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var entry = context.NewAuditEntry(trail.NewId(), caller, AuditTrail.Console, ActionOf(context, form[Handler].ToString()));
        await trail.BeginAsync(entry, context.RequestAborted);
        await next(context);
        await trail.EndAsync(entry, context.Response.StatusCode, ChangeJournal.Current);
    }

    /// <summary>The page's pattern without what names an object, and the form: <c>tokens revoke</c>. A form of one row has the row's id in its name.</summary>
    private static string ActionOf(HttpContext context, string handler)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern;
        var page = pattern is null ? string.Empty : string.Join('/', pattern.PathSegments.Skip(1).Where(segment => segment.IsSimple && segment.Parts[0].IsLiteral)
            .Select(segment => ((Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart)segment.Parts[0]).Content));
        var name = handler.LastIndexOf('-') is var dash and > 0 && Guid.TryParse(handler.AsSpan(dash + 1), out _) ? handler[..dash] : handler;
        return StorableText.Is(name) ? $"{page} {name}".Trim() : page;
    }
}
