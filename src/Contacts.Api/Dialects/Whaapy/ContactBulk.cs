using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects.Whaapy;

/// <summary>What became of one of many contacts.</summary>
/// <param name="Id">The contact's id as the call named it, or as it was made; null when there is none.</param>
/// <param name="Contact">The contact; null when it was refused or deleted.</param>
/// <param name="Fault">Why it was refused, or null.</param>
internal readonly record struct BulkResult(string? Id, Contact? Contact, Fault? Fault);

/// <summary>Writes many contacts in one transaction, each as its own call would, with an answer of its own.</summary>
/// <param name="writer">Writes contacts.</param>
/// <param name="stages">The workspaces' stages.</param>
/// <param name="bodies">Reads bodies.</param>
public sealed class ContactBulk(ContactWriter writer, StageService stages, ContactBodies bodies)
{
    /// <summary>Does what a call says.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="write">What is to be done.</param>
    /// <param name="cancellation">Gives up before the writing begins.</param>
    /// <returns>A result per item, in their order; or the fault that refuses the whole call.</returns>
    internal async Task<(BulkResult[] Results, Fault? Fault)> ApplyAsync(Caller caller, BulkWrite write, CancellationToken cancellation)
    {
        if (write.StageId is { } stage && !(await stages.FindAsync(caller.Workspace, [stage], cancellation)).ContainsKey(stage))
            return ([], Errors.NoStage);
        var results = new BulkResult[write.Contacts?.Count ?? write.ContactIds!.Count];
        var changes = new List<ContactChange>(results.Length);
        var places = new List<int>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            var (change, result) = await ReadAsync(caller, write, i, cancellation);
            results[i] = result;
            if (change is null)
                continue;
            changes.Add(change);
            places.Add(i);
        }

        var outcomes = changes.Count == 0 ? [] : await writer.ApplyAsync(caller.Workspace, changes, cancellation);
        for (var i = 0; i < places.Count; i++)
        {
            var outcome = outcomes[i];
            results[places[i]] = outcome.Refusal is { } refusal
                ? results[places[i]] with { Fault = Errors.Of(refusal) }
                : new BulkResult(outcome.Contact!.Id.ToString(), outcome.Effect == ContactEffect.Deleted ? null : outcome.Contact, null);
        }

        return (results, null);
    }

    private async Task<(ContactChange? Change, BulkResult Result)> ReadAsync(Caller caller, BulkWrite write, int index, CancellationToken cancellation)
    {
        var item = write.Contacts?[index];
        if (item is { ValueKind: not JsonValueKind.Object })
            return (null, new BulkResult(null, null, Errors.Invalid($"contacts[{index}]", Texts.NotObject)));
        var name = write.ContactIds?[index];
        Guid? id = null;
        if (write.Operation != BulkOperation.Create)
        {
            name ??= new JsonReading(item!.Value, []).Text("id").Value;
            if (name is null || !ContactsController.TryId(name, out var uuid))
                return (null, new BulkResult(name, null, Errors.NotFound));
            id = uuid;
        }

        if (write.Operation is BulkOperation.Create or BulkOperation.Update)
        {
            var (change, fault) = await bodies.ReadAsync(caller, item ?? write.Data!.Value, id, cancellation);
            return (change, new BulkResult(name, null, fault));
        }

        return (ChangeOf(write) with { Id = id, By = caller.Token.Name }, new BulkResult(name, null, null));
    }

    private static ContactChange ChangeOf(BulkWrite write) => write.Operation switch
    {
        BulkOperation.Delete => new ContactChange { Delete = true },
        BulkOperation.Tag => new ContactChange { AddTags = write.Tags },
        BulkOperation.Untag => new ContactChange { RemoveTags = write.Tags },
        BulkOperation.SetFunnelStage => new ContactChange { StageId = write.StageId },
        _ => throw new ArgumentOutOfRangeException(nameof(write), write.Operation, "An operation that has bodies."),
    };
}
