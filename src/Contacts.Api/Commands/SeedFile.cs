using System.Text.Json;
using Contacts.Management;
using Contacts.Operations;
using Contacts.TestBench;
using Contacts.Workspaces;

namespace Contacts.Commands;

/// <summary>The file that fills the first workspace at the start. A workspace with something in it is left alone, so that a start can be repeated.</summary>
/// <param name="reading">Reads documents.</param>
/// <param name="seeds">Fills workspaces.</param>
internal sealed class SeedFile(SeedReading reading, SeedService seeds)
{
    private const string By = "seed";

    /// <summary>Fills the first workspace.</summary>
    /// <param name="file">The file.</param>
    /// <param name="workspace">The workspace; null when there is no first one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What came of it, for people.</returns>
    /// <exception cref="StartRefusedException">The file is no seed; the message names every fault with its place.</exception>
    public async Task<string> PlantAsync(string file, Workspace? workspace, CancellationToken cancellation)
    {
        if (workspace is null)
            return "left out: there is no workspace named default";
        using var document = await ParseAsync(file, cancellation);
        var (seed, faults) = reading.Read(document.RootElement, workspace);
        if (faults.Count > 0)
            throw Refused(faults.Select(fault => $"{fault.PropertyName}: {fault.ErrorMessage}"));
        return await seeds.PlantAsync(workspace, seed, By, cancellation) is null
            ? $"{seed.Contacts.Count} contacts, {seed.Groups.Count} groups and {seed.Fields.Count} fields from {Path.GetFileName(file)}"
            : $"left out: the workspace {workspace.Name} has something in it already";
    }

    private static async Task<JsonDocument> ParseAsync(string file, CancellationToken cancellation)
    {
        try
        {
            await using var stream = File.OpenRead(file);
            return await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Refused([error.Message]);
        }
    }

    private static StartRefusedException Refused(IEnumerable<string> faults) =>
        new($"{Setting.Seed}: the file can't be used:\n  {string.Join("\n  ", faults)}");
}
