using System.Globalization;
using Contacts.Calls;
using Contacts.TestBench;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Dialects;

/// <summary>An answer of a status in the words of a dialect.</summary>
/// <param name="status">The status, 400 to 599.</param>
/// <param name="wait">After what time to try again, when somebody said so.</param>
internal delegate JsonAnswer StatusAnswer(int status, TimeSpan? wait);

/// <summary>
/// Lets what was asked for go wrong with a call: each dialect's gate hands over the calls that it lets through. Such an answer carries the
/// faults' ids, also for whoever writes calls down.
/// </summary>
/// <param name="faults">The faults that are active.</param>
public sealed class FaultInjection(ActiveFaults faults)
{
    /// <summary>Carries a call out, with the faults that hit it.</summary>
    /// <param name="context">The call, with its caller.</param>
    /// <param name="answer">The dialect's words.</param>
    /// <param name="next">The rest of the server.</param>
    internal Task PassAsync(HttpContext context, StatusAnswer answer, RequestDelegate next)
    {
        var request = context.Request;
        var hits = faults.OfCallAsync(context.Caller().Workspace.Id, request.Method, request.Path.Value ?? string.Empty, context.RequestAborted);
        return hits is { IsCompletedSuccessfully: true, Result.Count: 0 } ? next(context) : InjectAsync(context, hits, answer, next);
    }

    private static async Task InjectAsync(HttpContext context, ValueTask<IReadOnlyList<Fault>> hits, StatusAnswer answer, RequestDelegate next)
    {
        var faults = await hits;
        if (faults.Count == 0)
        {
            await next(context);
            return;
        }

        context.Response.Headers[CallRecord.FaultHeader] = string.Join(", ", faults.Select(fault => fault.Id));
        var latency = faults.Aggregate(TimeSpan.Zero, (sum, fault) => sum + fault.LatencyAt(Random.Shared.NextDouble()));
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, context.RequestAborted);
        if (Find(faults, FaultEffect.CutBefore) is not null)
            context.Abort();
        else if (Find(faults, FaultEffect.CutAfter) is not null)
            await LoseAsync(context, next);
        else
            await AnswerAsync(context, faults, answer, next);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<Fault> faults, StatusAnswer answer, RequestDelegate next)
    {
        var work = Find(faults, FaultEffect.Status) is { } refusal ? other => RefuseAsync(other, refusal, answer) : next;
        return Find(faults, FaultEffect.SlowBody) is { BytesPerSecond: { } speed } ? SlowDownAsync(context, speed, work) : work(context);
    }

    private static Task RefuseAsync(HttpContext context, Fault fault, StatusAnswer answer)
    {
        if (fault.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return answer(fault.Status!.Value, fault.RetryAfterSeconds is { } wait ? TimeSpan.FromSeconds(wait) : null).WriteAsync(context.Response);
    }

    /// <summary>Carries the call out whether or not its client waits, and sends nothing of the answer.</summary>
    private static async Task LoseAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(sent);
            context.Abort();
        }
    }

    private static async Task SlowDownAsync(HttpContext context, int bytesPerSecond, RequestDelegate work)
    {
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var slow = new SlowStream(sent.Stream, bytesPerSecond);
        var body = new StreamResponseBodyFeature(slow, sent);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await work(context);
            await body.Writer.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Features.Set(sent);
        }
    }

    private static Fault? Find(IReadOnlyList<Fault> faults, FaultEffect effect) => faults.FirstOrDefault(fault => fault.Effect == effect);
}
