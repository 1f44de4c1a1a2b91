using System.Buffers;
using System.Diagnostics;

namespace Contacts.Operations;

/// <summary>
/// Gives each request an id: the caller's own <c>X-Request-Id</c> when it is a sane one, a new one otherwise. It is in every log line
/// of the request and in the answer, so that a caller and an operator can speak of the same request.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="log">Carries the id to the lines that others write.</param>
internal sealed class RequestIds(RequestDelegate next, ILogger<RequestIds> log)
{
    private const string Header = "X-Request-Id";
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Names the request and lets it through.</summary>
    /// <param name="context">The call.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given.Count == 1 && given[0] is { Length: > 0 and <= MaxLength } text && !text.AsSpan().ContainsAnyExcept(Allowed)
            ? text
            : Guid.CreateVersion7().ToString("N");
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        using (log.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", id) }))
            await next(context);
        Telemetry.Describe(Activity.Current, context);
    }
}
