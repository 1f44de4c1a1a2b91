using System.Security.Cryptography;
using System.Text;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace Contacts.Dialects.Weni;

/// <summary>
/// <c>Idempotency-Key</c> on POST and DELETE, which is ours: the same call under the same key within a day gets the first answer again, with
/// <c>Idempotent-Replayed: true</c>. A call without the header pays a look-up of the header.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="calls">Keeps the answers.</param>
/// <param name="log">Where failures are told.</param>
internal sealed partial class IdempotentCalls(RequestDelegate next, Idempotency calls, ILogger<IdempotentCalls> log)
{
    private const string Header = "Idempotency-Key";
    private const int MaxKey = 255;
    private const int MaxKept = 1 << 20;

    private static readonly JsonAnswer BadKey = Errors.Detail(
        StatusCodes.Status400BadRequest, $"{Header} must be 1 to {MaxKey} visible ASCII characters.");

    private static readonly JsonAnswer OtherRequest = Errors.Detail(
        StatusCodes.Status409Conflict, $"This {Header} was used for another request.");

    private static readonly JsonAnswer Running = Errors.Detail(
        StatusCodes.Status409Conflict, $"The request with this {Header} is still being processed.", retryAfter: 1);

    private static readonly JsonAnswer NotKept = Errors.Detail(
        StatusCodes.Status409Conflict, $"The request with this {Header} was processed, but its answer was not kept.");

    /// <summary>Carries a call out, or answers it from what was kept.</summary>
    /// <param name="context">The call, let through by the gate.</param>
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Headers.TryGetValue(Header, out var key) && IsWrite(context.Request.Method) && IsOwn(context.Request.Path)
        && context.Features.Get<Caller>() is { } caller
            ? AnswerAsync(context, caller, key)
            : next(context);

    /// <summary>The management API passes here with a caller too: its answers hold keys and secrets that are shown once, and are kept nowhere.</summary>
    private static bool IsOwn(PathString path) => path.Value?.StartsWith(Endpoints.Root, StringComparison.Ordinal) == true;

    private static bool IsWrite(string method) => HttpMethods.IsPost(method) || HttpMethods.IsDelete(method);

    private async Task AnswerAsync(HttpContext context, Caller caller, StringValues header)
    {
        if (header is not [{ Length: > 0 and <= MaxKey } key] || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            await BadKey.WriteAsync(context.Response);
            return;
        }

        if (await HeldBody.ReadAsync(context) is not { } body)
        {
            await HeldBody.TooLarge.WriteAsync(context.Response);
            return;
        }

        switch (await calls.ClaimAsync(caller, key, HashOf(context.Request, body), context.RequestAborted))
        {
            case Claiming.Granted(var claim):
                await CarryOutAsync(context, caller, claim);
                break;
            case Claiming.Done done:
                await MakeAgainAsync(context, caller, done);
                break;
            case Claiming.Answered(var status, var contentType, { } kept):
                await ReplayAsync(context, new HeldAnswer(status, contentType, kept));
                break;
            case Claiming.Answered:
                await NotKept.WriteAsync(context.Response);
                break;
            case Claiming.OtherRequest:
                await OtherRequest.WriteAsync(context.Response);
                break;
            default:
                await Running.WriteAsync(context.Response);
                break;
        }
    }

    /// <summary>A call under a key is finished whether or not its client waits: it is the client who gave up that asks again.</summary>
    private async Task CarryOutAsync(HttpContext context, Caller caller, Claim claim)
    {
        HeldAnswer answer;
        try
        {
            claim.Enter();
            answer = await HeldAnswer.OfAsync(context, next);
        }
        catch (SupersededException)
        {
            await Running.WriteAsync(context.Response);
            return;
        }
        catch
        {
            await ReleaseAsync(caller, claim);
            throw;
        }

        if (answer.Status >= StatusCodes.Status500InternalServerError)
            await ReleaseAsync(caller, claim);
        else if (!await KeepAsync(caller, claim, answer))
            answer = await HeldAnswer.OfAsync(context, other => Running.WriteAsync(other.Response));
        await answer.WriteAsync(context.Response);
    }

    /// <summary>The object is read anew: what it was when the call changed it is not known any more.</summary>
    private async Task MakeAgainAsync(HttpContext context, Caller caller, Claiming.Done done)
    {
        var answer = done switch
        {
            { Effect: CallEffect.Deleted } => new HeldAnswer(StatusCodes.Status204NoContent, null, []),
            { Effect: CallEffect.Several } or { Subject: null } => null,
            _ => await ReadObjectAsync(context, done.Effect, done.Subject),
        };
        if (!await KeepAsync(caller, done.Claim, answer ?? new HeldAnswer(StatusCodes.Status409Conflict, null, null)))
            await Running.WriteAsync(context.Response);
        else if (answer is null)
            await NotKept.WriteAsync(context.Response);
        else
            await ReplayAsync(context, answer);
    }

    /// <summary>Asks the call's own endpoint for its object, as a client would.</summary>
    private async Task<HeldAnswer?> ReadObjectAsync(HttpContext context, CallEffect effect, string subject)
    {
        var request = context.Request;
        if (Endpoints.Find(request.Path.Value!, out _) is not { LookUps.Length: > 0 } endpoint)
            return null;
        var (method, query) = (request.Method, request.QueryString);
        try
        {
            request.Method = HttpMethods.Get;
            request.QueryString = QueryString.Create(endpoint.LookUps[^1], subject);
            var list = await HeldAnswer.OfAsync(context, next);
            return list.FirstResult(effect == CallEffect.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        }
        finally
        {
            (request.Method, request.QueryString) = (method, query);
        }
    }

    private static Task ReplayAsync(HttpContext context, HeldAnswer answer)
    {
        context.Response.Headers["Idempotent-Replayed"] = "true";
        return answer.WriteAsync(context.Response);
    }

    /// <returns>False when somebody else took the call over, so that theirs is the answer.</returns>
    private async Task<bool> KeepAsync(Caller caller, Claim claim, HeldAnswer answer)
    {
        try
        {
            return await calls.KeepAsync(caller, claim, answer.Status, answer.ContentType, answer.Body is { Length: <= MaxKept } body ? body : null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What was done is done and noted; whoever asks again gets the answer made again.
            LogNotKept(log, error);
            return true;
        }
    }

    private async Task ReleaseAsync(Caller caller, Claim claim)
    {
        try
        {
            await calls.ReleaseAsync(caller, claim);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The lease ends by itself.
            LogNotReleased(log, error);
        }
    }

    private static byte[] HashOf(HttpRequest request, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.GetEncodedPathAndQuery()}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    [LoggerMessage(LogLevel.Warning, "The answer of a call under a key was not kept.")]
    private static partial void LogNotKept(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Warning, "A key was not given back; it is free again when its lease ends.")]
    private static partial void LogNotReleased(ILogger logger, Exception error);
}
