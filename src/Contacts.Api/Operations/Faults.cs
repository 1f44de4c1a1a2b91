using System.Text.Json;
using Contacts.Data;

namespace Contacts.Operations;

/// <summary>Answers a call that failed, in the words of the API that was called: a feature of the call. Without one the body is <c>{"detail":…}</c>.</summary>
/// <param name="context">The call.</param>
/// <param name="status">The status, 400 or more.</param>
internal delegate Task FaultAnswer(HttpContext context, int status);

/// <summary>
/// The net under everything: what nobody turned into an answer becomes one here, with a JSON body and without a word about the server's inside.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="watch">Knows whether the database is away.</param>
/// <param name="connections">The connections to it.</param>
/// <param name="log">The log.</param>
internal sealed partial class Faults(RequestDelegate next, DatabaseWatch watch, BookConnections connections, ILogger<Faults> log)
{
    private const string BadRequest = "Bad request.";

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
            await AnswerAsync(context, e.StatusCode, TextOf(e.StatusCode) ?? BadRequest);
        }
        catch (IOException e) when (!context.Response.HasStarted && e.InnerException is OverflowException)
        {
            // A chunk's size that overflows is the only bad request that Kestrel does not call one.
            await AnswerAsync(context, StatusCodes.Status400BadRequest, BadRequest);
        }
        catch (Exception e) when (!context.Response.HasStarted && e.IsForAMoment())
        {
            // Of a database that is away one line tells, and not one of each call.
            if (!e.IsLostConnection() || await watch.IsThereAsync(context.RequestAborted))
                Unavailable(log, e);
            if (e.IsStalePreparation())
                connections.Clear();
            context.Response.Headers.RetryAfter = "1";
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "Service unavailable, try again in a moment.");
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            Unexpected(log, e);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "Internal server error.");
        }
    }

    /// <summary>What is wrong with a body that was not taken; null for any other status.</summary>
    /// <param name="status">The status.</param>
    public static string? TextOf(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "Request body came too slowly.",
        StatusCodes.Status413PayloadTooLarge => "Request body is too large.",
        _ => null,
    };

    private static Task AnswerAsync(HttpContext context, int status, string detail)
    {
        if (context.Features.Get<FaultAnswer>() is { } answer)
            return answer(context, status);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"detail":{{JsonSerializer.Serialize(detail)}}}""");
    }

    [LoggerMessage(LogLevel.Error, "A request failed")]
    private static partial void Unexpected(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "A request could not be served now")]
    private static partial void Unavailable(ILogger log, Exception error);
}
