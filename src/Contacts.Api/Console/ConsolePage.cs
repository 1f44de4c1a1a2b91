using Contacts.Console.Layout;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Console;

/// <summary>What the pages share: who reads them, in which language, and the way to another page.</summary>
public abstract class ConsolePage : ComponentBase
{
    /// <summary>The request that the page answers.</summary>
    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    [Inject]
    internal Words Words { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    /// <summary>Who is signed in.</summary>
    private protected Caller Caller => Http.Features.GetRequiredFeature<Caller>();

    /// <summary>The workspace that the reader is in.</summary>
    private protected Workspace Workspace => Caller.Workspace;

    /// <summary>Stops what the page waits for when its reader goes away.</summary>
    private protected CancellationToken Gone => Http.RequestAborted;

    /// <summary>Whether the reader may change the book.</summary>
    private protected bool MayEdit => Caller.Token.Role is Role.Administrator or Role.Editor && Workspace.Standing == Standing.Good;

    /// <summary>Whether the reader is an administrator.</summary>
    private protected bool IsAdministrator => Caller.Token.Role == Role.Administrator;

    /// <summary>Sends the reader to another page; after a form always, so that a reload does not send it again.</summary>
    /// <param name="path">The page, relative to the console's root: <c>contacts/…</c>.</param>
    private protected void Go(string path) => Navigation.NavigateTo($"{Ways.Root[1..]}/{path}");

    /// <summary>Gives the page another status than 200. A status that is set at once would leave the page empty: the renderer takes 404 for an answer.</summary>
    /// <param name="status">The status.</param>
    private protected void Answer(int status)
    {
        var response = Http.Response;
        response.OnStarting(() =>
        {
            response.StatusCode = status;
            return Task.CompletedTask;
        });
    }
}
