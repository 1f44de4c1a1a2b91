using System.Text.Json;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>Fills an empty workspace with what a test begins with.</summary>
/// <param name="seeds">Fills workspaces.</param>
/// <param name="reading">Reads documents.</param>
[Route(Setup.Root + "/seed")]
public sealed class SeedController(SeedService seeds, SeedReading reading) : ManagementController
{
    /// <summary>
    /// Fills the workspace, which must be empty: make it so with a reset. All faults of the document are told at once, each with its place, and then nothing
    /// is written. What is written goes through the same rules as every call, and webhooks are told of it.
    /// </summary>
    /// <param name="body">What is to be in it.</param>
    [HttpPost(Name = "seed")]
    [ProducesResponseType<SeedRead>(StatusCodes.Status200OK, Setup.Json)]
    [ProducesResponseType<ValidationProblemDetails>(StatusCodes.Status400BadRequest, Setup.Problem)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict, Setup.Problem)]
    public async Task<IActionResult> Plant([FromBody] JsonElement body)
    {
        var (seed, faults) = reading.Read(body, Workspace);
        if (faults.Count > 0)
            return Refused(faults);
        var by = HttpContext.Features.GetRequiredFeature<Caller>().Token.Name;

        // Half a book could not be filled again: it is filled whether or not the client waits.
        return await seeds.PlantAsync(Workspace, seed, by, CancellationToken.None) is { } refusal ? Refused(refusal) : Ok(SeedRead.Of(seed));
    }
}

/// <summary>What is to be in an empty workspace. Everything may be left out.</summary>
/// <param name="Workspace">Settings to change first, by the names of <c>PATCH workspace</c>.</param>
/// <param name="Fields">Fields.</param>
/// <param name="Stages">Stages of the funnel, in its order.</param>
/// <param name="Groups">Names of groups.</param>
/// <param name="Contacts">Contacts, the oldest first; at most 100,000.</param>
/// <param name="Flows">Flows, as <c>POST flows</c> takes them.</param>
/// <param name="Campaigns">Campaigns, as <c>POST campaigns</c> takes them.</param>
/// <param name="Triggers">Triggers, as <c>POST triggers</c> takes them.</param>
public sealed record SeedWrite(
    WorkspaceChanges? Workspace,
    IReadOnlyList<SeedFieldWrite>? Fields,
    IReadOnlyList<SeedStageWrite>? Stages,
    IReadOnlyList<string>? Groups,
    IReadOnlyList<SeedContactWrite>? Contacts,
    IReadOnlyList<AutomationWrite>? Flows,
    IReadOnlyList<AutomationWrite>? Campaigns,
    IReadOnlyList<AutomationWrite>? Triggers);

/// <summary>A field.</summary>
/// <param name="Label">The label, at most 36 letters from a to z, digits, spaces, <c>-</c> or <c>_</c>; it makes the key: <c>Nick name</c> is <c>nick_name</c>.</param>
/// <param name="Type">How values are answered; as text unless said otherwise.</param>
public sealed record SeedFieldWrite(string Label, FieldType? Type);

/// <summary>A stage.</summary>
/// <param name="Name">The name.</param>
/// <param name="Color">The colour, such as <c>#6366f1</c>.</param>
public sealed record SeedStageWrite(string Name, string? Color);

/// <summary>A contact.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Language">ISO 639-3.</param>
/// <param name="Urns">Addresses, most wanted first.</param>
/// <param name="Groups">Names of groups of this document.</param>
/// <param name="Fields">Values, texts or numbers, by the keys of this document's fields.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Stage">The name of a stage of this document.</param>
/// <param name="Status">Active unless said otherwise; only then it may be in groups.</param>
public sealed record SeedContactWrite(
    string? Name,
    string? Language,
    IReadOnlyList<string>? Urns,
    IReadOnlyList<string>? Groups,
    IReadOnlyDictionary<string, string>? Fields,
    IReadOnlyList<string>? Tags,
    string? Stage,
    ContactStatus? Status);

/// <summary>What was made.</summary>
/// <param name="Fields">How many fields.</param>
/// <param name="Stages">How many stages.</param>
/// <param name="Groups">How many groups.</param>
/// <param name="Contacts">How many contacts.</param>
/// <param name="Automations">How many flows, campaigns and triggers.</param>
public sealed record SeedRead(int Fields, int Stages, int Groups, int Contacts, int Automations)
{
    /// <summary>A seed as callers see it.</summary>
    /// <param name="seed">The seed.</param>
    public static SeedRead Of(Seed seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return new SeedRead(seed.Fields.Count, seed.Stages.Count, seed.Groups.Count, seed.Contacts.Count, seed.Automations.Count);
    }
}
