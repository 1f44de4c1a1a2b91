using System.Text.Encodings.Web;
using Contacts.Console.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Extensions;

namespace Contacts.Console;

/// <summary>
/// What a reader sees in place of a page that failed, with a way back. It needs nothing but the request: the database may be what is away. The status and the
/// headers stay what they are, those of the gate among them.
/// </summary>
internal static class FailurePage
{
    /// <summary>
    /// Lets a request through, and gives a page to what the framework refuses without one: a form without its guard, or too large to look for it, and a form
    /// that is no longer on its page.
    /// </summary>
    /// <param name="context">The request, which met the guard of forms.</param>
    /// <param name="next">The rest of the server.</param>
    public static async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } guard)
        {
            // The limits of a form's size and of its number of values are told in two ways.
            var isTooLarge = guard.Error?.InnerException is InvalidDataException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge };
            await AnswerAsync(context, isTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
            return;
        }

        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false })
            await AnswerAsync(context, StatusCodes.Status400BadRequest);
    }

    /// <summary>Answers with the page; the gate makes it what failures of pages are answered with.</summary>
    /// <param name="context">The request, whose answer has not begun.</param>
    /// <param name="status">The status, 400 or more.</param>
    public static Task AnswerAsync(HttpContext context, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = null;

        // What failed on its way to a file is not saved as that file.
        response.Headers.Remove("Content-Disposition");
        return response.WriteAsync(HtmlOf(context, KindOf(status)), context.RequestAborted);
    }

    private static string HtmlOf(HttpContext context, int kind)
    {
        var (words, request) = (context.RequestServices.GetRequiredService<Words>(), context.Request);
        var encoder = context.RequestServices.GetRequiredService<HtmlEncoder>();
        var again = UriHelper.BuildRelative(request.PathBase, request.Path, request.QueryString);
        return $"""
            <!DOCTYPE html>
            <html lang="{words.Language}" data-theme="{Preferences.ThemeOf(request)}">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <base href="{encoder.Encode($"{request.PathBase}{Ways.Root}/")}" />
                <link rel="icon" type="image/svg+xml" href="{OwnFiles.PathOf("icon.svg")}" />
                <link rel="stylesheet" href="{OwnFiles.PathOf("console.css")}" />
                <title>{encoder.Encode(words[$"failure.title_{kind}"])} · Contacts</title>
            </head>
            <body>
                <main id="content">
                    <section class="card narrow">
                        <h1>{encoder.Encode(words[$"failure.title_{kind}"])}</h1>
                        <p>{encoder.Encode(words[$"failure.text_{kind}"])}</p>
                        <p><a id="again" href="{encoder.Encode(again)}">{encoder.Encode(words["failure.again"])}</a></p>
                        <p class="quiet">X-Request-Id: {encoder.Encode(context.TraceIdentifier)}</p>
                    </section>
                </main>
            </body>
            </html>
            """;
    }

    /// <summary>The status whose texts are said.</summary>
    private static int KindOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status503ServiceUnavailable => status,
        < StatusCodes.Status500InternalServerError => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
    };
}
