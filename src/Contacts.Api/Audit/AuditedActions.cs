using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Contacts.Audit;

/// <summary>An operation that is asked for with POST and changes nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadsOnlyAttribute : Attribute;

/// <summary>
/// Writes each operation of the management API that may change something into the audit log: before it begins, and what came of it before it is answered.
/// What is refused before it begins (no key, not the role, no JSON) changes nothing and stands among the calls alone.
/// </summary>
/// <param name="trail">The audit log.</param>
internal sealed class AuditedActions(AuditTrail trail) : IAsyncActionFilter
{
    /// <summary>Lets an operation run, and writes it down.</summary>
    /// <param name="context">The operation.</param>
    /// <param name="next">Runs it.</param>
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || context.ActionDescriptor.EndpointMetadata.OfType<ReadsOnlyAttribute>().Any())
        {
            await next();
            return;
        }

        var action = context.ActionDescriptor.AttributeRouteInfo?.Name ?? context.ActionDescriptor.DisplayName ?? http.Request.Method;
        var entry = http.NewAuditEntry(trail.NewId(), http.Features.GetRequiredFeature<Caller>(), AuditTrail.Management, action);
        await trail.BeginAsync(entry, http.RequestAborted);
        var done = await next();

        // What failed has no outcome: nobody knows how far it came. The log has it under the request's id.
        if (done.Exception is null)
            await trail.EndAsync(entry, (done.Result as IStatusCodeActionResult)?.StatusCode ?? StatusCodes.Status200OK, ChangeJournal.Current);
    }
}

/// <summary>Entries of calls.</summary>
internal static class AuditEntries
{
    private const int MaxAction = 200;
    private const int MaxPath = 500;

    /// <summary>An entry for what a call is about to do.</summary>
    /// <param name="context">The call.</param>
    /// <param name="id">The entry's id.</param>
    /// <param name="caller">Who does it.</param>
    /// <param name="channel">Where it is done.</param>
    /// <param name="action">What it does.</param>
    public static AuditEntry NewAuditEntry(this HttpContext context, Guid id, Caller caller, string channel, string action)
    {
        return new AuditEntry
        {
            WorkspaceId = caller.Workspace.Id,
            Id = id,
            TokenId = caller.Token.Id,
            TokenName = caller.Token.Name,
            Role = Choices<Role>.NameOf(caller.Token.Role),
            Channel = channel,
            Action = Cut(action, MaxAction),
            Path = Cut(context.Request.Path.ToUriComponent(), MaxPath),
            Address = context.Connection.RemoteIpAddress?.ToString(),
            RequestId = context.TraceIdentifier,
        };
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
