using Xunit.Abstractions;

namespace Contacts.Tests.Support.Cases;

/// <summary>The files of cases of one dialect: <c>cases/*.json</c> in its folder.</summary>
internal sealed class CaseFiles(string dialect)
{
    private readonly Dictionary<string, ContractFile> _files =
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, dialect, "cases"), "*.json").Order(StringComparer.Ordinal)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), ContractCase.Read, StringComparer.Ordinal);

    /// <summary>The names of all cases.</summary>
    public TheoryData<CaseName> Names =>
        [.. _files.SelectMany(file => file.Value.Cases.Select(contractCase => new CaseName(file.Key, contractCase.Label)))];

    /// <summary>Runs a case in a new workspace, over HTTP.</summary>
    public async Task RunAsync(TestServer server, CaseName name)
    {
        var file = _files[name.File];
        var found = file.Cases.Single(contractCase => contractCase.Label == name.Label);
        using var run = new CaseRun(server, found.Workspace ?? file.Workspace ?? new CaseWorkspace());
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
