using System.Text.Json;
using Contacts.Core;
using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Management;

/// <summary>The report of numbers that came in two forms, and the merge beside it.</summary>
public sealed class DuplicateTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Forms =
    [
        "tel:+5215511111111", "tel:+525511111111", "whatsapp:5215522222222", "whatsapp:525522222222", "whatsapp:5582999330011", "whatsapp:558299330011",
    ];

    [Fact]
    public async Task Numbers_in_two_forms_are_told_with_their_contacts_the_oldest_first()
    {
        using var client = await ClientAsync();
        var ids = new List<string>();
        foreach (var form in Forms)
            ids.Add(await MakeAsync(client, form));
        var report = await client.GetAsync("duplicates");
        report.Status.ShouldBe(200, report.Text);
        report.Body.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        Numbers(report).ShouldBe(
        [
            "whatsapp:5582999330011 whatsapp:558299330011", "tel:+5215511111111 tel:+525511111111", "whatsapp:5215522222222 whatsapp:525522222222",
        ]);
        var contacts = report.Body.GetProperty("results")[1].GetProperty("contacts");
        contacts.EnumerateArray().Select(contact => contact.GetProperty("uuid").GetString()).ShouldBe([ids[0], ids[1]]);
        contacts[0].EnumerateObject().Select(attribute => attribute.Name).ShouldBe(["uuid", "name", "urns", "created_on", "modified_on", "last_seen_on"]);
        contacts[0].GetProperty("urns").GetRawText().ShouldBe("""["tel:+5215511111111"]""");
    }

    [Theory]
    [InlineData("tel:+5215511111111", "whatsapp:525511111111", true)]
    [InlineData("whatsapp:5215511111111", "tel:+525511111111", true)]
    [InlineData("whatsapp:5582999330011", "tel:+558299330011", true)]
    [InlineData("tel:+5582999330011", "whatsapp:558299330011", true)]
    [InlineData("tel:+5215511111111", "whatsapp:5215511111111", false)]
    [InlineData("tel:+525511111111", "whatsapp:525511111111", false)]
    [InlineData("tel:+5215511111111", "tel:+525511111112", false)]
    [InlineData("whatsapp:551131234567", "whatsapp:5511931234567", false)]
    [InlineData("tel:+250788123123", "whatsapp:250788123123", false)]
    [InlineData("ext:5215511111111", "ext:525511111111", false)]
    public async Task The_channel_makes_no_difference_and_two_forms_are_needed(string one, string other, bool isTold)
    {
        using var client = await ClientAsync();
        await MakeAsync(client, one);
        await MakeAsync(client, other);
        Numbers(await client.GetAsync("duplicates")).Length.ShouldBe(isTold ? 1 : 0);
    }

    [Fact]
    public async Task One_contact_with_both_forms_is_no_duplicate_and_one_that_was_deleted_neither()
    {
        using var client = await ClientAsync();
        await MakeAsync(client, "tel:+5215511111111", "tel:+525511111111");
        await MakeAsync(client, "whatsapp:5215522222222");
        var gone = await MakeAsync(client, "whatsapp:525522222222");
        (await client.SendAsync(HttpMethod.Delete, $"/api/v2/contacts.json?uuid={gone}")).Status.ShouldBe(204);
        Numbers(await client.GetAsync("duplicates")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Four_contacts_with_one_number_are_told_once()
    {
        using var client = await ClientAsync();
        foreach (var urn in new[] { "whatsapp:525511111111", "whatsapp:5215511111111", "tel:+525511111111", "tel:+5215511111111" })
            await MakeAsync(client, urn);
        var report = await client.GetAsync("duplicates");
        Numbers(report).ShouldHaveSingleItem().ShouldBe("tel:+5215511111111 whatsapp:5215511111111 tel:+525511111111 whatsapp:525511111111");
        report.Body.GetProperty("results")[0].GetProperty("contacts").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task The_longer_form_on_the_other_channel_is_told_when_only_it_is_somebody_elses()
    {
        using var client = await ClientAsync();
        await MakeAsync(client, "tel:+5215511111111", "tel:+525511111111");
        await MakeAsync(client, "whatsapp:5215511111111");
        Numbers(await client.GetAsync("duplicates")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("verify_ninth_digit", 2)]
    [InlineData("mexican_prefix", 1)]
    public async Task A_form_that_the_workspace_tells_apart_is_no_duplicate(string setting, int left)
    {
        using var client = await ClientAsync();
        foreach (var form in Forms)
            await MakeAsync(client, form);
        (await client.PatchAsync("workspace", $$"""{"{{setting}}":false}""")).Status.ShouldBe(200);
        Numbers(await client.GetAsync("duplicates")).Length.ShouldBe(left);
    }

    [Fact]
    public async Task The_report_is_walked_page_by_page_across_all_numbers()
    {
        using var client = await ClientAsync();
        using var other = await ClientAsync();
        var wanted = await FillAsync(client.Workspace.Id, pairs: 40, singles: 3000);
        await FillAsync(other.Workspace.Id, pairs: 5, singles: 10);
        foreach (var limit in new[] { 1, 7, 250 })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await client.GetAsync($"duplicates?limit={limit}" + (cursor is null ? "" : $"&cursor={cursor}"));
                page.Status.ShouldBe(200, page.Text);
                Numbers(page).Length.ShouldBeLessThanOrEqualTo(limit);
                seen.AddRange(Numbers(page));
                cursor = page.Body.GetProperty("next").GetString();
            }
            while (cursor is not null);
            seen.ShouldBe(wanted, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task After_many_numbers_without_a_find_the_page_ends_and_the_next_goes_on()
    {
        using var client = await ClientAsync();
        var wanted = await FillAsync(client.Workspace.Id, pairs: 3, singles: ContactDuplicates.MaxLooked + 2000);
        var first = await client.GetAsync("duplicates");
        var second = await client.GetAsync($"duplicates?cursor={first.Body.GetProperty("next").GetString().ShouldNotBeNull()}");
        second.Body.GetProperty("next").GetString().ShouldBeNull();
        Numbers(first).Concat(Numbers(second)).ShouldBe(wanted, ignoreOrder: true);
    }

    [Fact]
    public async Task Its_statements_read_by_key()
    {
        using var client = await ClientAsync();
        await FillAsync(client.Workspace.Id, pairs: 10, singles: 2000);
        var database = server.Services.GetRequiredService<BookConnections>().Engine;
        foreach (var sql in new[]
        {
            "SELECT identity FROM contact_urns WHERE workspace_id = $1 AND identity > $2 AND identity < $3 ORDER BY identity LIMIT $4",
            "SELECT identity, contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($2)",
        })
        {
            var plan = await PlanAsync(database, sql, client.Workspace.Id);
            plan.ShouldContain("contact_urns_pkey", Case.Sensitive, plan);
            plan.ShouldNotContain("Sort", Case.Sensitive, plan);
            plan.ShouldNotContain("Seq Scan", Case.Sensitive, plan);
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=251", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("cursor=%21", "cursor")]
    [InlineData("cursor=AA", "cursor")]
    public async Task A_wrong_parameter_is_refused(string query, string attribute)
    {
        using var client = await ClientAsync();
        (await client.GetAsync($"duplicates?{query}")).ShouldBeProblem(400).Faults(attribute).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_place_that_no_number_can_have_is_the_end()
    {
        using var client = await ClientAsync();
        foreach (var form in Forms)
            await MakeAsync(client, form);
        Numbers(await client.GetAsync("duplicates?cursor=eA")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_anonymous_workspace_shows_no_address()
    {
        using var client = await ClientAsync();
        foreach (var form in Forms)
            await MakeAsync(client, form);
        (await client.PatchAsync("workspace", """{"anonymous":true}""")).Status.ShouldBe(200);
        var report = await client.GetAsync("duplicates");
        Numbers(report).ShouldContain("tel:******** tel:********");
        report.Text.ShouldNotContain("5511111111");
    }

    [Fact]
    public async Task Two_contacts_of_the_report_become_one()
    {
        using var client = await ClientAsync();
        var (kept, other) = (await MakeAsync(client, Forms[0]), await MakeAsync(client, Forms[1]));
        var merged = await MergeAsync(client, kept, other);
        merged.Status.ShouldBe(200, merged.Text);
        merged.Uuid.ShouldBe(kept);
        merged.Body.GetProperty("urns").GetRawText().ShouldBe($"""["{Forms[0]}","{Forms[1]}"]""");
        Numbers(await client.GetAsync("duplicates")).ShouldBeEmpty();
        (await client.SendAsync(HttpMethod.Get, $"/api/v2/contacts.json?urn={Uri.EscapeDataString(Forms[1])}")).Text.ShouldContain(kept);
    }

    [Fact]
    public async Task What_cannot_be_merged_is_refused_by_attribute()
    {
        using var client = await ClientAsync();
        using var elsewhere = await ClientAsync();
        var (one, other) = (await MakeAsync(client, Forms[0]), await MakeAsync(client, Forms[1]));
        var foreign = await MakeAsync(elsewhere, Forms[0]);
        (await MergeAsync(client, one, one)).ShouldBeProblem(400).Faults("merge").ShouldBe(["Must be another contact."]);
        (await MergeAsync(client, one, foreign)).ShouldBeProblem(400).Faults("merge").ShouldBe(["There is no such contact."]);
        (await MergeAsync(client, foreign, one)).ShouldBeProblem(400).Faults("keep").ShouldBe(["There is no such contact."]);
        (await client.PostAsync("duplicates/merge", """{"keep":"x","also":1}""")).ShouldBeProblem(400).Body.GetProperty("errors")
            .EnumerateObject().Select(fault => fault.Name).Order(StringComparer.Ordinal).ShouldBe(["also", "keep", "merge"]);
        var crowded = await MakeAsync(client, [.. Enumerable.Range(0, 100).Select(number => $"ext:{number}")]);
        (await MergeAsync(client, crowded, other)).ShouldBeProblem(409).Faults("merge").ShouldBe(["Together they would have more than 100 urns."]);
        (await client.SendAsync(HttpMethod.Delete, $"/api/v2/contacts.json?uuid={other}")).Status.ShouldBe(204);
        (await MergeAsync(client, one, other)).ShouldBeProblem(400).Faults("merge").ShouldHaveSingleItem();
        (await MergeAsync(client, other, one)).ShouldBeProblem(400).Faults("keep").ShouldHaveSingleItem();
        await client.PatchAsync("workspace", """{"standing":"suspended"}""");
        (await MergeAsync(client, one, crowded)).ShouldBeProblem(403);
        (await client.GetAsync("duplicates")).Status.ShouldBe(200);
    }

    private async Task<ManagementClient> ClientAsync()
    {
        var client = await ManagementClient.NewAsync(server);
        (await client.PatchAsync("workspace", """{"mexican_prefix":true}""")).Status.ShouldBe(200);
        return client;
    }

    /// <summary>Puts numbers into the book as an import would: pairs in two forms, and numbers that are there once.</summary>
    private async Task<List<string>> FillAsync(Guid workspace, int pairs, int singles)
    {
        await server.ExecuteAsync($$"""
            INSERT INTO contacts (workspace_id, id, status, fields, created_on, modified_on)
            SELECT {{workspace}}, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 0, '{}', now(), now()
            FROM generate_series(1, {{singles + (2 * pairs)}}) AS n
            """);
        await server.ExecuteAsync($"""
            INSERT INTO contact_urns (workspace_id, identity, contact_id, position)
            SELECT {workspace}, r.identity, ('01900000-0000-7000-8000-' || lpad(r.n::text, 12, '0'))::uuid, 0
            FROM (
              SELECT n, 'tel:+521' || (6100000000 + n)::text FROM generate_series(1, {singles}) AS n WHERE n % 2 = 1
              UNION ALL SELECT n, 'whatsapp:55829' || (61000000 + n)::text FROM generate_series(1, {singles}) AS n WHERE n % 2 = 0
              UNION ALL SELECT {singles} + n, 'tel:+521' || (5500000000 + n * 97)::text FROM generate_series(1, {pairs}) AS n
              UNION ALL SELECT {singles + pairs} + n, 'tel:+52' || (5500000000 + n * 97)::text FROM generate_series(1, {pairs}) AS n
            ) AS r (n, identity)
            """);
        return [.. Enumerable.Range(1, pairs).Select(n => $"tel:+521{5500000000 + (n * 97)} tel:+52{5500000000 + (n * 97)}")];
    }

    private static async Task<string> PlanAsync(NpgsqlDataSource database, string sql, Guid workspace)
    {
        await using var connection = await database.OpenConnectionAsync();
        var types = sql.Contains("ANY", StringComparison.Ordinal) ? "uuid, text[]" : "uuid, text, text, int";
        var values = sql.Contains("ANY", StringComparison.Ordinal) ? "ARRAY['tel:+525511111111']" : "'tel:+521', 'tel:+522', 1000";
        await using var prepare = new NpgsqlCommand($"PREPARE report ({types}) AS {sql}", connection);
        await prepare.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE report ('{workspace}', {values})", connection);
        await using var rows = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        await rows.CloseAsync();
        await using var forget = new NpgsqlCommand("DEALLOCATE report", connection);
        await forget.ExecuteNonQueryAsync();
        return string.Join('\n', lines);
    }

    private static async Task<string> MakeAsync(ManagementClient client, params string[] urns)
    {
        var made = await client.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", JsonSerializer.Serialize(new { urns }));
        made.Status.ShouldBe(201, made.Text);
        return made.Uuid;
    }

    private static Task<ManagementAnswer> MergeAsync(ManagementClient client, string keep, string merge) =>
        client.PostAsync("duplicates/merge", JsonSerializer.Serialize(new { keep, merge }));

    private static string[] Numbers(ManagementAnswer report) =>
    [
        .. report.Body.GetProperty("results").EnumerateArray()
            .Select(number => string.Join(' ', number.GetProperty("urns").EnumerateArray().Select(urn => urn.GetString()))),
    ];
}
