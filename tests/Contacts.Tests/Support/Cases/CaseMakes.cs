using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Support.Cases;

/// <summary>What a step of a case puts in place that no client of the API can: dynamic groups, statuses, flows, the standing of the workspace.</summary>
internal sealed class CaseMakes(TestServer server, CaseText text)
{
    /// <summary>Does what a step says, and captures what came of it.</summary>
    public async Task MakeAsync(CaseStep step, Guid workspace)
    {
        var id = step.Uuid is null ? Guid.CreateVersion7() : Guid.Parse(text.Fill(step.Uuid));
        switch (step.Make)
        {
            case "flow" or "trigger" or "campaign":
                id = await MakeAutomationAsync(step, workspace);
                break;
            case "archived flow" or "archived trigger":
                await ArchiveAsync(workspace, KindOf(step.Make["archived ".Length..]), id, isArchived: true);
                break;
            case "restored flow" or "restored trigger" or "restored campaign":
                await ArchiveAsync(workspace, KindOf(step.Make["restored ".Length..]), id, isArchived: false);
                break;
            default:
                await server.ExecuteAsync(SqlOf(step, workspace, id));
                break;
        }

        // A server notices the change of a workspace within two seconds; a case shall not wait for it.
        server.Services.GetRequiredService<Callers>().Forget(workspace);
        foreach (var name in step.Capture.Keys)
            text.Capture(name, id.ToString());
    }

    private static FormattableString SqlOf(CaseStep step, Guid workspace, Guid id) => step.Make switch
    {
        "dynamic group" => $"INSERT INTO groups (workspace_id, id, name, name_key, query, created_on) VALUES ({workspace}, {id}, {step.Name}, {NameKey.Of(step.Name ?? "")}, {step.Query}, now())",
        "blocked contact" => $"UPDATE contacts SET status = 1 WHERE workspace_id = {workspace} AND id = {id}",
        "stopped contact" => $"UPDATE contacts SET status = 2 WHERE workspace_id = {workspace} AND id = {id}",
        "archived campaign" => $"UPDATE automations SET archived_on = now() WHERE workspace_id = {workspace} AND id = {id}",
        "suspended workspace" => $"UPDATE workspaces SET standing = {nameof(Standing.Suspended)} WHERE id = {workspace}",
        "flagged workspace" => $"UPDATE workspaces SET standing = {nameof(Standing.Flagged)} WHERE id = {workspace}",
        "workspace in good standing" => $"UPDATE workspaces SET standing = {nameof(Standing.Good)} WHERE id = {workspace}",
        "anonymous workspace" => $"UPDATE workspaces SET is_anonymous = true WHERE id = {workspace}",
        "upstream profile" => $"UPDATE workspaces SET profile = 'rapidpro' WHERE id = {workspace}",
        "named workspace" => $"UPDATE workspaces SET name = {step.Name} WHERE id = {workspace}",
        _ => throw new InvalidDataException($"Nobody knows how to make a {step.Make}."),
    };

    private async Task<Guid> MakeAutomationAsync(CaseStep step, Guid workspace)
    {
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace);
        var groups = step.Groups.Select(group => Guid.Parse(text.Fill(group))).ToList();
        var used = await db.Groups.Where(group => group.WorkspaceId == workspace && groups.Contains(group.Id)).ToListAsync();
        used.Count.ShouldBe(groups.Count, $"the groups of {step.Name}");
        var owner = await db.Workspaces.SingleAsync(row => row.Id == workspace);
        var draft = new AutomationDraft(KindOf(step.Make ?? ""), step.Type, step.Name ?? "", used);
        var made = await server.Services.GetRequiredService<AutomationService>().CreateAsync(owner, draft, CancellationToken.None);
        return made.Value.ShouldNotBeNull().Automation.Id;
    }

    private async Task ArchiveAsync(Guid workspace, AutomationKind kind, Guid id, bool isArchived)
    {
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace);
        var owner = await db.Workspaces.SingleAsync(row => row.Id == workspace);
        var done = await server.Services.GetRequiredService<AutomationService>().ArchiveAsync(owner, kind, id, isArchived, CancellationToken.None);
        done.Value.ShouldNotBeNull();
    }

    private static AutomationKind KindOf(string word) => Enum.Parse<AutomationKind>(word, ignoreCase: true);
}
