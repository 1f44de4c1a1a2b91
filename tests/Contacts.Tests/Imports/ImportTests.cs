using System.Globalization;
using System.Text;
using Contacts.Imports;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Imports;

/// <summary>Files on their way into the book and out of it.</summary>
public sealed class ImportTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_file_is_tried_and_then_imported()
    {
        using var weni = await OfBrazilAsync();
        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        var importer = new Importer(browser);
        var text = "Nome;Telefone;E-mail;Grupos;Idade;Cidade\r\nJoão;(11) 98765-4321;joao@example.com;Devs|Ops;39;São Paulo\r\nZé;11 3333-4444;;;;\r\nRuim;123;;;;\r\nEla;;;;;\r\n";
        var page = await importer.UploadAsync(CsvText.EncodingOf("windows-1252").GetBytes(text));
        page.Path.ShouldStartWith("/console/imports/");
        page.Text.ShouldContain("São Paulo");
        page = await importer.CheckAsync(page, ("column-4", "new:numeric"), ("column-5", "new:text"));
        Importer.CountsOf(page).ShouldBe("2 0 0 2", page.Text);
        page.Document.GetElementById("new-groups")!.TextContent.ShouldContain("Devs, Ops");
        page.Text.ShouldContain("The row has neither an address nor a uuid.");
        (await weni.GetAsync("contacts.json")).Results.ShouldBeEmpty("nothing is written by a try");
        (await weni.GetAsync("groups.json")).Results.ShouldBeEmpty();
        (await weni.GetAsync("fields.json")).Results.ShouldBeEmpty();

        page = await importer.RunAsync(page);
        Importer.CountsOf(page).ShouldBe("2 0 0 2", page.Text);
        var found = (await weni.GetAsync("contacts.json?urn=tel:%2B5511987654321")).Results.Single()!;
        found["name"]!.ToString().ShouldBe("João");
        found["fields"]!["idade"]!.ToString().ShouldBe("39");
        found["groups"]!.AsArray().Select(group => group!["name"]!.ToString()).Order(StringComparer.Ordinal).ShouldBe(["Devs", "Ops"]);
        found["urns"]!.AsArray().Count.ShouldBe(2);
        (await importer.ImportAsync(text.Replace("Ruim;123;;;;\r\nEla;;;;;\r\n", "", StringComparison.Ordinal))).Text.ShouldContain("Unchanged2");
    }

    [Fact]
    public async Task What_is_exported_and_imported_again_changes_nothing()
    {
        using var weni = await OfBrazilAsync();
        foreach (var (label, type) in new[] { ("Age", "numeric"), ("Joined", "datetime"), ("Note", "text") })
            await weni.MakeAsync("fields.json", new { label, value_type = type });
        foreach (var name in new[] { "Devs", "A; B | C\\D" })
            await weni.MakeAsync("groups.json", new { name });
        await weni.MakeAsync("contacts.json", new
        {
            name = "=HYPERLINK(\"x\")",
            language = "por",
            urns = new[] { "whatsapp:5511987654321", "tel:+5511987654321", "mailto:ana@example.com", "ext:a|b;c", "telegram:12345#ana", "whatsapp:12345678" },
            groups = new[] { "Devs", "A; B | C\\D" },
            fields = new { age = "039.0", joined = "31-12-2014", note = "-1+2\nline, \"two\"" },
        });
        await weni.MakeAsync("contacts.json", new { name = "+5511", fields = new { joined = "not a date", note = "'=x" } });
        var blocked = await weni.MakeAsync("contacts.json", new { name = "Blocked", urns = new[] { "tel:+250788123123" } });
        (await weni.PostAsync("contact_actions.json", new { contacts = new[] { blocked }, action = "block" })).Status.ShouldBe(204);
        var before = (await weni.GetAsync("contacts.json")).Body;

        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        var file = await browser.GetAsync("contacts/export");
        file.Headers["Content-Type"].ShouldStartWith("text/csv");
        file.Html.ShouldContain("\"'=HYPERLINK(\"\"x\"\")\"");
        file.Html.ShouldContain(",+5511987654321,");
        file.Html.ShouldContain("\"'+5511987654321|+12345678\"");
        file.Html.ShouldContain("2014-12-31T");
        var page = await new Importer(browser).ImportAsync(file.Html);
        Importer.CountsOf(page).ShouldBe("0 0 3 0", page.Text);
        (await weni.GetAsync("contacts.json")).Body.ShouldBe(before, "not even the time of the last change");
        (await browser.GetAsync("contacts/export")).Html.ShouldBe(file.Html);
    }

    [Theory]
    [InlineData("", "no rows of contacts")]
    [InlineData("name,phone\r\n\r\n", "no rows of contacts")]
    [InlineData("PK\u0003\u0004xxxx", "This is a spreadsheet")]
    [InlineData("%PDF-1.7", "no text file")]
    public async Task A_file_that_is_none_is_refused(string text, string reason)
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var page = await new Importer(browser).UploadAsync(text);
        page.Status.ShouldBe(400);
        page.Text.ShouldContain(reason);
    }

    [Fact]
    public async Task A_file_that_is_too_long_is_refused()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        (await importer.UploadAsync("name\n" + string.Concat(Enumerable.Repeat("x\n", 100_001)))).Text.ShouldContain("too many rows");
        (await importer.UploadAsync(new byte[20_000_001])).Text.ShouldContain("more than 20 MB");
    }

    [Theory]
    [InlineData("+5511987654321\n+5511987654322\n", "2 0 0 0", "one column, no header")]
    [InlineData("phone\n+5511987654321\n+5511987654321\n", "1 0 1 0", "the same row twice")]
    [InlineData("phone,name\n+5511987654321,Ana\n+5511987654321,Bia\n", "1 1 0 0", "two rows of one contact")]
    [InlineData("phone,name\n+5511987654321,A\0na\n+5511987654322,Bia\n", "1 0 0 1", "NUL")]
    [InlineData("phone,name\n+5511987654321,\"Ana\n+5511987654322,Bia\n", "0 0 0 1", "a quote that is never closed")]
    [InlineData("phone,name\n+5511987654321,\"Ana\"x\n+5511987654322,Bia\n", "1 0 0 1", "text behind a quote")]
    [InlineData("phone,name\n+5511987654321,Ana,more\n5.51198E+12,Bia\n", "0 0 0 2", "too many cells, and a number that a spreadsheet spoiled")]
    [InlineData("phone,name\n=1,Bia\n+5511987654323,Ana \"Bia\" Reis\n", "1 0 0 1", "quotes within a cell")]
    [InlineData("phone,language,uuid\n,xx,\n+551198765432,por,nonsense\n,,0193d4a0-0000-7000-8000-000000000000\n", "0 0 0 3", "each of its own fault")]
    public async Task Odd_rows_are_told_and_the_others_come_in(string text, string counts, string what)
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var page = await importer.UploadAsync(text);
        page = await importer.CheckAsync(page, page.Document.GetElementById("column-0")!.GetAttribute("name") is not null && text[0] == '+' ? [("column-0", "urn:tel")] : []);
        Importer.CountsOf(page).ShouldBe(counts, $"{what}: {page.Text}");
        Importer.CountsOf(await importer.RunAsync(page)).ShouldBe(counts, what);
    }

    [Fact]
    public async Task Rows_of_one_contact_in_different_batches_are_told_by_the_try()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var rows = Enumerable.Range(0, 300).Select(number => $"+55119876{number % 299:00000},Name {number}");
        var page = await importer.CheckAsync(await importer.UploadAsync("phone,name\n" + string.Join('\n', rows)));
        Importer.CountsOf(page).ShouldBe("299 1 0 0");
        page.Document.GetElementById("repeated")!.TextContent.ShouldBe("1");
        Importer.CountsOf(await importer.RunAsync(page)).ShouldBe("299 1 0 0");
    }

    [Fact]
    public async Task Refused_rows_are_downloaded_mended_and_imported()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var page = await importer.ImportAsync("phone,name\n+5511987654321,Ana\n12,\"=Bia, <script>alert(1)</script>\"\n");
        Importer.CountsOf(page).ShouldBe("1 0 0 1");
        page.Html.ShouldNotContain("<script>alert");
        var file = (await browser.GetAsync(page.Path + "/refused")).Html;
        file.ShouldContain("12,\"'=Bia, <script>alert(1)</script>\",3,");
        Importer.CountsOf(await importer.ImportAsync(file.Replace("12,\"'", "+5511987654329,\"'", StringComparison.Ordinal))).ShouldBe("1 0 0 0");
        (await browser.GetAsync("contacts?q=%3DBia")).Html.ShouldContain("=Bia, &lt;script");
    }

    [Fact]
    public async Task Contacts_without_an_address_come_in_only_when_asked_for()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var page = await importer.UploadAsync("name\nAna\nAna\n");
        (await importer.CheckAsync(page)).Text.ShouldContain("No column is an address or a uuid");
        Importer.CountsOf(await importer.RunAsync(await importer.CheckAsync(page, ("no_address", "1")))).ShouldBe("2 0 0 0");
    }

    [Fact]
    public async Task Columns_that_cannot_be_so_are_told_all_at_once()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var page = await importer.UploadAsync("a,b,Name,ç,phone\n1,2,3,4,+5511987654321\n");
        page = await importer.CheckAsync(page, ("column-0", "name"), ("column-1", "name"), ("column-2", "new:text"), ("column-3", "new:text"));
        page.Status.ShouldBe(400);
        page.TextsOf(".fault").Count.ShouldBe(3, page.Text);
        page.Document.QuerySelector("#column-0 option[selected]")!.GetAttribute("value").ShouldBe("name", "nothing is lost");
    }

    [Fact]
    public async Task A_file_can_be_read_in_another_way()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var page = await new Importer(browser).UploadAsync("phone;name\n+5511987654321;Ana, b\n");
        page.Document.GetElementById("column-1").ShouldNotBeNull();
        page = await browser.SubmitAsync(page, "read", ("delimiter", "comma"), ("header", null));
        page.Text.ShouldContain("Column 1");
        page = await browser.SubmitAsync(page, "read", ("delimiter", "semicolon"), ("header", "1"));
        page.Document.QuerySelector("#column-0 option[selected]")!.GetAttribute("value").ShouldBe("urn:tel");
        page = await browser.SubmitAsync(page, "remove");
        page.Text.ShouldContain("No file was imported yet");
    }

    [Fact]
    public async Task Nobody_else_sees_an_import_and_viewers_make_none()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var page = await new Importer(browser).UploadAsync("phone\n+5511987654321\n");
        var other = await server.NewWorkspaceAsync();
        using var stranger = await ConsoleClient.OfAsync(server, other.Token);
        (await stranger.GetAsync(page.Path)).Status.ShouldBe(404);
        (await stranger.GetAsync(page.Path + "/refused")).Status.ShouldBe(404);
        (await stranger.GetAsync("imports")).Text.ShouldNotContain("people.csv");
        using var viewer = await ConsoleClient.OfAsync(server, other, Role.Viewer);
        (await viewer.GetAsync("imports")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Where_addresses_are_hidden_imports_tell_nobody_whose_they_are()
    {
        using var weni = new WeniClient(server, await server.NewWorkspaceAsync(workspace => workspace.IsAnonymous = true));
        var uuid = await weni.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "tel:+5511987654321" } });
        using var browser = await ConsoleClient.OfAsync(server, weni.Workspace.Token);
        var file = (await browser.GetAsync("contacts/export")).Html;
        file.ShouldContain(uuid);
        file.ShouldNotContain("98765");
        var page = await new Importer(browser).ImportAsync($"uuid,phone,name\n{uuid},+5511987654322,Bia\n,+5511987654321,Bia\n,+5511987654399,Eva\n{uuid},,Ana Reis\n");
        Importer.CountsOf(page).ShouldBe("1 1 0 2", page.Text);
        page.Html.ShouldNotContain("98765432");
        (await browser.GetAsync(page.Path + "/refused")).Html.ShouldNotContain("5511987654322,");
    }

    [Fact]
    public async Task A_server_that_dies_is_followed_by_another_and_every_row_comes_in_once()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("contacts.json", new { name = "Held", urns = new[] { "ext:300" } });
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var importer = new Importer(browser);
        var rows = Enumerable.Range(0, 600).Select(number => number % 3 == 0 ? $"ext:{number},Name {number}" : $",Name {number}");
        var page = await importer.CheckAsync(await importer.UploadAsync("urn,name\n" + string.Join('\n', rows)), ("no_address", "1"));
        Importer.CountsOf(page).ShouldBe("599 1 0 0");

        await using var door = await HeldDoor.CloseAsync(
            server, "SELECT FROM contacts c JOIN contact_urns u ON u.workspace_id = c.workspace_id AND u.contact_id = c.id WHERE u.workspace_id = $1 AND identity = 'ext:300' FOR UPDATE OF c", workspace.Id);
        page = await browser.SubmitAsync(page, "run");
        await door.UntilWaitingAsync(1);
        await server.ExecuteAsync($"UPDATE imports SET leased_until = created_on WHERE workspace_id = {workspace.Id}");
        await using var next = await NextServer.StartAsync(server, TimeProvider.System);
        await door.UntilWaitingAsync(2);
        await door.RollBackAsync();
        page = await importer.SettleAsync(await browser.GetAsync(page.Path));
        page.Text.ShouldContain("imported");
        (await server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1", workspace.Id)).ShouldBe(600);
        (await server.CountAsync("SELECT sum(read_count) FROM imports WHERE workspace_id = $1", workspace.Id)).ShouldBe(600);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task One_import_at_a_time_is_at_work_and_it_can_be_stopped()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var importer = new Importer(browser);
        var second = await importer.UploadAsync("urn\next:2\n", "second.csv");
        var first = await importer.CheckAsync(await importer.UploadAsync("urn,name\next:1,Ana\n" + string.Concat(Enumerable.Range(2, 400).Select(number => $"ext:{number},x\n"))));
        await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM contacts WHERE workspace_id = $1 FOR UPDATE", workspace.Id);
        first = await browser.SubmitAsync(first, "run");
        await door.UntilWaitingAsync(1);
        first.Document.GetElementById("import")!.GetAttribute("data-again").ShouldBe("1000");
        var refused = await browser.SubmitAsync(second, "check");
        refused.Status.ShouldBe(409);
        refused.Text.ShouldContain("Another file is being tried or imported");
        (await browser.SubmitAsync(first, "stop")).Text.ShouldContain("Stopping");
        await door.RollBackAsync();
        first = await importer.SettleAsync(await browser.GetAsync(first.Path));
        first.Text.ShouldContain("stopped");
        Importer.CountsOf(first).ShouldBe(string.Create(CultureInfo.InvariantCulture, $"{249} 1 0 0"));
    }

    [Fact]
    public async Task A_cell_of_a_megabyte_is_refused_and_shown_short()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var page = await importer.UploadAsync(Encoding.UTF8.GetBytes($"phone,Note\n+5511987654321,{new string('x', 1_000_000)}\n"));
        page.Html.Length.ShouldBeLessThan(100_000);
        page = await importer.CheckAsync(page, ("column-1", "new:text"));
        page.Text.ShouldContain("at most 640 characters");
        page.Html.Length.ShouldBeLessThan(100_000);
    }

    private async Task<WeniClient> OfBrazilAsync() => new(server, await server.NewWorkspaceAsync(workspace => workspace.Country = "BR"));
}
