using System.Globalization;
using Contacts.Calls;
using Contacts.Operations;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Contacts.Management;

/// <summary>
/// What every call to the management API passes: the key of an administrator. Answers without a body, of whatever part of the server they are
/// (no such path, no such method), leave with a problem document.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="keys">Tells whose key it is.</param>
/// <param name="problems">Makes problem documents.</param>
internal sealed class Gate(RequestDelegate next, CallKeys keys, ProblemDetailsFactory problems)
{
    private const string Scheme = "Token ";

    /// <summary>Lets a call through, or answers it.</summary>
    /// <param name="context">The call.</param>
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments(Setup.Root, StringComparison.OrdinalIgnoreCase) ? RecordAsync(context) : next(context);

    private Task RecordAsync(HttpContext context)
    {
        context.Features.Set<FaultAnswer>(FailAsync);
        if (CallRecord.Of(context) is not { } record)
            return AnswerAsync(context);
        record.BelongTo(CallRecord.Management, hasSecrets: true);
        return BodyTee.ListenAsync(context, record, AnswerAsync);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var refusal = await RefuseAsync(context);
        if (refusal is null)
            await next(context);
        var response = context.Response;
        if (!response.HasStarted && response.StatusCode >= StatusCodes.Status400BadRequest && response.ContentType is null)
            await WriteAsync(context, refusal);
    }

    private Task FailAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, status switch
        {
            StatusCodes.Status503ServiceUnavailable => "Not now: the database is away or busy. Try again in a moment.",
            _ => Faults.TextOf(status),
        });
    }

    private Task WriteAsync(HttpContext context, string? detail)
    {
        var problem = problems.CreateProblemDetails(context, context.Response.StatusCode, detail: detail);
        return context.Response.WriteAsJsonAsync(problem, problem.GetType(), options: null, "application/problem+json", context.RequestAborted);
    }

    /// <returns>Why the call is refused, its status set; else null.</returns>
    private async ValueTask<string?> RefuseAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var answer = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? await keys.FindAsync(header[Scheme.Length..].Trim(), context)
            : default;
        if (answer.Wait is { } wait)
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"Too many wrong keys came from this address. Try again in {seconds} s.");
        }

        if (answer.Caller is not { } caller)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Token realm=\"contacts\"";
            return header.Length == 0 ? "Send the header Authorization: Token KEY." : "The key is unknown or revoked.";
        }

        context.Features.Set(caller);
        if (caller.Token.Role != Role.Administrator)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return "This needs the token of an administrator.";
        }

        if (BodyEncoding.IsEncoded(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return "Send the body without Content-Encoding.";
        }

        return null;
    }
}
