namespace Contacts.Operations;

/// <summary>
/// Refuses a request whose body has two lengths, <c>Content-Length</c> and <c>Transfer-Encoding</c> (RFC 9112, 6.3): a proxy that believes the other one would take
/// the rest of its body for the next client's request. Kestrel alone would believe the chunks.
/// </summary>
/// <param name="next">The rest of the server.</param>
internal sealed class OneLength(RequestDelegate next)
{
    // Under this name Kestrel puts away the length that it does not believe.
    private const string OtherLength = "X-Content-Length";

    /// <summary>Lets a call through, or refuses it and ends its connection.</summary>
    /// <param name="context">The call.</param>
    /// <exception cref="BadHttpRequestException">The body has two lengths.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count == 0 || !headers.ContainsKey(OtherLength))
            return next(context);
        context.Response.Headers.Connection = "close";
        throw new BadHttpRequestException("The body has two lengths.");
    }
}
