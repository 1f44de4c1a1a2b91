using Contacts.Calls;
using Contacts.Core;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Log;

/// <summary>The recorded calls, the newest first; the first page goes on by itself.</summary>
public sealed partial class CallList
{
    private const int PageSize = 50;

    [Inject]
    internal CallLog Log { get; set; } = null!;

    private CallFilter Filter => new(Http.Request.Query);

    /// <summary>The calls; null when looking for them took too long.</summary>
    private Page<CallSummary>? Page { get; set; }

    private Cursor? Place => Places.Read(Http.Request.Query["at"]);

    // Further pages are of what was, and stand still.
    private bool IsLive => Place is null && Filter is { HasStatus: true, HasContact: true } && Page is not null;

    private string? Stream => IsLive ? Filter.UrlOf(CallStream.Path, CallStream.After, Page!.Items.Count > 0 ? Page.Items[0].Id.ToString() : Guid.Empty.ToString()) : null;

    private string FirstCall => CurlText.Of(new CurlCall(
        "GET",
        $"{Http.Request.Scheme}://{Http.Request.Host}{Http.Request.PathBase}/api/v2/contacts.json",
        [("Authorization", $"Token {CurlText.AnyToken}")],
        null,
        false));

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (Filter is not { HasStatus: true, HasContact: true })
        {
            Answer(StatusCodes.Status400BadRequest);
            Page = Page<CallSummary>.Empty;
            return;
        }

        try
        {
            Page = await Log.ListAsync(Workspace, Filter.Read(Caller.Token.Role), PageSize, Place, Gone);
        }
        catch (SearchTooLongException)
        {
            Answer(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private string? PathTo(Cursor? place) => place is null ? null : Filter.UrlOf("calls", "at", Places.TextOf(place));
}
