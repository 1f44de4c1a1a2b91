using Contacts.Calls;
using Contacts.Console.Layout;
using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Console.Pages.Log;

/// <summary>
/// New calls as they are recorded, for the list that is being looked at: Server-Sent Events with rows as the page draws them. A stream ends after some
/// minutes, or with its session; the browser asks again and says where it was.
/// </summary>
/// <param name="calls">The recorded calls.</param>
/// <param name="feed">Tells what this server recorded.</param>
/// <param name="sessions">Tells whether the reader is still signed in.</param>
/// <param name="lifetime">Tells when the server stops.</param>
/// <param name="clock">The clock.</param>
/// <param name="loggers">For the drawing of rows.</param>
internal sealed class CallStream(
    CallLog calls, CallFeed feed, Sessions sessions, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory loggers)
{
    /// <summary>Where it is, below the console's root.</summary>
    public const string Path = "calls/live";

    /// <summary>The parameter that names the newest call of the page.</summary>
    public const string After = "after";

    /// <summary>How many streams a server keeps open; those of one workspace are half of them at most.</summary>
    public const int Most = 64;

    // A browser that is refused asks again after so many milliseconds.
    private const string Later = "retry: 15000\n\n";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>The streams that are open.</summary>
    internal Seats Open { get; } = new(Most);

    /// <summary>Maps the stream.</summary>
    /// <param name="pages">The console's routes.</param>
    public static void Map(IEndpointRouteBuilder pages) =>
        pages.MapGet($"{Ways.Root}/{Path}", (HttpContext context, CallStream stream) => stream.SendAsync(context)).ExcludeFromDescription();

    /// <summary>Sends calls until the reader goes away.</summary>
    /// <param name="context">The request.</param>
    public async Task SendAsync(HttpContext context)
    {
        var filter = new CallFilter(context.Request.Query);
        if (filter is not { HasStatus: true, HasContact: true })
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        var caller = context.Features.GetRequiredFeature<Caller>();
        if (!Open.TryTake(caller.Workspace.Id))
        {
            await context.Response.WriteAsync(Later, context.RequestAborted);
            return;
        }

        try
        {
            await FollowAsync(context, caller, filter.Read(caller.Token.Role));
        }
        catch (OperationCanceledException)
        {
            // The reader went away, or the server stops.
        }
        finally
        {
            Open.Leave(caller.Workspace.Id);
        }
    }

    private async Task FollowAsync(HttpContext context, Caller caller, CallQuery query)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var end = ends.Token;
        var news = new CallNews(calls, caller.Workspace, query, PlaceOf(context.Request), clock);
        var (began, spoke, asked) = (clock.GetTimestamp(), clock.GetTimestamp(), clock.GetTimestamp());
        await context.Response.WriteAsync(": calls\n\n", end);
        await context.Response.Body.FlushAsync(end);
        while (clock.GetElapsedTime(began) < Life)
        {
            // Who is signed out sees nothing more, however many calls come.
            if (clock.GetElapsedTime(asked) >= Quiet)
            {
                if (await sessions.FindAsync(context.Request.Cookies[Gate.Cookie] ?? string.Empty, end) is null)
                    return;
                asked = clock.GetTimestamp();
            }

            var written = feed.NextAsync(caller.Workspace.Id);
            if (await news.NextAsync(end) is { Calls.Count: > 0 } batch)
            {
                await context.Response.WriteAsync(await TextOfAsync(context, batch), end);
                await context.Response.Body.FlushAsync(end);
                spoke = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(spoke) >= Quiet)
            {
                // A reader who left in silence is noticed.
                await context.Response.WriteAsync(":\n\n", end);
                await context.Response.Body.FlushAsync(end);
                spoke = clock.GetTimestamp();
            }

            await Task.Delay(Pause, clock, end);
            await Task.WhenAny(written, Task.Delay(Pause, clock, end));
        }
    }

    private async Task<string> TextOfAsync(HttpContext context, CallBatch batch)
    {
        await using var renderer = new HtmlRenderer(context.RequestServices, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var rows = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(CallRows.Calls)] = batch.Calls,
                [nameof(CallRows.Http)] = context,
            });
            return (await renderer.RenderComponentAsync<CallRows>(rows)).ToHtmlString();
        });
        var words = context.RequestServices.GetRequiredService<Words>();
        var told = batch.More == 0 ? string.Empty : words.With("calls.more", words.Number(batch.More));
        return $"id: {batch.Newest:N}\nevent: rows\n{DataOf(html)}\nevent: told\n{DataOf(told)}\n";
    }

    private static string DataOf(string text) => string.Concat(text.Split(['\n', '\r']).Select(line => $"data: {line}\n"));

    private Guid PlaceOf(HttpRequest request) =>
        Guid.TryParse(request.Headers["Last-Event-ID"], out var last) || Guid.TryParse(request.Query[After], out last) ? last : RowId.First(clock.Now());
}
