using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Management;

/// <summary>The OpenAPI document of the management API.</summary>
public sealed class DocumentTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task It_lists_every_operation_and_no_dialects()
    {
        var document = await DocumentAsync("management");
        Operations(document).ShouldBe(
        [
            "delete /manage/api/calls deleteCalls",
            "delete /manage/api/faults deleteFaults",
            "delete /manage/api/faults/{uuid} deleteFault",
            "delete /manage/api/snapshots/{name} deleteSnapshot",
            "delete /manage/api/tokens/{uuid} revokeToken",
            "delete /manage/api/webhooks/{uuid} deleteWebhook",
            "delete /manage/api/{list}/{uuid} deleteAutomation",
            "get /manage/api/audit listAudit",
            "get /manage/api/calls listCalls",
            "get /manage/api/calls/minutes countCalls",
            "get /manage/api/calls/{uuid} getCall",
            "get /manage/api/clock getClock",
            "get /manage/api/duplicates listDuplicates",
            "get /manage/api/faults listFaults",
            "get /manage/api/snapshots listSnapshots",
            "get /manage/api/tokens listTokens",
            "get /manage/api/webhooks listWebhooks",
            "get /manage/api/webhooks/{uuid} getWebhook",
            "get /manage/api/webhooks/{uuid}/deliveries listWebhookDeliveries",
            "get /manage/api/webhooks/{uuid}/deliveries/{attempt} getWebhookDelivery",
            "get /manage/api/workspace getWorkspace",
            "get /manage/api/workspaces listWorkspaces",
            "get /manage/api/{list} listAutomations",
            "get /manage/api/{list}/{uuid} getAutomation",
            "patch /manage/api/webhooks/{uuid} changeWebhook",
            "patch /manage/api/workspace changeWorkspace",
            "post /manage/api/calls/wait waitForCalls",
            "post /manage/api/duplicates/merge mergeContacts",
            "post /manage/api/faults createFault",
            "post /manage/api/reset reset",
            "post /manage/api/seed seed",
            "post /manage/api/snapshots createSnapshot",
            "post /manage/api/snapshots/{name}/restore restoreSnapshot",
            "post /manage/api/tokens createToken",
            "post /manage/api/webhooks createWebhook",
            "post /manage/api/webhooks/{uuid}/deliveries/{attempt}/replay replayWebhookDelivery",
            "post /manage/api/webhooks/{uuid}/replay replayWebhook",
            "post /manage/api/webhooks/{uuid}/rotate-secret rotateWebhookSecret",
            "post /manage/api/webhooks/{uuid}/test testWebhook",
            "post /manage/api/workspaces createWorkspace",
            "post /manage/api/{list} createAutomation",
            "post /manage/api/{list}/{uuid}/archive archiveAutomation",
            "post /manage/api/{list}/{uuid}/restore restoreAutomation",
            "put /manage/api/clock setClock",
        ]);
        Operations(await DocumentAsync("weni-v2")).ShouldAllBe(operation => !operation.Contains("/manage/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_setting_that_is_read_is_described_for_changing_with_the_same_type()
    {
        var schemas = (await DocumentAsync("management"))["components"]!["schemas"]!;
        var read = schemas["WorkspaceRead"]!["properties"]!.AsObject();
        var changes = schemas["WorkspaceChanges"]!["properties"]!.AsObject();
        changes.Select(property => property.Key).Order(StringComparer.Ordinal).ShouldBe(
            read.Select(property => property.Key).Except(["uuid", "created_on"]).Order(StringComparer.Ordinal));
        foreach (var (name, schema) in changes)
            JsonNode.DeepEquals(schema, read[name]).ShouldBeTrue(name);
        schemas["WorkspaceChanges"]!["required"].ShouldBeNull();
        schemas["Standing"]!["enum"]!.ToJsonString().ShouldBe("""["good","suspended","flagged"]""");
        schemas["AutomationList"]!["enum"]!.ToJsonString().ShouldBe("""["triggers","flows","campaigns"]""");
        schemas["AutomationWrite"]!["properties"]!.AsObject().Select(property => property.Key).ShouldBe(["name", "type", "groups"]);
    }

    [Fact]
    public async Task Every_answer_has_one_media_type_and_every_refusal_is_a_problem()
    {
        var document = await DocumentAsync("management");
        foreach (var operation in document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()))
        {
            var responses = operation.Value!["responses"]!.AsObject();
            responses.ContainsKey("401").ShouldBeTrue();
            responses.ContainsKey("403").ShouldBeTrue();
            foreach (var (status, response) in responses.Where(response => response.Key != "204"))
            {
                response!["content"]!.AsObject().Select(content => content.Key).ShouldHaveSingleItem()
                    .ShouldBe(status[0] is '4' or '5' ? "application/problem+json" : "application/json", operation.Value["operationId"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task The_page_offers_it_after_the_dialects()
    {
        var page = await server.Client.GetStringAsync("/swagger/index.js");
        page.IndexOf("management/swagger.json", StringComparison.Ordinal).ShouldBeGreaterThan(page.IndexOf("weni-v2/swagger.json", StringComparison.Ordinal));
        page.ShouldContain("weni-v2/swagger.json");
    }

    private async Task<JsonNode> DocumentAsync(string name) => JsonNode.Parse(await server.Client.GetStringAsync($"/swagger/{name}/swagger.json"))!;

    private static IEnumerable<string> Operations(JsonNode document) => document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key} {operation.Value!["operationId"]}"))
        .Order(StringComparer.Ordinal);
}
