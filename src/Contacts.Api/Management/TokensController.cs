using System.Text.Json;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The keys to the workspace, of every dialect.</summary>
/// <param name="tokens">The workspaces' tokens.</param>
/// <param name="validator">The shape of a token.</param>
[Route(Setup.Root + "/tokens")]
public sealed class TokensController(TokenService tokens, IValidator<TokenWrite> validator) : ManagementController
{
    /// <summary>Lists the tokens in use, at most 1,000, the oldest first. Keys are not shown again.</summary>
    /// <param name="cancellation">Stops the query.</param>
    [HttpGet(Name = "listTokens")]
    [HttpHead]
    [ProducesResponseType<Listed<TokenRead>>(StatusCodes.Status200OK, Setup.Json)]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        var all = await tokens.ListAsync(Workspace.Id, cancellation);
        return Ok(new Listed<TokenRead>([.. all.Select(TokenRead.Of)], null, null));
    }

    /// <summary>Makes a token. The answer has its key, this one time.</summary>
    /// <param name="body">What it is to be.</param>
    /// <param name="cancellation">Stops waiting before the token is written.</param>
    [HttpPost(Name = "createToken")]
    [ProducesResponseType<TokenRead>(StatusCodes.Status201Created, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Create([FromBody] JsonElement body, CancellationToken cancellation)
    {
        var reading = new Body(body);
        var wanted = TokenWrite.Read(reading);
        List<ValidationFailure> faults = [.. reading.Faults()];
        faults.AddRange(validator.Validate(wanted).Errors.Where(error => !faults.Exists(fault => fault.PropertyName == error.PropertyName)));
        if (faults.Count > 0)
            return Refused(faults);
        var key = ApiToken.NewKey(wanted.Dialect);
        var outcome = await tokens.AddAsync(Workspace.Id, key, wanted.Role!.Value, wanted.Name!, cancellation);
        return outcome.Refusal is { } refusal
            ? Refused(refusal)
            : StatusCode(StatusCodes.Status201Created, TokenRead.Of(outcome.Value!) with { Key = key });
    }

    /// <summary>Revokes a token: this server refuses it at once, others within two seconds. The one that asks can't be revoked.</summary>
    /// <param name="uuid">Its uuid.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    [HttpDelete("{uuid:guid}", Name = "revokeToken")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Revoke(Guid uuid, CancellationToken cancellation)
    {
        if (HttpContext.Features.GetRequiredFeature<Caller>().Token.Id == uuid)
            return Problem("This token makes the call; revoke it with another one.", statusCode: StatusCodes.Status409Conflict);
        return await tokens.RevokeAsync(Workspace.Id, uuid, cancellation) ? NoContent() : NotFound();
    }
}
