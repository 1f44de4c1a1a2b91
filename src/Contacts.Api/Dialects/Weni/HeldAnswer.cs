using System.Text;
using System.Text.Json;
using Contacts.Calls;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Dialects.Weni;

/// <summary>An answer that is held in memory, to be kept and sent.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">The content type, or null.</param>
/// <param name="Body">The body; null when there is none to be had.</param>
internal sealed record HeldAnswer(int Status, string? ContentType, byte[]? Body)
{
    /// <summary>What the rest of the server answers. It isn't told that the client gave up, and nothing is sent.</summary>
    /// <param name="context">The call.</param>
    /// <param name="next">The rest of the server.</param>
    public static async Task<HeldAnswer> OfAsync(HttpContext context, RequestDelegate next)
    {
        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var aborted = context.RequestAborted;
        await using var bytes = new MemoryStream();
        var held = new StreamResponseBodyFeature(bytes);
        try
        {
            context.Features.Set<IHttpResponseBodyFeature>(held);
            context.RequestAborted = CancellationToken.None;
            await next(context);
            await held.CompleteAsync();
            return new HeldAnswer(context.Response.StatusCode, context.Response.ContentType, bytes.ToArray());
        }
        finally
        {
            context.Features.Set(sent);
            context.RequestAborted = aborted;
        }
    }

    /// <summary>The one object of a list as the answer to the call that wrote it; null when the list holds no such object.</summary>
    /// <param name="status">The status of that call.</param>
    public HeldAnswer? FirstResult(int status)
    {
        if (Status != StatusCodes.Status200OK)
            return null;
        using var list = JsonDocument.Parse(Body);
        var results = list.RootElement.GetProperty("results");
        return results.GetArrayLength() == 1 ? new HeldAnswer(status, ContentType, Encoding.UTF8.GetBytes(results[0].GetRawText())) : null;
    }

    /// <summary>Sends the answer.</summary>
    /// <param name="response">The response.</param>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (Status == StatusCodes.Status204NoContent)
            return;
        response.ContentLength = Body!.Length;
        CallRecord.Of(response.HttpContext)?.TakeAnswer(response.HttpContext, Status, Body);
        await response.BodyWriter.WriteAsync(Body, response.HttpContext.RequestAborted);
    }
}
