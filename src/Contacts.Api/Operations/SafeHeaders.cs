using System.Collections.Frozen;

namespace Contacts.Operations;

/// <summary>
/// What every answer tells browsers, before anybody else says something stricter or looser: that it is no page, whatever it looks like, that nobody may frame it,
/// and that nothing on the way may keep it: contacts are people. The console's pages and Swagger UI have policies of their own.
/// </summary>
/// <param name="next">The rest of the server.</param>
internal sealed class SafeHeaders(RequestDelegate next)
{
    private const string Policy = "default-src 'none'; frame-ancestors 'none'";

    // Swagger UI is its own scripts, and styles that its scripts write into elements; it asks the API of this server alone. The package makes functions of the
    // texts of our own interceptors, which counts as evaluation.
    private const string SwaggerPolicy = "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The headers, which say the same on every answer: nobody needs them among recorded calls.</summary>
    public static readonly FrozenSet<string> Names = new[] { "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes the headers and lets a request through.</summary>
    /// <param name="context">The request.</param>
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase) ? SwaggerPolicy : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        return next(context);
    }
}
