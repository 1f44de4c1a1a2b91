using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Contacts.Operations;

/// <summary>
/// The net under everything: what nobody turned into an answer becomes one here, with a JSON body and without a word about the server's inside.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="log">The log.</param>
internal sealed partial class Faults(RequestDelegate next, ILogger<Faults> log)
{
    /// <summary>Lets a call through and answers for it when it fails.</summary>
    /// <param name="context">The call.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone; there is nobody to answer.
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? "Request body is too large." : "Bad request.");
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Unexpected(log, e);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "Internal server error.");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;

        // Endpoints of APIs that follow RFC 9457 say so; the body is a problem document as it stands.
        var isProblem = context.GetEndpoint()?.Metadata.GetMetadata<IApiBehaviorMetadata>() is not null;
        context.Response.ContentType = isProblem ? "application/problem+json" : "application/json";
        return context.Response.WriteAsync($$"""{"detail":{{JsonSerializer.Serialize(detail)}}}""");
    }

    [LoggerMessage(LogLevel.Error, "A request failed")]
    private static partial void Unexpected(ILogger log, Exception error);
}
