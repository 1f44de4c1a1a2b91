using Contacts.Console.Layout;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;
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

    /// <summary>Answers that the book refused what was typed.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The reason in the reader's language.</returns>
    private protected string Refused(Reason reason)
    {
        Answer(StatusCodes.Status400BadRequest);
        return Words.Reason(reason.Code, reason.Subject);
    }

    /// <summary>Puts what is wrong beside the inputs, in the reader's language: of each the first.</summary>
    /// <param name="faults">What stands beside them, by their names.</param>
    /// <param name="found">What a validator found.</param>
    private protected void Tell(Dictionary<string, string> faults, IEnumerable<ValidationFailure> found)
    {
        foreach (var fault in found)
            faults.TryAdd(fault.PropertyName, Words.Fault(fault.ErrorMessage));
    }

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
