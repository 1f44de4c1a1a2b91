using System.Text.Json;
using System.Text.RegularExpressions;
using Contacts.Calls;
using Contacts.Tests.Imports;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Security;

/// <summary>A workspace with one object of every kind, all called by one word that must never be seen elsewhere.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Ids">What its objects are known by: <c>contact</c>, <c>webhook</c>, …</param>
internal sealed partial record OthersObjects(TestWorkspace Workspace, IReadOnlyDictionary<string, string> Ids)
{
    /// <summary>The word.</summary>
    public const string Word = "Verborgen";

    /// <summary>The same names of nothing at all.</summary>
    public OthersObjects OfNobody() => this with
    {
        Ids = Ids.ToDictionary(
            id => id.Key, id => Guid.TryParse(id.Value, out _) ? Guid.CreateVersion7().ToString() : id.Value.Replace("verborgen", "niemandes", StringComparison.Ordinal), StringComparer.Ordinal),
    };

    /// <summary>Puts ids in the places of <c>{contact}</c>, <c>{webhook}</c>, ….</summary>
    public string Fill(string text) => Ids.Aggregate(text, (filled, id) => filled.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    /// <summary>Leaves only what can tell two answers apart.</summary>
    public string Hide(string text) => Varying().Replace(Ids.Aggregate(text, (shown, id) => shown.Replace(id.Value, "…", StringComparison.OrdinalIgnoreCase)), "…");

    /// <summary>Makes one.</summary>
    public static async Task<OthersObjects> MakeAsync(TestServer server)
    {
        using var api = await ManagementClient.NewAsync(server, settings: settings => (settings.MinuteLimit, settings.AllowsPrivateTargets) = (null, true));
        using var weni = new WeniClient(server, api.Workspace);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["key"] = await weni.MakeAsync("fields.json", new { label = Word, value_type = "text" }),
            ["group"] = await weni.MakeAsync("groups.json", new { name = Word }),
        };
        ids["contact"] = await weni.MakeAsync("contacts.json", new { name = Word, urns = new[] { "tel:+250788000001" }, groups = new[] { ids["group"] } });
        ids["second"] = await weni.MakeAsync("contacts.json", new { name = Word + "2", urns = new[] { "ext:verborgen" } });
        foreach (var list in new[] { "flow", "campaign", "trigger" })
            ids[list] = (await api.NewAsync(list + "s", Word + list, ids["group"])).Uuid;
        await ManageAsync(api, ids);
        using var whaapy = await WhaapyClient.OfAsync(server, api.Workspace);
        ids["stage"] = (await whaapy.SendAsync("POST", "/funnel/v1/stages", new { name = Word })).Json["stage"]!["id"]!.ToString();
        using var browser = await ConsoleClient.OfAsync(server, api.Workspace.Token);
        ids["import"] = (await new Importer(browser).UploadAsync("urn,name\next:verborgen,Verborgen\n")).Path.Split('/', '?')[3];

        // Nothing works in the background here, so what waits to be recorded is written now.
        await server.Services.GetRequiredService<CallWriter>().FlushAsync(CancellationToken.None);
        ids["call"] = (await api.GetAsync("calls?limit=1")).Body.GetProperty("results")[0].GetProperty("uuid").GetString()!;
        return new OthersObjects(api.Workspace, ids);
    }

    private static async Task ManageAsync(ManagementClient api, Dictionary<string, string> ids)
    {
        // Off, so that nothing of it moves by itself.
        ids["webhook"] = (await api.PostAsync("webhooks", JsonSerializer.Serialize(new { name = Word, url = "http://127.0.0.1:9/verborgen", events = new[] { "*" }, active = false }))).Uuid;
        (await api.PostAsync($"webhooks/{ids["webhook"]}/test")).Status.ShouldBe(200);
        ids["attempt"] = (await api.GetAsync($"webhooks/{ids["webhook"]}/deliveries")).Body.GetProperty("results")[0].GetProperty("uuid").GetString()!;
        ids["token"] = (await api.PostAsync("tokens", """{"name":"Verborgen","role":"viewer"}""")).Uuid;
        ids["fault"] = (await api.PostAsync("faults", """{"effect":"latency","latency_ms":1,"path":"/verborgen"}""")).Uuid;
        (await api.PostAsync("snapshots", """{"name":"verborgen"}""")).Status.ShouldBe(201);
        ids["snapshot"] = "verborgen";
    }

    // Ids, times, ids of requests, and the guards of forms.
    [GeneratedRegex("[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?|CfDJ8[A-Za-z0-9_-]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Varying();
}
