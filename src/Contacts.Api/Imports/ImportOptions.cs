using System.Text.Json;

namespace Contacts.Imports;

/// <summary>How a file is read: guessed when it is uploaded, and then chosen by whoever uploaded it.</summary>
public sealed record ImportOptions
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The encoding: one of <see cref="CsvText.Encodings"/>.</summary>
    public string Encoding { get; init; } = CsvText.Encodings[0];

    /// <summary>What stands between cells.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What the columns are called: the first row, or nothing.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>What each column is, as <see cref="ColumnTarget.ToString"/> writes it.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Whether groups are made that are not there.</summary>
    public bool MakesGroups { get; init; } = true;

    /// <summary>Whether rows that name no contact make one without an address.</summary>
    public bool AllowsNoAddress { get; init; }

    /// <summary>What each column is.</summary>
    internal IReadOnlyList<ColumnTarget> Targets() => [.. Columns.Select(ColumnTarget.Parse)];

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">A JSON object.</param>
    public static ImportOptions Parse(string json) => JsonSerializer.Deserialize<ImportOptions>(json, Json)!;

    /// <summary>The options as a JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
