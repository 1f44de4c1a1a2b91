using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Dialects.Weni;

/// <summary>Groups: list, create, rename, delete.</summary>
/// <param name="groups">The workspaces' groups.</param>
/// <param name="validator">The shape of a body.</param>
[Route("/api/v2/groups.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class GroupsController(GroupService groups, IValidator<GroupWrite> validator) : ControllerBase
{
    /// <summary>Lists groups with their counts, the newest first.</summary>
    [AcceptVerbs("GET", "HEAD")]
    public async Task<IActionResult> List(CancellationToken cancellation)
    {
        if (!CursorPages.TryRead(Request.Query, out var from))
            return CursorPages.Invalid;
        var workspace = HttpContext.Caller().Workspace;
        var uuid = Request.Query["uuid"].LastOrDefault() ?? string.Empty;
        var name = Request.Query["name"].LastOrDefault() ?? string.Empty;
        if (uuid.Length > 0 && name.Length > 0)
            return Errors.Detail(StatusCodes.Status400BadRequest, "You may only specify one of the uuid, name parameters");
        if ((uuid.Length > 0 && !LookUp.TryUuid(uuid, out _)) || name.Contains('\0'))
            return Answer(Page<CountedGroup>.Empty, workspace);

        Func<IQueryable<Group>, IQueryable<Group>>? filter = null;
        if (LookUp.TryUuid(uuid, out var id))
            filter = all => all.Where(group => group.Id == id);
        else if (name.Length > 0)
            filter = all => all.Where(group => group.NameKey == NameKey.Of(name));
        var page = await groups.ListAsync(workspace, filter, CursorPages.SizeOf(Request.Query), from, cancellation);
        return Answer(page, workspace);
    }

    /// <summary>Creates a group; with <c>?uuid=</c> renames one.</summary>
    [HttpPost]
    public async Task<IActionResult> Write(CancellationToken cancellation)
    {
        var workspace = HttpContext.Caller().Workspace;
        var (lookUp, refused) = LookUp.Read(Request.Query, Endpoints.Groups, workspace, isRequired: false);
        if (refused is not null)
            return refused;
        if (lookUp.Parameter is not null && (lookUp.Uuid is not { } id || await groups.FindAsync(workspace, id, cancellation) is null))
            return Errors.NotFound;
        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal;
        var faults = new List<ValidationFailure>();
        var write = GroupWrite.Read(body.Object, faults);
        faults.AddRange(validator.Validate(write).Errors);
        if (faults.Count > 0)
            return Errors.Invalid(faults);

        var outcome = lookUp.Uuid is { } existing
            ? await groups.RenameAsync(workspace, existing, write.Name!, cancellation)
            : await groups.CreateAsync(workspace, write.Name!, cancellation);
        if (outcome.Refusal is { } refusal)
            return Errors.Of(refusal, Endpoints.Groups.Name);
        var status = lookUp.Parameter is null ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return new JsonAnswer(status, json => GroupRead.Write(json, outcome.Value!, workspace));
    }

    /// <summary>Deletes the group that <c>?uuid=</c> names, unless a trigger, flow or campaign uses it.</summary>
    [HttpDelete]
    public async Task<IActionResult> Delete(CancellationToken cancellation)
    {
        var workspace = HttpContext.Caller().Workspace;
        var (lookUp, refused) = LookUp.Read(Request.Query, Endpoints.Groups, workspace, isRequired: true);
        if (refused is not null)
            return refused;
        if (lookUp.Uuid is not { } id)
            return Errors.NotFound;
        return await groups.DeleteAsync(workspace, id, cancellation) is { } refusal
            ? Errors.Of(refusal, Endpoints.Groups.Name)
            : JsonAnswer.NoContent;
    }

    private JsonAnswer Answer(Page<CountedGroup> page, Workspace workspace) =>
        CursorPages.Answer(Request, page, (json, group) => GroupRead.Write(json, group, workspace));
}
