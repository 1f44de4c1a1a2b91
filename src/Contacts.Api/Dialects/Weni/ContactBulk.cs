using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>
/// Writes many contacts at once, each as <c>POST contacts.json</c> would, with an answer of its own: the same bodies, faults and statuses.
/// Ours: the original has no such call, and its users ask for one.
/// </summary>
/// <param name="upsert">Writes contacts.</param>
/// <param name="catalogs">The workspaces' fields and groups.</param>
/// <param name="bodies">Reads bodies.</param>
public sealed class ContactBulk(ContactWriter upsert, CatalogCache catalogs, ContactBodies bodies)
{
    /// <summary>Writes items in their order, in one transaction.</summary>
    /// <param name="caller">Whose call it is.</param>
    /// <param name="items">The items as they were sent.</param>
    /// <param name="cancellation">Gives up before the writing begins.</param>
    /// <returns>An answer per item, in their order.</returns>
    internal async Task<JsonAnswer[]> ApplyAsync(Caller caller, IReadOnlyList<JsonElement> items, CancellationToken cancellation) =>
        await ApplyAsync(caller, await ReadAsync(caller, items, cancellation), cancellation);

    /// <summary>Reads items, with no look at any contact: the first half of the work.</summary>
    /// <param name="caller">Whose call it is.</param>
    /// <param name="items">The items as they were sent.</param>
    /// <param name="cancellation">Stops waiting.</param>
    internal async Task<BulkItems> ReadAsync(Caller caller, IReadOnlyList<JsonElement> items, CancellationToken cancellation)
    {
        var read = new BulkItems(new JsonAnswer[items.Count], new List<ContactChange>(items.Count), new List<int>(items.Count));
        for (var i = 0; i < items.Count; i++)
        {
            var (change, refusal) = await ReadAsync(caller.Workspace, items[i], cancellation);
            if (change is null)
            {
                read.Answers[i] = refusal!;
                continue;
            }

            read.Changes.Add(change with { By = caller.Token.Name });
            read.Places.Add(i);
        }

        return read;
    }

    /// <summary>Writes what was read: the other half.</summary>
    /// <param name="caller">Whose call it is.</param>
    /// <param name="read">The items.</param>
    /// <param name="cancellation">Gives up before the writing begins.</param>
    /// <returns>An answer per item, in their order.</returns>
    internal async Task<JsonAnswer[]> ApplyAsync(Caller caller, BulkItems read, CancellationToken cancellation)
    {
        if (read.Changes.Count == 0)
            return read.Answers;
        var outcomes = await upsert.ApplyAsync(caller.Workspace, read.Changes, cancellation);
        var catalog = await catalogs.GetAsync(caller.Workspace.Id, cancellation);
        for (var i = 0; i < outcomes.Count; i++)
            read.Answers[read.Places[i]] = ContactRead.Answer(outcomes[i], caller.Workspace, catalog);
        return read.Answers;
    }

    /// <summary>Writes an item's answer: its status, and the contact or the errors.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="answer">The answer that the item would have had alone.</param>
    internal static void Write(Utf8JsonWriter json, JsonAnswer answer)
    {
        json.WriteStartObject();
        json.WriteNumber("status", answer.Status);
        json.WritePropertyName(answer.Status < StatusCodes.Status300MultipleChoices ? "contact" : "errors");
        answer.WriteBody(json);
        json.WriteEndObject();
    }

    private async ValueTask<(ContactChange? Change, JsonAnswer? Refusal)> ReadAsync(
        Workspace workspace, JsonElement item, CancellationToken cancellation)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return (null, Errors.Invalid(Texts.NotObject));
        var faults = new List<ValidationFailure>();
        var lookUp = LookUp.OfItem(item, workspace, faults);
        var change = await bodies.ReadAsync(workspace, item, lookUp, faults, cancellation);
        if (faults.Count > 0)
            return (null, Errors.Invalid(faults));
        if (lookUp.Parameter == "uuid" && lookUp.Uuid is null)
            return (null, Errors.NotFound);
        return (change with { Id = lookUp.Uuid, Urn = lookUp.Urn }, null);
    }
}

/// <summary>Items that were read.</summary>
/// <param name="Answers">An answer per item; those of items that are to be written are still missing.</param>
/// <param name="Changes">What is to be written, in order.</param>
/// <param name="Places">Which items those are.</param>
internal sealed record BulkItems(JsonAnswer[] Answers, List<ContactChange> Changes, List<int> Places);
