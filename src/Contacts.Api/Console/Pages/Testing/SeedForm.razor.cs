using System.Text.Json;
using Contacts.Core;
using Contacts.Management;
using Contacts.TestBench;
using FluentValidation.Results;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Testing;

/// <summary>Fills the book from one JSON document. All of its faults are told at once, each with its place.</summary>
public sealed partial class SeedForm
{
    /// <summary>The largest form, in bytes: about a hundred thousand contacts.</summary>
    internal const int MaxBytes = 32_000_000;

    private const int MaxShown = 200;
    private const string Example = """{"groups": ["Customers"], "contacts": [{"name": "Ana Lima", "urns": ["tel:+5582999331122"], "groups": ["Customers"]}]}""";

    [Inject]
    internal SeedReading Reading { get; set; } = null!;

    [Inject]
    internal SeedService Seeds { get; set; } = null!;

    private IReadOnlyList<ValidationFailure> Faults { get; set; } = [];

    private string? Problem { get; set; }

    private string? Text { get; set; }

    private async Task PlantAsync()
    {
        var form = Http.Request.Form;
        Text = form["text"].ToString();
        using var document = await ParseAsync(form.Files.GetFile("file"));
        if (document is null)
        {
            Answer(StatusCodes.Status400BadRequest);
            return;
        }

        var (seed, faults) = Reading.Read(document.RootElement, Workspace);
        if (faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
            Faults = faults;
            return;
        }

        // Half a book could not be filled again: it is filled whether or not the reader waits.
        var refusal = await Seeds.PlantAsync(Workspace, seed, Caller.Token.Name, CancellationToken.None);
        if (refusal is null)
        {
            Go($"testing/book?done=seeded&count={seed.Contacts.Count}");
            return;
        }

        Answer(StatusCodes.Status409Conflict);
        Problem = refusal is Refusal.NotUnique ? Words["testing.seed_name"] : Words["testing.seed_not_empty"];
    }

    /// <summary>A file goes before what was pasted.</summary>
    private async Task<JsonDocument?> ParseAsync(IFormFile? file)
    {
        try
        {
            if (file is { Length: > 0 })
            {
                await using var stream = file.OpenReadStream();
                return await JsonDocument.ParseAsync(stream, cancellationToken: Gone);
            }

            if (!string.IsNullOrWhiteSpace(Text))
                return JsonDocument.Parse(Text);
            Problem = Words["testing.seed_nothing"];
        }
        catch (JsonException error)
        {
            Problem = Words.With("testing.seed_no_json", error.LineNumber + 1, error.BytePositionInLine + 1);
        }

        return null;
    }
}
