using Contacts.Core;
using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.EntityFrameworkCore;

namespace Contacts.TestBench;

/// <summary>Fills an empty book, through the same services as every call: what a seed made is like anything that calls made.</summary>
/// <param name="contexts">Where the book is kept.</param>
/// <param name="workspaces">Changes the settings.</param>
/// <param name="fields">Makes fields.</param>
/// <param name="stages">Makes stages.</param>
/// <param name="groups">Makes groups.</param>
/// <param name="contacts">Makes contacts.</param>
/// <param name="automations">Makes flows, campaigns and triggers.</param>
/// <param name="clock">The clock, for dates without a time.</param>
public sealed class SeedService(
    IDbContextFactory<ContactsDb> contexts,
    WorkspaceService workspaces,
    FieldService fields,
    StageService stages,
    GroupService groups,
    ContactWriter contacts,
    AutomationService automations,
    TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>What is wrong within a seed, each fault with its place in the document.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="workspace">The workspace that it is for.</param>
    public static IReadOnlyList<ValidationFailure> Check(Seed seed, Workspace workspace) => new SeedCheck(seed, workspace).Run();

    /// <summary>Fills the book of a workspace.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="seed">The seed, without faults.</param>
    /// <param name="by">Who does it, for whoever is told of changes.</param>
    /// <param name="cancellation">Stops between two pieces; what is written stays.</param>
    /// <returns>
    /// Why not, or null: <see cref="Refusal.NotEmpty"/> when there is something in the book, or others wrote into it meanwhile;
    /// <see cref="Refusal.NotUnique"/> when the workspace's new name is another's.
    /// </returns>
    public async Task<Refusal?> PlantAsync(Workspace workspace, Seed seed, string by, CancellationToken cancellation)
    {
        if (!await IsEmptyAsync(workspace.Id, cancellation))
            return new Refusal.NotEmpty();
        var changed = await workspaces.UpdateAsync(workspace.Id, seed.Settings, cancellation);
        if (changed.Refusal is { } refusal)
            return refusal;
        try
        {
            await WriteAsync(changed.Value!, seed, by, cancellation);
            return null;
        }
        catch (InterferenceException)
        {
            return new Refusal.NotEmpty();
        }
    }

    private async Task<bool> IsEmptyAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        return !await db.Contacts.AnyAsync(cancellation) && !await db.Fields.AnyAsync(cancellation) && !await db.Stages.AnyAsync(cancellation)
            && !await db.Groups.AnyAsync(group => group.DeletedOn == null, cancellation) && !await db.Automations.AnyAsync(cancellation);
    }

    private async Task WriteAsync(Workspace workspace, Seed seed, string by, CancellationToken cancellation)
    {
        var made = new Made();
        foreach (var field in seed.Fields)
            made.Fields[FieldService.KeyOf(field.Label)] = Value(await fields.CreateAsync(workspace, field.Label, field.Type, cancellation)).Id;
        foreach (var stage in seed.Stages)
            made.Stages[stage.Name] = Value(await stages.CreateAsync(workspace, stage.Name, stage.Color, null, by, cancellation)).Stage.Id;
        foreach (var name in seed.Groups)
            made.Groups[NameKey.Of(name)] = Value(await groups.CreateAsync(workspace, name, cancellation)).Group;
        foreach (var chunk in seed.Contacts.Chunk(BatchSize))
            await WriteAsync(workspace, chunk, made, by, cancellation);
        foreach (var automation in seed.Automations)
        {
            Value(await automations.CreateAsync(
                workspace,
                new AutomationDraft(automation.Kind, automation.Type, automation.Name, [.. automation.Groups.Select(made.Group).Distinct()]),
                cancellation));
        }
    }

    /// <summary>Contacts are made active, and then set to what they are to be.</summary>
    private async Task WriteAsync(Workspace workspace, SeedContact[] chunk, Made made, string by, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var outcomes = await contacts.ApplyAsync(workspace, [.. chunk.Select(contact => ChangeOf(workspace, contact, made, by, now))], cancellation);
        var later = new List<ContactChange>();
        foreach (var (contact, outcome) in chunk.Zip(outcomes))
        {
            if (outcome.Contact is not { } written)
                throw new InterferenceException();
            if (contact.Status != ContactStatus.Active)
                later.Add(new ContactChange { Id = written.Id, Status = contact.Status, By = by });
        }

        if (later.Count > 0)
            await contacts.ApplyAsync(workspace, later, cancellation);
    }

    private static ContactChange ChangeOf(Workspace workspace, SeedContact contact, Made made, string by, DateTimeOffset now) => new()
    {
        By = by,
        Name = contact.Name,
        Language = contact.Language,
        Urns = [.. contact.Urns.Select(text => UrnOf(workspace, text))],
        Groups = [.. contact.Groups.Select(name => new NamedGroup(made.Group(name), name))],
        Fields = contact.Fields.ToDictionary(
            field => made.Fields[field.Key], field => FieldValue.Read(field.Value, workspace.Zone, workspace.DateStyle, now)),
        Tags = contact.Tags.Count == 0 ? null : contact.Tags,
        StageId = contact.Stage is { } stage ? made.Stages[stage] : default(Optional<Guid?>),
    };

    private static Urn UrnOf(Workspace workspace, string text)
    {
        Urn.TryNormalize(text, workspace.Country, out var urn);
        return urn;
    }

    private static T Value<T>(Outcome<T> outcome)
        where T : class =>
        outcome.Value ?? throw new InterferenceException();

    /// <summary>What was made so far, by what the seed calls it.</summary>
    private sealed class Made
    {
        public Dictionary<string, Guid> Fields { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Guid> Stages { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Group> Groups { get; } = new(StringComparer.Ordinal);

        public Group Group(string name) => Groups[NameKey.Of(name)];
    }

    /// <summary>A seed without faults is refused only when others write at the same time.</summary>
    private sealed class InterferenceException : Exception;
}
