using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>Runs every case of <c>cases/*.json</c>, each in a new workspace, over HTTP against one server.</summary>
public sealed class ContractCases(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Weni", "cases");

    private static readonly Dictionary<string, ContractFile> Files = Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), ContractCase.Read, StringComparer.Ordinal);

    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var (name, file) in Files)
        {
            foreach (var contractCase in file.Cases)
                all.Add(name, contractCase.Label);
        }

        return all;
    }

    [Theory(DisplayName = "weni")]
    [MemberData(nameof(All))]
    public async Task A_case_is_answered_as_the_contract_says(string file, string label)
    {
        var found = Files[file].Cases.Single(contractCase => contractCase.Label == label);
        using var run = new CaseRun(server, found.Workspace ?? Files[file].Workspace ?? new CaseWorkspace());
        foreach (var step in found.Given)
            await run.TakeAsync(step, step, "given");
        await run.TakeAsync(found.Request, found, "request", found.Headers);
        foreach (var step in found.Then)
            await run.TakeAsync(step, step, "then");
    }
}
