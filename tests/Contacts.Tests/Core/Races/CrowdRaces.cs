using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Core.Races;

/// <summary>
/// So many contacts taking one URN that every call finds it at somebody else again and again: each gets its turn.
/// Without HTTP, so that all calls are really on their way together, and with as many connections as a server has by itself.
/// </summary>
public sealed class CrowdRaces(CrowdRaces.WideServer server) : IClassFixture<CrowdRaces.WideServer>
{
    private const int Takers = 250;
    private const int Connections = 32;

    [Fact]
    public async Task A_crowd_that_takes_one_urn_gets_it_one_after_the_other()
    {
        var token = (await server.NewWorkspaceAsync()).Token;
        var caller = await server.Services.GetRequiredService<Callers>().FindAsync(token, CancellationToken.None);
        var upsert = server.Services.GetRequiredService<ContactWriter>();
        Urn.TryNormalize("ext:wanted", null, out var wanted).ShouldBe(UrnFault.None);
        var made = await upsert.ApplyAsync(
            caller!.Workspace, [.. Enumerable.Range(0, Takers).Select(number => new ContactChange { Name = $"Taker {number}" })], CancellationToken.None);
        var first = await upsert.ApplyAsync(caller.Workspace, new ContactChange { Urn = wanted }, CancellationToken.None);

        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM contacts WHERE id = $1 FOR UPDATE", first.Contact!.Id);
        var racing = Racing.RunAsync(Takers, number => upsert.ApplyAsync(
            caller.Workspace, new ContactChange { Id = made[number].Contact!.Id, Urns = [wanted] }, CancellationToken.None));
        await door.UntilWaitingAsync((Connections / 2) - 4);
        await door.RollBackAsync();
        (await racing).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Updated && outcome.Contact!.Urns.Single() == wanted);
        await server.ShouldBeConsistentAsync();
    }

    /// <summary>A server with the connections that it has outside tests.</summary>
    public sealed class WideServer : LoneCallsServer
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:Contacts"] = new NpgsqlConnectionStringBuilder(Database) { MaxPoolSize = Connections }.ConnectionString,
        };
    }
}
