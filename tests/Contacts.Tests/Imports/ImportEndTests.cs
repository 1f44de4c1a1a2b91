using Contacts.Imports;
using Contacts.Tests.Management;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Imports;

/// <summary>Imports that wait, fail or are in the way end somewhere.</summary>
public sealed class ImportEndTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task So_many_files_may_wait_and_no_more()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var importer = new Importer(browser);
        var page = await importer.UploadAsync("urn\next:1\n");
        for (var number = 1; number < ImportService.MaxFiles; number++)
            (await importer.UploadAsync("urn\next:1\n")).Path.ShouldStartWith("/console/imports/");
        var refused = await importer.UploadAsync("urn\next:1\n");
        refused.Status.ShouldBe(400);
        refused.Text.ShouldContain("20 files are waiting already");
        await importer.RunAsync(await importer.CheckAsync(page));
        (await importer.UploadAsync("urn\next:1\n")).Path.ShouldStartWith("/console/imports/", Case.Sensitive, "the file of an import that is over is gone");
    }

    [Fact]
    public async Task An_import_that_fails_again_and_again_ends()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var importer = new Importer(browser);
        var page = await importer.CheckAsync(await importer.UploadAsync("urn\next:1\n"));
        await server.ExecuteAsync($"DELETE FROM import_files WHERE workspace_id = {workspace.Id}");
        page = await browser.SubmitAsync(page, "run");
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await TakeUpAsync(workspace);
                return await server.CountAsync("SELECT count(*) FROM imports WHERE workspace_id = $1 AND status = 'Failed' AND failure = 'failed'", workspace.Id) == 1;
            },
            "the import ends");
        (await browser.GetAsync(page.Path)).Text.ShouldContain("failed");
        page = await importer.ImportAsync("urn\next:2\n");
        Importer.CountsOf(page).ShouldBe("1 0 0 0", "the next one is not held up");
    }

    [Fact]
    public async Task An_import_whose_database_goes_away_is_not_given_up_and_refuses_no_row()
    {
        await server.ExecuteAsync($"""
            CREATE SEQUENCE losses;
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM nextval('losses');
                RAISE EXCEPTION 'shutting down' USING ERRCODE = '57P01';
            END $$
            """);
        var workspace = await server.NewWorkspaceAsync();
        using var browser = await ConsoleClient.OfAsync(server, workspace.Token);
        var importer = new Importer(browser);
        var page = await importer.CheckAsync(await importer.UploadAsync("urn,name\next:1,Ana\next:2,Bia\n"));
        await server.ExecuteAsync($"CREATE TRIGGER lose BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION lose()");
        page = await browser.SubmitAsync(page, "run");
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await TakeUpAsync(workspace);
                return await server.CountAsync("SELECT last_value FROM losses WHERE $1 = $1", workspace.Id) > ImportWorker.MaxFailures + 1;
            },
            "it tries again and again");
        await server.ExecuteAsync($"DROP TRIGGER lose ON contacts");
        await TakeUpAsync(workspace);
        Importer.CountsOf(await importer.SettleAsync(await browser.GetAsync(page.Path))).ShouldBe("2 0 0 0");
    }

    [Fact]
    public async Task The_refused_rows_of_an_import_that_is_gone_lead_to_its_page_which_says_so()
    {
        using var browser = await ConsoleClient.OfAsync(server, (await server.NewWorkspaceAsync()).Token);
        var page = await browser.GetAsync("imports/00000000-0000-0000-0000-000000000001/refused");
        page.Path.ShouldBe("/console/imports/00000000-0000-0000-0000-000000000001");
        page.Text.ShouldContain("There is no such import");
    }

    [Fact]
    public async Task The_book_is_not_emptied_under_an_import_that_is_running()
    {
        using var manage = await ManagementClient.NewAsync(server);
        (await manage.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"urns":["ext:1"]}""")).Status.ShouldBe(201);
        (await manage.PostAsync("snapshots", """{"name":"one"}""")).Status.ShouldBe(201);
        using var browser = await ConsoleClient.OfAsync(server, manage.Workspace.Token);
        var importer = new Importer(browser);
        var page = await importer.CheckAsync(await importer.UploadAsync("urn,name\next:1,Ana\next:2,Bia\n"));
        await using (var door = await HeldDoor.CloseAsync(server, "SELECT FROM contacts WHERE workspace_id = $1 FOR UPDATE", manage.Workspace.Id))
        {
            page = await browser.SubmitAsync(page, "run");
            await door.UntilWaitingAsync(1);
            (await manage.PostAsync("reset")).ShouldBeProblem(409).Text.ShouldContain("An import is running");
            (await manage.PostAsync("snapshots/one/restore")).ShouldBeProblem(409);
            var refused = await browser.SubmitAsync(await browser.GetAsync("testing/book"), "reset");
            refused.Status.ShouldBe(409);
            refused.Text.ShouldContain("An import is running");
            await door.RollBackAsync();
        }

        Importer.CountsOf(await importer.SettleAsync(await browser.GetAsync(page.Path))).ShouldBe("1 1 0 0");
        (await manage.PostAsync("reset")).Status.ShouldBe(204);
        (await server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1", manage.Workspace.Id)).ShouldBe(0);
    }

    /// <summary>Has the worker take up what it holds already, as when its hold has ended.</summary>
    private async Task TakeUpAsync(TestWorkspace workspace)
    {
        await server.ExecuteAsync($"UPDATE imports SET leased_until = created_on WHERE workspace_id = {workspace.Id} AND status = 'Running'");
        server.Services.GetRequiredService<ImportWorker>().Wake();
    }
}
