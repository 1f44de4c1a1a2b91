using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Weni;

/// <summary>Runs every case of <c>cases/*.json</c>, each in a new workspace, over HTTP against one server.</summary>
public sealed class ContractCases(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Weni", "cases");

    private static readonly Dictionary<string, ContractFile> Files = Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), ContractCase.Read, StringComparer.Ordinal);

    /// <summary>The names of all cases.</summary>
    internal static IEnumerable<CaseName> Names =>
        Files.SelectMany(file => file.Value.Cases.Select(contractCase => new CaseName(file.Key, contractCase.Label)));

    public static TheoryData<CaseName> All() => [.. Names];

    [Theory(DisplayName = "weni")]
    [MemberData(nameof(All))]
    public Task A_case_is_answered_as_the_contract_says(CaseName name) => RunAsync(server, name);

    /// <summary>The case with a name.</summary>
    internal static ContractCase Find(CaseName name) => Files[name.File].Cases.Single(contractCase => contractCase.Label == name.Label);

    /// <summary>Runs one case against a server.</summary>
    internal static async Task RunAsync(TestServer server, CaseName name)
    {
        var found = Find(name);
        using var run = new CaseRun(server, found.Workspace ?? Files[name.File].Workspace ?? new CaseWorkspace());
        foreach (var step in found.Given)
            await run.TakeAsync(step, step, "given");
        await run.TakeAsync(found.Request, found, "request", found.Headers);
        foreach (var step in found.Then)
            await run.TakeAsync(step, step, "then");
    }
}

/// <summary>The file and the label of a case, which a test report shows in full.</summary>
public sealed class CaseName(string file, string label) : IXunitSerializable
{
    /// <summary>For xunit, which fills it by <see cref="Deserialize"/>.</summary>
    public CaseName()
        : this("", "")
    {
    }

    public string File { get; private set; } = file;

    public string Label { get; private set; } = label;

    public void Deserialize(IXunitSerializationInfo info)
    {
        File = info.GetValue<string>(nameof(File));
        Label = info.GetValue<string>(nameof(Label));
    }

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(File), File);
        info.AddValue(nameof(Label), Label);
    }

    public override string ToString() => $"{File}: {Label}";
}
