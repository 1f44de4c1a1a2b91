using System.Net;
using System.Net.Http.Headers;
using Contacts.Data.LocalPostgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Contacts.Tests.Operations;

/// <summary>The commands, beside a running server and without one.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class CommandTests(RunningServer server)
{
    [Theory]
    [InlineData("administrator")]
    [InlineData("viewer")]
    public async Task A_token_made_while_the_server_runs_works_at_once_until_it_is_revoked(string role)
    {
        var (code, output, errors) = await ContactsProcess.RunAsync("token", "create", "--workspace", "DEFAULT", "--role", role, "--data", server.Data);
        code.ShouldBe(0, errors);
        var key = output.TrimEnd('\n').Split('\n')[^1];
        key.ShouldMatch("^[0-9a-f]{40}$");
        using var client = server.Process.Client(key);
        (await client.GetAsync("/api/v2/contacts.json")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await ContactsProcess.RunAsync("token", "revoke", key, "--data", server.Data)).ExitCode.ShouldBe(0);
        await Eventually.BecomesTrueAsync(
            async () => (await client.GetAsync("/api/v2/contacts.json")).StatusCode == HttpStatusCode.Forbidden, "the token is refused");
        (await ContactsProcess.RunAsync("token", "revoke", key, "--data", server.Data)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_opens_the_dialect_that_it_was_made_for()
    {
        var (code, output, errors) = await ContactsProcess.RunAsync(
            "token", "create", "--workspace", "default", "--dialect", "whaapy", "--name", "n8n", "--data", server.Data);
        code.ShouldBe(0, errors);
        var key = output.TrimEnd('\n').Split('\n')[^1];
        key.ShouldMatch("^wha_[0-9a-f]{40}$");
        using var weni = server.Process.Client(key);
        (await weni.GetAsync("/api/v2/contacts.json")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        weni.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (await weni.GetStringAsync("/auth/me")).ShouldContain("\"name\":\"n8n\"");
        (await ContactsProcess.RunAsync("token", "create", "--workspace", "default", "--dialect", "x", "--data", server.Data)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_can_be_revoked_by_its_id()
    {
        var (_, output, _) = await ContactsProcess.RunAsync("token", "create", "--workspace", "default", "--data", server.Data);
        var id = output.Split('\n')[0]["Token ".Length..];
        (await ContactsProcess.RunAsync("token", "revoke", id, "--data", server.Data)).ExitCode.ShouldBe(0);
        using var client = server.Process.Client();
        var audit = await client.GetStringAsync("/manage/api/audit?channel=command");
        audit.ShouldContain($"\"action\":\"token create\",\"path\":null,\"subject\":\"token {id}\"");
        audit.ShouldContain($"\"action\":\"token revoke {id}\"");
    }

    [Fact]
    public async Task Workspaces_are_made_and_listed_while_the_server_runs()
    {
        var (code, output, errors) = await ContactsProcess.RunAsync(
            "workspace", "create", "Fábrica 1", "--country", "BR", "--timezone", "America/Sao_Paulo", "--data", server.Data);
        code.ShouldBe(0, errors);
        var (_, list, _) = await ContactsProcess.RunAsync("workspace", "list", "--data", server.Data);
        list.ShouldContain(output.Trim() + "\tFábrica 1\tBR\tAmerica/Sao_Paulo\tday_first\tweni\n");
        list.ShouldContain("\tdefault\t");

        var again = await ContactsProcess.RunAsync("workspace", "create", "fábrica 1", "--data", server.Data);
        again.ExitCode.ShouldBe(1);
        again.Errors.ShouldContain("fábrica 1");
    }

    [Fact]
    public async Task A_workspace_is_made_with_settings_and_changed_while_the_server_runs()
    {
        string[] settings =
        [
            "--languages", "por,eng", "--verify-ninth-digit", "false", "--mexican-prefix", "true", "--anonymous", "true", "--standing", "suspended",
            "--hourly-limit", "2500", "--minute-limit", "60", "--field-limit", "10", "--group-limit", "20", "--allows-private-targets", "true", "--country", "br", "--data", server.Data,
        ];
        var (code, _, errors) = await ContactsProcess.RunAsync(["workspace", "create", "Set 1", "--timezone", "Africa/Kigali", .. settings]);
        code.ShouldBe(0, errors);
        var (_, output, _) = await ContactsProcess.RunAsync("token", "create", "--workspace", "Set 1", "--data", server.Data);
        using var client = server.Process.Client(output.TrimEnd('\n').Split('\n')[^1]);
        var made = await client.GetStringAsync("/manage/api/workspace");
        made.ShouldContain(
            """
            "name":"Set 1","country":"BR","timezone":"Africa/Kigali","date_style":"day_first","profile":"weni","languages":["por","eng"],"verify_ninth_digit":false,"mexican_prefix":true,"anonymous":true,"standing":"suspended","hourly_limit":2500,"minute_limit":60,"field_limit":10,"group_limit":20,"allows_private_targets":true
            """);

        var set = await ContactsProcess.RunAsync(
            "workspace", "set", "SET 1", "--name", "Set 2", "--standing", "good", "--hourly-limit", "none", "--minute-limit", "none", "--date-style", "year_first", "--data", server.Data);
        set.ExitCode.ShouldBe(0, set.Errors);
        await Eventually.BecomesTrueAsync(
            async () => !string.Equals(await client.GetStringAsync("/manage/api/workspace"), made, StringComparison.Ordinal), "the server follows");
        (await client.GetStringAsync("/manage/api/workspace")).ShouldContain(
            """
            "name":"Set 2","country":"BR","timezone":"Africa/Kigali","date_style":"year_first","profile":"weni","languages":["por","eng"],"verify_ninth_digit":false,"mexican_prefix":true,"anonymous":true,"standing":"good","hourly_limit":null,"minute_limit":null,"field_limit":10,"group_limit":20,"allows_private_targets":true
            """);
        (await ContactsProcess.RunAsync("workspace", "set", "Set 2", "--name", "DEFAULT", "--data", server.Data)).Errors.ShouldContain("DEFAULT");
        (await ContactsProcess.RunAsync("workspace", "set", "Nowhere", "--data", server.Data)).Errors.ShouldContain("Nowhere");
    }

    [Theory]
    [InlineData("true", "--country", "MX")]
    [InlineData("true", "--country", "mx")]
    [InlineData("false", "--country", "MX", "--mexican-prefix", "false")]
    [InlineData("false", "--country", "BR")]
    [InlineData("true", "--country", "BR", "--mexican-prefix", "true")]
    [InlineData("false")]
    public async Task A_workspace_of_mexico_takes_both_forms_of_a_number_for_one_unless_it_is_told_otherwise(string expected, params string[] options)
    {
        var name = "Prefix " + Guid.NewGuid().ToString("N");
        var (code, _, errors) = await ContactsProcess.RunAsync(["workspace", "create", name, .. options, "--data", server.Data]);
        code.ShouldBe(0, errors);
        var (_, output, _) = await ContactsProcess.RunAsync("token", "create", "--workspace", name, "--data", server.Data);
        using var client = server.Process.Client(output.TrimEnd('\n').Split('\n')[^1]);
        (await client.GetStringAsync("/manage/api/workspace")).ShouldContain($"\"mexican_prefix\":{expected}");
    }

    [Theory]
    [InlineData("--hourly-limit", "0")]
    [InlineData("--hourly-limit", "many")]
    [InlineData("--minute-limit", "0")]
    [InlineData("--standing", "bad")]
    [InlineData("--languages", "por,xx")]
    [InlineData("--field-limit", "0")]
    [InlineData("--country", "Brazil")]
    [InlineData("--timezone", "Mars/Olympus")]
    [InlineData("--date-style", "DD-MM")]
    [InlineData("--name", " ")]
    public async Task A_wrong_setting_of_a_workspace_is_named_and_nothing_changes(string option, string value)
    {
        var (code, output, errors) = await ContactsProcess.RunAsync("workspace", "set", "default", option, value, "--data", server.Data);
        code.ShouldBe(1);
        output.ShouldNotContain("Changed.");
        errors.ShouldContain(option);
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_flag_that_is_neither_true_nor_false_is_refused()
    {
        var (code, _, errors) = await ContactsProcess.RunAsync("workspace", "set", "default", "--anonymous", "perhaps", "--data", server.Data);
        code.ShouldBe(1);
        errors.ShouldContain("perhaps");
    }

    [Fact]
    public async Task A_workspace_that_does_not_exist_and_a_role_that_does_not_are_refused()
    {
        (await ContactsProcess.RunAsync("token", "create", "--workspace", "nowhere", "--data", server.Data)).Errors.ShouldContain("nowhere");
        var (code, _, errors) = await ContactsProcess.RunAsync("token", "create", "--workspace", "default", "--role", "king", "--data", server.Data);
        code.ShouldBe(1);
        errors.ShouldContain("king");
    }

    [Fact]
    public async Task Commands_work_without_a_server_and_side_by_side()
    {
        var data = Directory.CreateTempSubdirectory("contacts-test-").FullName;
        try
        {
            (await ContactsProcess.RunAsync("workspace", "create", "One", "--data", data)).ExitCode.ShouldBe(0);
            var both = await Task.WhenAll(
                ContactsProcess.RunAsync("token", "create", "--workspace", "one", "--data", data),
                ContactsProcess.RunAsync("workspace", "create", "Two", "--data", data));
            foreach (var (code, _, errors) in both)
                code.ShouldBe(0, errors);
            File.Exists(Path.Combine(data, "postgres", "postmaster.pid")).ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_without_a_book_is_not_filled_by_a_question()
    {
        var data = Path.Combine(Path.GetTempPath(), "contacts-never-made-" + Guid.NewGuid().ToString("N"));
        var (code, _, errors) = await ContactsProcess.RunAsync("workspace", "list", "--data", data);
        code.ShouldBe(1);
        errors.ShouldContain(data);
        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task Everything_works_over_a_connection_string_and_readiness_follows_the_database()
    {
        var data = Directory.CreateTempSubdirectory("contacts-test-").FullName;
        await using var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { DataFolder = data, Durable = false }, NullLogger.Instance, default);
        var connection = "--ConnectionStrings:Contacts=" + postgres.ConnectionString;
        var unused = Path.Combine(data, "unused");
        await using (var process = await ContactsProcess.ServeAsync(unused, connection))
        {
            Directory.Exists(unused).ShouldBeFalse();
            var (code, _, errors) = await ContactsProcess.RunAsync("token", "create", "--workspace", "default", connection);
            code.ShouldBe(0, errors);
            using var client = process.Client();
            (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await ContactsProcess.RunAsync("health", "--urls", process.Url)).ExitCode.ShouldBe(0);

            await postgres.DisposeAsync();
            using var unready = await client.GetAsync("/health/ready");
            unready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await unready.Content.ReadAsStringAsync()).ShouldContain("\"database\":\"unreachable\"");
            (await client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await ContactsProcess.RunAsync("health", "--urls", process.Url)).ExitCode.ShouldBe(1);
        }

        Directory.Delete(data, recursive: true);
    }
}
