using Contacts.Core;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Management;

/// <summary>The rule of Weni's API that a group in use can't be deleted, as triggers, flows and campaigns come and go through the management API.</summary>
public sealed class GroupDeletionTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("triggers")]
    [InlineData("flows")]
    [InlineData("campaigns")]
    public async Task A_group_in_use_is_kept_until_its_user_is_archived(string list)
    {
        using var client = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        var first = await client.NewAsync(list, "One", "Devs");
        var second = await client.NewAsync(list, "Two", group);
        await ShouldBeUsedAsync(client, group, $"{list} which must be archived first: {NameOf(first)}, {NameOf(second)}");

        await client.PostAsync($"{list}/{first.Uuid}/archive");
        await ShouldBeUsedAsync(client, group, $"{list} which must be archived first: {NameOf(second)}");
        await client.PostAsync($"{list}/{first.Uuid}/restore");
        await ShouldBeUsedAsync(client, group, $"{list} which must be archived first: {NameOf(first)}, {NameOf(second)}");

        await client.PostAsync($"{list}/{first.Uuid}/archive");
        await client.PostAsync($"{list}/{second.Uuid}/archive");
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("triggers")]
    [InlineData("flows")]
    [InlineData("campaigns")]
    public async Task Deleting_its_user_frees_a_group_as_well(string list)
    {
        using var client = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        var made = await client.NewAsync(list, "One", "Devs");
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(400);
        (await client.DeleteAsync($"{list}/{made.Uuid}")).Status.ShouldBe(204);
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Triggers_are_told_of_before_flows_and_flows_before_campaigns()
    {
        using var client = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        await client.NewGroupAsync("Others");
        var campaign = await client.NewAsync("campaigns", "Reminders", "Devs");
        var flow = await client.NewAsync("flows", "Welcome", "Others", "Devs");
        await client.NewAsync("triggers", "Elsewhere", "Others");
        var trigger = await client.NewAsync("triggers", "Join", "Devs");

        await ShouldBeUsedAsync(client, group, "triggers which must be archived first: 2");
        await client.PostAsync($"triggers/{trigger.Uuid}/archive");
        await ShouldBeUsedAsync(client, group, $"flows which must be archived first: {flow.Uuid}");
        await client.PostAsync($"flows/{flow.Uuid}/archive");
        await ShouldBeUsedAsync(client, group, $"campaigns which must be archived first: {campaign.Uuid}");
        await client.PostAsync($"campaigns/{campaign.Uuid}/archive");
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(204);
    }

    [Theory]
    [InlineData("triggers")]
    [InlineData("flows")]
    [InlineData("campaigns")]
    public async Task What_is_archived_can_not_be_restored_when_a_group_is_gone(string list)
    {
        using var client = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        var made = await client.NewAsync(list, "One", "Devs");
        await client.PostAsync($"{list}/{made.Uuid}/archive");
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(204);

        await ShouldStayArchivedAsync(client, list, made, group);
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        await ShouldStayArchivedAsync(client, list, made, group);

        await client.NewGroupAsync("Devs");
        await ShouldStayArchivedAsync(client, list, made, group);
        (await client.DeleteAsync($"{list}/{made.Uuid}")).Status.ShouldBe(204);
    }

    [Fact]
    public async Task A_deleted_group_can_not_be_used()
    {
        using var client = await ManagementClient.NewAsync(server);
        var group = await client.NewGroupAsync("Devs");
        (await client.DeleteGroupAsync(group)).Status.ShouldBe(204);
        (await client.PostAsync("flows", $$"""{"name":"x","type":"voice","groups":["{{group}}"]}""")).ShouldBeProblem(400).Faults("groups[0]").ShouldHaveSingleItem();
        (await client.PostAsync("flows", """{"name":"x","type":"voice","groups":["Devs"]}""")).ShouldBeProblem(400).Faults("groups[0]").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_group_deleted_while_a_flow_is_made_is_either_used_or_gone()
    {
        using var client = await ManagementClient.NewAsync(server);
        for (var i = 0; i < 15; i++)
        {
            var group = await client.NewGroupAsync($"Group {i}");
            var making = client.PostAsync("flows", $$"""{"name":"Flow {{i}}","type":"voice","groups":["{{group}}"]}""");
            var deleting = client.DeleteGroupAsync(group);
            var (made, deleted) = (await making, await deleting);
            (made.Status, deleted.Status).ShouldBeOneOf((201, 400), (400, 204), (409, 204));
        }
    }

    private static async Task ShouldStayArchivedAsync(ManagementClient client, string list, ManagementAnswer made, string group)
    {
        var refused = await client.PostAsync($"{list}/{made.Uuid}/restore");
        refused.ShouldBeProblem(409).Faults("groups").ShouldHaveSingleItem().ShouldContain(group);
        var read = await client.GetAsync($"{list}/{made.Uuid}");
        read.Body.GetProperty("archived").GetBoolean().ShouldBeTrue();
        read.Body.GetProperty("groups").GetArrayLength().ShouldBe(0);
    }

    private static async Task ShouldBeUsedAsync(ManagementClient client, string group, string by)
    {
        var answer = await client.DeleteGroupAsync(group);
        answer.Status.ShouldBe(400, answer.Text);
        answer.Body.GetProperty("detail").GetString().ShouldBe($"Group is being used by the following {by}");
    }

    private static string NameOf(ManagementAnswer made) => made.Body.TryGetProperty("id", out var number) ? number.GetRawText() : made.Uuid;
}
