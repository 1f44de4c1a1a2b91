using System.Buffers;
using System.IO.Pipelines;
using Contacts.Calls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Dialects;

/// <summary>Reads a body as it came.</summary>
internal static class BodyBytes
{
    // How much of a body beyond the limit is read and dropped before the answer.
    private const long Dropped = 64L * 1024 * 1024;

    /// <summary>The largest body that the server takes from a call, in bytes.</summary>
    /// <param name="request">The call.</param>
    public static long LimitOf(HttpRequest request) =>
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize ?? long.MaxValue;

    /// <summary>
    /// Reads the body, and drops one that is too large: a client that is cut off while it sends never sees why.
    /// </summary>
    /// <param name="request">The call.</param>
    /// <param name="limit">The largest body, in bytes.</param>
    /// <returns>The body; null when it is larger than the limit.</returns>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, long limit)
    {
        if (limit < long.MaxValue - Dropped)
            request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = limit + Dropped;
        if (request.ContentLength is 0)
            return [];
        var isTooLarge = request.ContentLength > limit;
        while (true)
        {
            ReadResult result;
            try
            {
                result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            }
            catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                return null;
            }
            catch (IOException error) when (error is not BadHttpRequestException and not ConnectionResetException)
            {
                // A chunk's size that overflows is the only bad request that Kestrel does not call one.
                throw new BadHttpRequestException("The body is not chunked as HTTP says.", error);
            }

            isTooLarge |= result.Buffer.Length > limit;
            if (result.IsCompleted)
            {
                var bytes = isTooLarge ? null : result.Buffer.ToArray();
                request.BodyReader.AdvanceTo(result.Buffer.End);
                if (bytes is not null)
                    CallRecord.Of(request.HttpContext)?.TakeBody(bytes);
                return bytes;
            }

            request.BodyReader.AdvanceTo(isTooLarge ? result.Buffer.End : result.Buffer.Start, result.Buffer.End);
        }
    }
}
