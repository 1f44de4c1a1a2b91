using Contacts.Core;
using Contacts.Tests.Support;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Webhooks;

/// <summary>What is told of changes, and what is not.</summary>
public sealed class EventTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_new_contact_is_told_in_the_words_of_the_page()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var id = await subscriber.UpsertAsync("tel:+5215512345678", new { name = "Juan Pérez" });
        var told = (await subscriber.Receiver.UntilAsync(1)).ShouldHaveSingleItem();
        var created = told.Data("created_at");
        created.ShouldNotBeNull().ShouldEndWith("Z");
        System.Text.Encoding.UTF8.GetString(told.Body).ShouldBe(
            "{\"event\":\"contact.created\",\"data\":{"
            + $"\"contact_id\":\"{id}\",\"phone_number\":\"+5215512345678\",\"name\":\"Juan Pérez\",\"created_at\":\"{created}\",\"updated_by\":\"tests\""
            + $"}},\"timestamp\":\"{created}\",\"businessId\":\"{subscriber.Api.Workspace.Id}\"}}");
        told.Headers["content-type"].ShouldBe("application/json");
        told.Headers["x-webhook-id"].ShouldBe(subscriber.Id);
        told.DeliveryId.ShouldStartWith("whd_");
    }

    [Fact]
    public async Task A_change_is_told_with_what_changed_and_who_did_it()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var id = await subscriber.UpsertAsync("tel:+250788123123", new { name = "Ana" });
        await subscriber.UpsertAsync("tel:+250788123123", new { name = "Ana Maria", language = "por" });
        var told = (await subscriber.Receiver.UntilAsync(2))[1];
        told.Event.ShouldBe("contact.updated");
        told.ContactId.ShouldBe(id);
        told.Json["data"]!["updated_fields"]!.ToJsonString().ShouldBe("""["name","language"]""");
        (told.Data("name"), told.Data("previous_name"), told.Data("updated_by")).ShouldBe(("Ana Maria", "Ana", "tests"));
        told.Data("updated_at").ShouldBe(told.Json["timestamp"]!.ToString());
    }

    [Fact]
    public async Task A_name_that_did_not_change_has_no_name_before()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.UpsertAsync("ext:1", new { language = "por" });
        var told = (await subscriber.Receiver.UntilAsync(2))[1];
        told.Data("name").ShouldBe("Ana");
        told.Json["data"]!.AsObject().ContainsKey("previous_name").ShouldBeFalse();
    }

    [Fact]
    public async Task A_deletion_is_told_without_personal_data()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var id = await subscriber.UpsertAsync("mailto:ana@example.com", new { name = "Ana" });
        (await subscriber.Api.SendAsync(HttpMethod.Delete, "/api/v2/contacts.json?uuid=" + id)).Status.ShouldBe(204);
        var told = await subscriber.Receiver.UntilAsync(2);
        told[0].Data("email").ShouldBe("ana@example.com");
        told[1].Event.ShouldBe("contact.deleted");
        told[1].Json["data"]!.AsObject().Select(property => property.Key).ShouldBe(["contact_id", "deleted_at", "updated_by"]);
    }

    [Fact]
    public async Task A_merge_is_told_as_the_change_of_one_contact_and_the_deletion_of_the_other()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var kept = await subscriber.UpsertAsync("tel:+5215512345678", new { language = "spa" });
        var other = await subscriber.UpsertAsync("tel:+525512345678", new { name = "Ana" });
        var merged = await subscriber.Api.PostAsync("duplicates/merge", $$"""{"keep":"{{kept}}","merge":"{{other}}"}""");
        merged.Status.ShouldBe(200, merged.Text);
        (await subscriber.Api.PostAsync("duplicates/merge", $$"""{"keep":"{{kept}}","merge":"{{other}}"}""")).Status.ShouldBe(400);
        await subscriber.UntilEmptyAsync();
        subscriber.Receiver.All.Length.ShouldBe(4);
        var deleted = subscriber.Receiver.All.Single(told => told.Event == "contact.deleted");
        var updated = subscriber.Receiver.All.Single(told => told.Event == "contact.updated");
        (deleted.ContactId, updated.ContactId).ShouldBe((other, kept));
        (updated.Data("name"), updated.Data("updated_by"), deleted.Data("updated_by")).ShouldBe(("Ana", "tests", "tests"));
    }

    [Fact]
    public async Task What_changes_nothing_and_what_is_refused_is_not_told()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        var refused = await subscriber.Api.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"urns":["ext:1"]}""");
        refused.Status.ShouldBe(400);
        await subscriber.UpsertAsync("ext:2", new { name = "Bea" });
        await subscriber.UntilEmptyAsync();
        subscriber.Receiver.All.Select(told => told.Data("name")).ShouldBe(["Ana", "Bea"]);
    }

    [Fact]
    public async Task Only_what_was_subscribed_to_is_told_and_only_of_the_own_workspace()
    {
        await using var subscriber = await Subscriber.NewAsync(server, null, "contact_deleted");
        await using var other = await Subscriber.NewAsync(server);
        var id = await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        await subscriber.Api.SendAsync(HttpMethod.Delete, "/api/v2/contacts.json?uuid=" + id);
        await other.UpsertAsync("ext:1", new { name = "Other" });
        (await subscriber.Receiver.UntilAsync(1)).Select(told => told.Event).ShouldBe(["contact.deleted"]);
        (await other.Receiver.UntilAsync(1)).Select(told => told.Data("name")).ShouldBe(["Other"]);
    }

    [Fact]
    public async Task A_workspace_that_hides_addresses_tells_none()
    {
        await using var subscriber = await Subscriber.NewAsync(server, workspace => workspace.IsAnonymous = true);
        var made = await subscriber.Api.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"name":"Ana","urns":["tel:+250788123123"]}""");
        made.Status.ShouldBe(201, made.Text);
        var told = (await subscriber.Receiver.UntilAsync(1))[0];
        System.Text.Encoding.UTF8.GetString(told.Body).ShouldNotContain("250788123123");
        told.Data("name").ShouldBe("Ana");
    }

    [Fact]
    public async Task Each_change_of_a_batch_is_told_in_order_with_its_own_author()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        await ApplyAsync(subscriber, ByUrn("One", "a"), ByUrn("Two", "b"), ByUrn("Three", "a"));
        var told = await subscriber.Receiver.UntilAsync(3);
        told.Select(one => one.Event).ShouldBe(["contact.created", "contact.updated", "contact.updated"]);
        told.Select(one => one.Data("name")).ShouldBe(["One", "Two", "Three"]);
        told.Select(one => one.Data("previous_name")).ShouldBe([null, "One", "Two"]);
        told.Select(one => one.Data("updated_by")).ShouldBe(["a", "b", "a"]);
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_told()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        var changes = Enumerable.Range(0, 9).Select(number => ByUrn(number == 4 ? "a\0b" : $"Name {number}", "a") with { Urn = Urn($"ext:{number}") });
        var outcomes = await ApplyAsync(subscriber, [.. changes]);
        outcomes.Count(outcome => outcome.Effect == ContactEffect.Created).ShouldBe(8);
        await subscriber.UntilEmptyAsync();
        subscriber.Receiver.All.Select(told => told.Data("name")).Order(StringComparer.Ordinal).ShouldBe(
            Enumerable.Range(0, 9).Where(number => number != 4).Select(number => $"Name {number}"));
    }

    [Fact]
    public async Task Without_a_subscriber_nothing_is_written()
    {
        await using var subscriber = await Subscriber.NewAsync(server);
        (await subscriber.Api.DeleteAsync(subscriber.Path)).Status.ShouldBe(204);
        await subscriber.UpsertAsync("ext:1", new { name = "Ana" });
        (await subscriber.WaitingAsync()).ShouldBe(0);
        subscriber.Receiver.All.ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<ContactOutcome>> ApplyAsync(Subscriber subscriber, params ContactChange[] changes)
    {
        var services = subscriber.Server.Services;
        var caller = await services.GetRequiredService<Callers>().FindAsync(subscriber.Api.Workspace.Token, CancellationToken.None);
        return await services.GetRequiredService<ContactWriter>().ApplyAsync(caller!.Workspace, changes, CancellationToken.None);
    }

    private static ContactChange ByUrn(string name, string by) => new() { Urn = Urn("ext:1"), Name = name, By = by };

    private static Urn Urn(string text)
    {
        Contacts.Urns.Urn.TryNormalize(text, null, out var urn).ShouldBe(UrnFault.None);
        return urn;
    }
}
