using System.Text;
using Contacts.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace Contacts.Tests.Hostile;

/// <summary>Any JSON, sent anywhere: a property. What breaks it is brought down to the smallest JSON that does.</summary>
public sealed class AnyJsonTests(TestServer server, ITestOutputHelper output) : IClassFixture<TestServer>
{
    private const int Short = 60;
    private const int Long = 5_000;

    private static readonly string[] Weni =
    [
        "POST /api/v2/contacts.json", "POST /api/v2/contacts.json?urn=ext:1", "POST /api/v2/fields.json", "POST /api/v2/fields.json?key=nick", "POST /api/v2/groups.json", "POST /api/v2/campaigns.json",
        "POST /api/v2/contact_actions.json", "POST /api/v2/contacts_bulk.json",
    ];

    private static readonly string[] Whaapy =
    [
        "POST /contacts/v1", "POST /contacts/v1/search", "POST /contacts/v1/bulk", "POST /funnel/v1/stages", "PATCH /funnel/v1/stages/reorder", "POST /user-webhooks",
        "PATCH /contacts/v1/00000000-0000-0000-0000-000000000001", "POST /contacts/v1/00000000-0000-0000-0000-000000000001/merge",
    ];

    private static readonly string[] Management =
    [
        "POST /manage/api/flows", "PATCH /manage/api/workspace", "POST /manage/api/tokens", "POST /manage/api/webhooks", "POST /manage/api/faults", "PUT /manage/api/clock", "POST /manage/api/seed",
        "POST /manage/api/snapshots", "POST /manage/api/duplicates/merge", "POST /manage/api/workspaces",
    ];

    [Fact]
    public Task Any_json_is_answered_in_the_dialects_shape() => HoldsAsync(Short);

    [Fact]
    [Trait("Soak", "Yes")]
    public Task Any_json_is_answered_in_the_dialects_shape_for_long() => HoldsAsync(Soak.Requests(Long));

    private async Task HoldsAsync(int count)
    {
        var seed = Soak.Seed();
        output.WriteLine($"CONTACTS_SOAK_SEED={seed}");
        var workspace = await server.NewWorkspaceAsync(settings => settings.MinuteLimit = null);
        using var whaapy = await WhaapyClient.OfAsync(server, workspace);
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithEndSize(40)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd((ulong)seed), FSharpOption<int>.None)));
        foreach (var (authorization, places) in new[] { ("Token " + workspace.Token, Weni), ("Bearer " + whaapy.Key, Whaapy), ("Token " + workspace.Token, Management) })
        {
            var report = new FuzzReport();
            var live = new LiveValues(new Random(seed));
            using var lane = new ApiLane(server.Address, authorization, () => throw new NotSupportedException(), new Mutator(new Random(seed), [], live), live, report);
            var property = Prop.ForAll(HostileJson.Arbitrary, Arb.From(Gen.Elements(places)), async (value, place) =>
            {
                var before = report.Faults.Count;
                var parts = place.Split(' ');
                await lane.TakeAsync(new Specimen(place, parts[0], parts[1]) { Body = Encoding.UTF8.GetBytes(value.Text) }.Tamed());
                if (report.Faults.Count > before)
                    throw new ShouldAssertException(report.Faults.Last());
            });
            Check.One(config.WithMaxTest(count), property);
            output.WriteLine(report.ToString());
        }
    }
}
