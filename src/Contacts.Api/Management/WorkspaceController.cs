using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The settings of the token's own workspace.</summary>
/// <param name="workspaces">The workspaces.</param>
/// <param name="validator">The shape of changes.</param>
[Route(Setup.Root + "/workspace")]
public sealed class WorkspaceController(WorkspaceService workspaces, IValidator<WorkspaceChanges> validator) : ManagementController
{
    /// <summary>Reads the settings.</summary>
    [HttpGet(Name = "getWorkspace")]
    [HttpHead]
    [ProducesResponseType<WorkspaceRead>(StatusCodes.Status200OK, Setup.Json)]
    public WorkspaceRead Read() => WorkspaceRead.Of(Workspace);

    /// <summary>Changes settings: what is left out stays. The next request sees the change; on other servers it takes up to two seconds.</summary>
    /// <param name="body">The settings to change.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpPatch(Name = "changeWorkspace")]
    [ProducesResponseType<WorkspaceRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Change([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var changes = ChangesOf(reading);
        var faults = reading.Faults().Concat(validator.Validate(changes).Errors).ToList();
        if (faults.Count > 0)
            return Refused(faults);
        var outcome = await workspaces.UpdateAsync(Workspace.Id, changes, cancellation);
        return outcome.Refusal is { } refusal ? Refused(refusal) : Ok(WorkspaceRead.Of(outcome.Value!));
    }

    /// <summary>Reads changes of settings.</summary>
    /// <param name="body">The body.</param>
    internal static WorkspaceChanges ChangesOf(Body body) => new()
    {
        Name = body.Text("name"),
        Country = body.NullableText("country"),
        Timezone = body.Text("timezone"),
        DateStyle = body.Choice<DateStyle>("date_style"),
        Profile = body.Text("profile"),
        Languages = body.Texts("languages"),
        VerifyNinthDigit = body.Flag("verify_ninth_digit"),
        MexicanPrefix = body.Flag("mexican_prefix"),
        Anonymous = body.Flag("anonymous"),
        Standing = body.Choice<Standing>("standing"),
        HourlyLimit = body.NullableNumber("hourly_limit"),
        MinuteLimit = body.NullableNumber("minute_limit"),
        FieldLimit = body.Number("field_limit"),
        GroupLimit = body.Number("group_limit"),
        AllowsPrivateTargets = body.Flag("allows_private_targets"),
        Recording = body.Choice<Recording>("recording"),
        RecordedCalls = body.Number("recorded_calls"),
        RecordedDays = body.Number("recorded_days"),
        RecordedMegabytes = body.Number("recorded_megabytes"),
    };
}
