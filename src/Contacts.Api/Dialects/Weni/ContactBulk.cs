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
    internal async Task<JsonAnswer[]> ApplyAsync(Caller caller, IReadOnlyList<JsonElement> items, CancellationToken cancellation)
    {
        var workspace = caller.Workspace;
        var answers = new JsonAnswer[items.Count];
        var changes = new List<ContactChange>(items.Count);
        var places = new List<int>(items.Count);
        for (var i = 0; i < answers.Length; i++)
        {
            var (change, refusal) = await ReadAsync(workspace, items[i], cancellation);
            if (change is null)
            {
                answers[i] = refusal!;
                continue;
            }

            changes.Add(change with { By = caller.Token.Name });
            places.Add(i);
        }

        if (changes.Count == 0)
            return answers;
        var outcomes = await upsert.ApplyAsync(workspace, changes, cancellation);
        var catalog = await catalogs.GetAsync(workspace.Id, cancellation);
        for (var i = 0; i < places.Count; i++)
            answers[places[i]] = ContactRead.Answer(outcomes[i], workspace, catalog);
        return answers;
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
