using System.Text.Json;
using Contacts.TestBench;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Empties the workspace between two tests.</summary>
/// <param name="resets">Empties workspaces.</param>
[Route(Setup.Root + "/reset")]
public sealed class ResetController(ResetService resets) : ManagementController
{
    /// <summary>
    /// Empties the workspace, and puts a snapshot back when one is named. Tokens, webhooks, settings and snapshots stay. The calls of other clients that
    /// write meanwhile come before or after it as a whole.
    /// </summary>
    /// <param name="body">What to put back, and what to keep; without a body the workspace is empty afterwards.</param>
    /// <param name="cancellation">Gives up before it is written.</param>
    [HttpPost(Name = "reset")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Reset(
        [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] JsonElement? body, CancellationToken cancellation)
    {
        string? snapshot = null;
        var kept = new HashSet<KeptPart>();
        if (body is { } given)
        {
            var reading = new Body(given);
            snapshot = reading.NullableText("snapshot").Value;
            var names = reading.Texts("keep");
            List<ValidationFailure> faults = [.. reading.Faults()];
            foreach (var name in names.Value ?? [])
            {
                if (Choices<KeptPart>.TryParse(name, out var part))
                    kept.Add(part);
                else
                    faults.Add(new ValidationFailure("keep", $"May have: {Choices<KeptPart>.Names}."));
            }

            if (faults.Count > 0)
                return Refused(faults.DistinctBy(fault => (fault.PropertyName, fault.ErrorMessage)));
        }

        return await resets.ResetAsync(Workspace.Id, snapshot, kept, cancellation) is { } refusal ? Refused(refusal) : NoContent();
    }
}

/// <summary>What a reset leaves in the workspace.</summary>
/// <example><code>{"snapshot":"seeded"}</code></example>
/// <param name="Snapshot">The name of the snapshot to put back; none when it is left out.</param>
/// <param name="Keep">What stays as it is: some of <c>faults</c>, <c>clock</c>, <c>calls</c>, <c>deliveries</c>.</param>
public sealed record ResetWrite(string? Snapshot, IReadOnlyList<KeptPart>? Keep);
