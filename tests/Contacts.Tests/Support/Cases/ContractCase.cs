using System.Text.Json;
using System.Text.Json.Serialization;

namespace Contacts.Tests.Support.Cases;

/// <summary>A file of cases; <see cref="Workspace"/> holds for those that name none of their own.</summary>
public sealed record ContractFile(CaseWorkspace? Workspace, IReadOnlyList<ContractCase> Cases);

/// <summary>What differs from a workspace in Rwanda with the day first.</summary>
public sealed record CaseWorkspace(
    string? Country = "RW",
    string Timezone = "Africa/Kigali",
    string DateStyle = "DayFirst",
    string Profile = "weni",
    bool VerifyNinthDigit = true,
    bool MexicanPrefix = false,
    IReadOnlyList<string>? Languages = null,
    int? MinuteLimit = null);

/// <summary>One request and what it must answer, with the steps that lead there (<c>given</c>) and those that look at what it left (<c>then</c>).</summary>
public sealed record ContractCase : CaseAnswer
{
    /// <summary>What the case shows, as a sentence; unique in its file.</summary>
    public required string Label { get; init; }

    /// <summary>The place in the contract that it comes from.</summary>
    public required string Spec { get; init; }

    public CaseWorkspace? Workspace { get; init; }

    public IReadOnlyList<CaseStep> Given { get; init; } = [];

    public required CaseStep Request { get; init; }

    /// <summary>Headers of the answer; null means that there is none of that name.</summary>
    public IReadOnlyDictionary<string, string?> Headers { get; init; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<CaseStep> Then { get; init; } = [];

    /// <summary>Reads a file beside the tests; a misspelt attribute is an error.</summary>
    public static ContractFile Read(string path) =>
        JsonSerializer.Deserialize<ContractFile>(File.ReadAllText(path), Options) ?? throw new InvalidDataException($"{path} is empty.");

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };
}

/// <summary>What an answer must be.</summary>
public abstract record CaseAnswer
{
    /// <summary>The status; null means any of 200 to 299.</summary>
    public int? Status { get; init; }

    /// <summary>The whole body.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>A part of the body: of objects only the attributes named here are looked at, arrays have exactly these items.</summary>
    public JsonElement? BodyHas { get; init; }

    /// <summary>The body as text, byte for byte.</summary>
    public string? BodyText { get; init; }
}

/// <summary>A request, or with <see cref="Make"/> something that the public API can't do.</summary>
public sealed record CaseStep : CaseAnswer
{
    public string? Make { get; init; }

    public string? Uuid { get; init; }

    public string? Name { get; init; }

    public string? Query { get; init; }

    /// <summary>What sort of flow or trigger is made.</summary>
    public string Type { get; init; } = "";

    /// <summary>The uuids of the groups that what is made uses.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public string Method { get; init; } = "GET";

    public string Path { get; init; } = "";

    public JsonElement? Json { get; init; }

    public string? Text { get; init; }

    public string? Base64 { get; init; }

    /// <summary>Headers of the request; null leaves one out that would be sent otherwise.</summary>
    public IReadOnlyDictionary<string, string?> Headers { get; init; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>other</c> sends it with the token of another workspace; a role, with one of that role.</summary>
    public string? As { get; init; }

    /// <summary>Whether a redirect is followed.</summary>
    public bool Follow { get; init; }

    /// <summary>How often it is sent, with <c>$i</c> as 000, 001, …</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Names for parts of the answer, by their path: <c>results.0.uuid</c>.</summary>
    public IReadOnlyDictionary<string, string> Capture { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
