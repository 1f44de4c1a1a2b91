using Contacts.Calls;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Dialects.Weni;

/// <summary>Reads the body of a call before its endpoint does, and gives it to the endpoint to read again.</summary>
internal static class HeldBody
{
    // How much of a body beyond the limit is read and dropped before the answer.
    private const long Dropped = 64L * 1024 * 1024;

    /// <summary>The answer to a body that is larger than the server's limit.</summary>
    public static JsonAnswer TooLarge { get; } = Errors.Detail(
        StatusCodes.Status413PayloadTooLarge, "Request body is larger than a request with an Idempotency-Key may have.");

    /// <summary>Reads the body to its end.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The body; null when it is larger than the server's limit.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var size = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        var limit = size.MaxRequestBodySize ?? Array.MaxLength;
        size.MaxRequestBodySize = limit + Dropped;
        var bytes = new MemoryStream();
        try
        {
            var buffer = new byte[16 * 1024];
            while (await request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
            {
                if (bytes.Length <= limit)
                    bytes.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        if (bytes.Length > limit)
            return null;
        bytes.Position = 0;
        request.Body = bytes;
        context.Features.Set<IHttpMaxRequestBodySizeFeature>(new BodySize { MaxRequestBodySize = limit });
        var body = bytes.ToArray();
        CallRecord.Of(context)?.TakeBody(body);
        return body;
    }

    /// <summary>What the endpoint makes of the limit matters no more.</summary>
    private sealed class BodySize : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => false;

        public long? MaxRequestBodySize { get; set; }
    }
}
