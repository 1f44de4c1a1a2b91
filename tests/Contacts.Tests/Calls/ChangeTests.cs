using System.Text.Json;
using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Calls;

/// <summary>What a recorded call says of the book before and after it.</summary>
public sealed class ChangeTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contacts = "/api/v2/contacts.json";

    [Fact]
    public async Task Each_attribute_that_changed_is_told_before_and_after()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", "/api/v2/fields.json", """{"label":"Age","value_type":"numeric"}""");
        await observer.SendAsync("POST", "/api/v2/groups.json", """{"name":"Devs"}""");
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"Ana","language":"por","fields":{"age":"39"}}""");
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"Bia","language":"por","fields":{"age":"40"},"groups":["Devs"]}""");
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"Bia"}""");
        await observer.SendAsync("DELETE", Contacts + "?urn=ext:1");
        var calls = await observer.WaitAsync(4, "\"path\":\"contacts.json\"");

        var made = await observer.ReadAsync(calls[0]);
        made.GetProperty("changes")[0].Text("effect").ShouldBe("created");
        made.Change(0, "name").ShouldBe(("null", "\"Ana\""));
        made.Change(0, "fields.age").ShouldBe(("null", "\"39\""));
        made.Change(0, "urns").ShouldBe(("[]", "[\"ext:1\"]"));
        made.Text("contact").ShouldBe(made.GetProperty("changes")[0].Text("id"));

        var changed = await observer.ReadAsync(calls[1]);
        changed.Change(0, "name").ShouldBe(("\"Ana\"", "\"Bia\""));
        changed.Change(0, "language").ShouldBe((null, null), "it stayed");
        changed.Change(0, "groups").ShouldBe(("[]", "[\"Devs\"]"));
        var understood = changed.GetProperty("understood")[0];
        (understood.Text("do"), understood.Text("urn"), understood.Text("fields.age")).ShouldBe(("update or create", "ext:1", "40"));

        var same = await observer.ReadAsync(calls[2]);
        same.TryGetProperty("changes", out _).ShouldBeFalse();
        same.Text("contact").ShouldBe(made.Text("contact"), "it was touched all the same");
        var gone = await observer.ReadAsync(calls[3]);
        gone.GetProperty("changes")[0].Text("effect").ShouldBe("deleted");
        gone.Change(0, "name").ShouldBe(("\"Bia\"", "null"));
        (await observer.ListAsync($"?contact={made.Text("contact")}")).Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_contact_that_loses_its_urn_is_told_of_beside_the_one_that_takes_it()
    {
        using var observer = await Observer.NewAsync(server);
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"Ana"}""");
        await observer.SendAsync("POST", Contacts + "?urn=ext:2", """{"name":"Bia"}""");
        await observer.SendAsync("POST", Contacts + "?urn=ext:1", """{"name":"Cid"}""");
        var contact = (await observer.ReadAsync((await observer.WaitAsync(3))[0])).Text("contact");
        await observer.SendAsync("POST", $"{Contacts}?uuid={contact}", """{"urns":["ext:1","ext:2"]}""");
        var call = await observer.ReadAsync((await observer.WaitAsync(4))[3]);
        call.GetProperty("changes").GetArrayLength().ShouldBe(2);
        call.Change(0, "urns").ShouldBe(("[\"ext:2\"]", "[]"));
        call.Change(1, "urns").ShouldBe(("[\"ext:1\"]", "[\"ext:1\",\"ext:2\"]"));
    }

    [Fact]
    public async Task Other_objects_are_told_of_too()
    {
        using var observer = await Observer.NewAsync(server);
        var group = await observer.Api.NewGroupAsync("Devs");
        await observer.SendAsync("POST", $"/api/v2/groups.json?uuid={group}", """{"name":"Testers"}""");
        await observer.Api.DeleteGroupAsync(group);
        var flow = await observer.Api.NewAsync("flows", "Welcome");
        (await observer.Api.DeleteAsync($"flows/{flow.Uuid}")).Status.ShouldBe(204);
        await observer.Api.PatchAsync("workspace", """{"anonymous":true}""");
        var calls = await observer.WaitAsync(3);
        (await observer.ReadAsync(calls[1])).Change(0, "name").ShouldBe(("\"Devs\"", "\"Testers\""));
        var deleted = (await observer.ReadAsync(calls[2])).GetProperty("changes")[0];
        (deleted.Text("object"), deleted.Text("id"), deleted.Text("effect")).ShouldBe(("group", group, "deleted"));
        var own = await observer.WaitAsync(3, "\"dialect\":\"management\"");
        (await observer.ReadAsync(own[1])).GetProperty("changes")[0].Text("effect").ShouldBe("deleted");
        (await observer.ReadAsync(own[2])).Change(0, "is_anonymous").ShouldBe(("false", "true"));
    }

    [Fact]
    public async Task An_anonymous_workspace_shows_no_address_in_what_changed()
    {
        using var observer = await Observer.NewAsync(server, workspace => workspace.IsAnonymous = true);
        await observer.SendAsync("POST", Contacts, """{"urns":["tel:+250788123123"]}""");
        var call = await observer.ReadAsync();
        call.Change(0, "urns").ShouldBe(("[]", "[\"tel:********\"]"));
        call.GetProperty("understood").GetRawText().ShouldNotContain("788123123");
    }

    [Fact]
    public async Task Calls_that_share_a_batch_are_told_apart()
    {
        using var observer = await Observer.NewAsync(server);
        await Racing.RunAsync(40, async number =>
        {
            using var answer = await observer.SendAsync("POST", $"{Contacts}?urn=ext:{number}", $$"""{"name":"Name {{number}}"}""");
            return (int)answer.StatusCode;
        });
        foreach (var call in await observer.WaitAsync(40))
        {
            var read = await observer.ReadAsync(call);
            read.GetProperty("changes").GetArrayLength().ShouldBe(1);
            read.Change(0, "name").After.ShouldBe(JsonDocument.Parse(read.Text("request", "body")!).RootElement.GetProperty("name").GetRawText());
        }
    }

    [Fact]
    public async Task What_was_rolled_back_is_no_change()
    {
        var workspaces = server.Services.GetRequiredService<WorkspaceService>();
        var taken = (await server.NewWorkspaceAsync()).Token;
        var journal = new ChangeJournal();
        journal.Enter();
        (await workspaces.OpenAsync(new WorkspaceChanges { Name = "Rolled back" }, taken, CancellationToken.None)).Refusal.ShouldBeOfType<Refusal.NotUnique>();
        journal.Objects.ShouldBeEmpty();
        (await workspaces.OpenAsync(new WorkspaceChanges { Name = "Committed" }, ApiToken.NewKey(), CancellationToken.None)).Value.ShouldNotBeNull();
        journal.Objects.Select(step => step.Kind).ShouldBe(["workspace", "token"]);
    }
}
