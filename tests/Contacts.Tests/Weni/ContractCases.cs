using Contacts.Tests.Support;
using Contacts.Tests.Support.Cases;

namespace Contacts.Tests.Weni;

/// <summary>Runs every case of <c>cases/*.json</c>, each in a new workspace, over HTTP against one server.</summary>
public sealed class ContractCases(TestServer server) : IClassFixture<TestServer>
{
    private static readonly CaseFiles Files = new("Weni");

    public static TheoryData<CaseName> All() => Files.Names;

    [Theory(DisplayName = "weni")]
    [MemberData(nameof(All))]
    public Task A_case_is_answered_as_the_contract_says(CaseName name) => Files.RunAsync(server, name);
}
