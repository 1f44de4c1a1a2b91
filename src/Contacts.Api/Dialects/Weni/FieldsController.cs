using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>Fields: list, create, update.</summary>
/// <param name="fields">The workspaces' fields.</param>
/// <param name="validator">The shape of a body.</param>
[Route("/api/v2/fields.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class FieldsController(FieldService fields, IValidator<FieldWrite> validator) : ControllerBase
{
    /// <summary>Lists fields, the newest first.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        if (!CursorPages.TryRead(Request.Query, out var from))
            return CursorPages.Invalid;
        var workspace = HttpContext.Caller().Workspace;
        var key = Request.Query["key"].LastOrDefault() is { Length: > 0 } given ? given : null;
        var page = key?.Contains('\0') == true
            ? Page<Field>.Empty
            : await fields.ListAsync(workspace, key, CursorPages.SizeOf(Request.Query), from, cancellation);
        return CursorPages.Answer(Request, page, (json, field) => FieldRead.Write(json, field, workspace));
    }

    /// <summary>Creates a field, whose key is made from its label; with <c>?key=</c> changes a field's label and type.</summary>
    [HttpPost]
    public async Task<IActionResult> Write(CancellationToken cancellation)
    {
        var workspace = HttpContext.Caller().Workspace;
        var (lookUp, refused) = LookUp.Read(Request.Query, Endpoints.Fields, workspace, isRequired: false);
        if (refused is not null)
            return refused;
        var key = lookUp.Parameter is null ? null : lookUp.Value;
        if (key is not null && (key.Contains('\0') || !await fields.ExistsAsync(workspace, key, cancellation)))
            return Errors.NotFound;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal;
        var faults = new List<ValidationFailure>();
        var write = FieldWrite.Read(body.Object, faults);
        faults.AddRange(validator.Validate(write).Errors);
        if (faults.Count > 0)
            return Errors.Invalid(faults);

        var outcome = key is null
            ? await fields.CreateAsync(workspace, write.Label!, write.ValueType!.Value, cancellation)
            : await fields.UpdateAsync(workspace, key, write.Label!, write.ValueType!.Value, cancellation);
        if (outcome.Refusal is { } refusal)
            return Errors.Of(refusal, Endpoints.Fields.Name);
        var status = key is null ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return new JsonAnswer(status, json => FieldRead.Write(json, outcome.Value!, workspace));
    }
}
