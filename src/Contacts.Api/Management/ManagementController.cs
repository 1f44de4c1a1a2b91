using Contacts.Audit;
using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Contacts.Management;

/// <summary>What the resources of the management API share: whose they are, and how refusals look (RFC 9457).</summary>
[ApiController]
[ServiceFilter<AuditedActions>]
[ApiExplorerSettings(GroupName = Setup.Document)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status401Unauthorized, Setup.Problem)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status403Forbidden, Setup.Problem)]
public abstract class ManagementController : ControllerBase
{
    /// <summary>The workspace of the caller's token.</summary>
    private protected Workspace Workspace => HttpContext.Features.GetRequiredFeature<Caller>().Workspace;

    /// <summary>The answer to a request of the wrong shape: its faults by attribute.</summary>
    /// <param name="faults">The faults.</param>
    private protected ActionResult Refused(IEnumerable<ValidationFailure> faults) => ValidationProblem(ModelOf(faults));

    /// <summary>The answer to a refusal of the book: 404, or 409 with the attribute that is in the way.</summary>
    /// <param name="refusal">Why.</param>
    private protected ActionResult Refused(Refusal refusal) => refusal switch
    {
        Refusal.NotFound => NotFound(),
        Refusal.NotUnique => Conflicting("name", "Another one in use has this name."),
        Refusal.TargetRefused(var fault) => Refused([new ValidationFailure("url", TextOf(fault))]),
        Refusal.LimitReached(_, var limit) => Problem($"There may be at most {limit}.", statusCode: StatusCodes.Status409Conflict),
        Refusal.GroupUnknown(var reference) => Conflicting("groups", $"The group {reference} has been deleted."),
        Refusal.NotEmpty => Problem("There is something in the book; a reset empties it.", statusCode: StatusCodes.Status409Conflict),
        Refusal.ImportRunning => Problem("An import is running; stop it, or wait until it is done.", statusCode: StatusCodes.Status409Conflict),
        Refusal.SnapshotOutdated => Problem(
            "The snapshot was taken by another version of this server and lacks what its tables need; take it again.", statusCode: StatusCodes.Status409Conflict),
        _ => throw new InvalidOperationException($"No answer is known for {refusal}."),
    };

    private static string TextOf(TargetFault fault) => fault switch
    {
        TargetFault.Scheme => "Must begin with http:// or https://.",
        TargetFault.Credentials => "May not hold a user name or password.",
        TargetFault.Fragment => "May not have a fragment (#…), which is never sent.",
        TargetFault.Address => "Leads to a private, loopback or link-local address, which this workspace does not allow.",
        _ => $"Must be a URL of at most {Webhook.MaxUrlLength} characters, such as https://example.com/hooks.",
    };

    /// <summary>The answer to what the state of the book is in the way of.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="text">What is wrong with it.</param>
    private protected ActionResult Conflicting(string attribute, string text) => ValidationProblem(
        statusCode: StatusCodes.Status409Conflict, title: "Conflict", modelStateDictionary: ModelOf([new ValidationFailure(attribute, text)]));

    private static ModelStateDictionary ModelOf(IEnumerable<ValidationFailure> faults)
    {
        var model = new ModelStateDictionary();
        foreach (var fault in faults)
            model.AddModelError(fault.PropertyName, fault.ErrorMessage);
        return model;
    }
}
