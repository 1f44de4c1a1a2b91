using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Contacts.Tests.Operations;

/// <summary>The server as a process: what it prints, how it stops, how it comes back.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class ServeTests : IDisposable
{
    private const string Upsert = "/api/v2/contacts.json?urn=tel%3A%2B250783835665";
    private const string Key = "0123456789abcdef0123456789abcdef01234567";

    private readonly string _data = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    [Fact]
    public async Task The_line_that_it_prints_makes_the_first_contact()
    {
        await using var server = await ContactsProcess.ServeAsync(_data);
        server.Output.ShouldContain(server.Url + "/swagger");
        var line = server.Output.Split('\n').Single(text => text.StartsWith("curl ", StringComparison.Ordinal));
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", line + " -w ' %{http_code}'"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        answer.ShouldContain("\"urns\":[\"tel:+250783835665\"]");
        answer.ShouldEndWith(" 201");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_stops_it_and_its_PostgreSQL(string signal)
    {
        await using var server = await ContactsProcess.ServeAsync(_data);
        var postgres = PostgresProcess.IdOf(_data);
        PostgresProcess.IsAlive(postgres).ShouldBeTrue();
        File.Exists(Path.Combine(_data, "connection.json")).ShouldBeTrue();

        await server.SignalAsync(signal);

        (await server.ExitAsync()).ShouldBe(0, server.Errors);
        PostgresProcess.IsAlive(postgres).ShouldBeFalse();
        File.Exists(Path.Combine(_data, "postgres", "postmaster.pid")).ShouldBeFalse();
        File.Exists(Path.Combine(_data, "connection.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        await using var first = await ContactsProcess.ServeAsync(_data);
        var (code, output, errors) = await ContactsProcess.RunAsync("serve", "--data", _data, "--urls", "http://127.0.0.1:0");
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldContain(_data);
        errors.ShouldContain($"process {first.Id}");
        errors.ShouldNotContain("   at ");
        (await PostAsync(first)).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task After_kill_9_the_next_start_has_the_data()
    {
        await using var first = await ContactsProcess.ServeAsync(_data, "--token", Key);
        var postgres = PostgresProcess.IdOf(_data);
        (await PostAsync(first)).ShouldBe(HttpStatusCode.Created);
        await first.SignalAsync("KILL");
        await using var second = await ContactsProcess.ServeAsync(_data);
        PostgresProcess.IsAlive(postgres).ShouldBeFalse();
        (await PostAsync(second)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_kill_9_of_PostgreSQL_too_the_next_start_has_the_data()
    {
        await using var first = await ContactsProcess.ServeAsync(_data, "--token", Key);
        (await PostAsync(first)).ShouldBe(HttpStatusCode.Created);
        await ContactsProcess.SignalAsync("KILL", PostgresProcess.IdOf(_data));
        await ContactsProcess.SignalAsync("KILL", first.Id);
        await using var second = await ContactsProcess.ServeAsync(_data);
        (await PostAsync(second)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_PostgreSQL_ends_by_itself_the_server_stops_with_an_error()
    {
        await using var server = await ContactsProcess.ServeAsync(_data);
        await ContactsProcess.SignalAsync("INT", PostgresProcess.IdOf(_data));
        (await server.ExitAsync()).ShouldBe(1);
        server.Errors.ShouldContain("PostgreSQL ended by itself");
    }

    [Fact]
    public async Task The_first_token_is_shown_at_each_start_and_can_be_chosen_but_not_brought_back()
    {
        string token;
        await using (var first = await ContactsProcess.ServeAsync(_data))
            token = first.Token;
        await using (var second = await ContactsProcess.ServeAsync(_data))
            second.Token.ShouldBe(token);
        await using (var third = await ContactsProcess.ServeAsync(_data, "--token", Key))
        {
            third.Token.ShouldBe(Key);
            (await PostAsync(third)).ShouldBe(HttpStatusCode.Created);
            (await PostAsync(third, token)).ShouldBe(HttpStatusCode.OK);
            (await ContactsProcess.RunAsync("token", "revoke", Key, "--data", _data)).ExitCode.ShouldBe(0);
        }

        var (code, _, errors) = await ContactsProcess.RunAsync("--data", _data, "--token", Key, "--urls", "http://127.0.0.1:0");
        code.ShouldBe(1);
        errors.ShouldContain("CONTACTS_TOKEN");
        errors.ShouldContain("revoked");
        await using var last = await ContactsProcess.ServeAsync(_data);
        last.Output.ShouldContain("token create");
    }

    [Fact]
    public async Task The_first_workspace_has_the_settings_given()
    {
        await using var server = await ContactsProcess.ServeAsync(_data, "--country", "rw", "--timezone", "Africa/Kigali", "--date-style", "month_first", "--profile", "rapidpro");
        var (_, output, _) = await ContactsProcess.RunAsync("workspace", "list", "--data", _data);
        output.ShouldEndWith("\tdefault\tRW\tAfrica/Kigali\tmonth_first\trapidpro\n");
        using var client = server.Client();
        using var answer = await client.PostAsJsonAsync("/api/v2/contacts.json", new { name = "Ana", urns = new[] { "tel:0788123555" } });
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("urns")[0].GetString().ShouldBe("tel:+250788123555");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_nothing_is_left_running()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = "http://" + taken.LocalEndpoint;
        var (code, output, errors) = await ContactsProcess.RunAsync("--data", _data, "--urls", url);
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldContain("--urls");
        errors.ShouldContain(url);
        errors.ShouldNotContain("   at ");
        File.Exists(Path.Combine(_data, "postgres", "postmaster.pid")).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static async Task<HttpStatusCode> PostAsync(ContactsProcess server, string? token = null)
    {
        using var client = server.Client(token);
        using var answer = await client.PostAsJsonAsync(Upsert, new { name = "Ben" });
        return answer.StatusCode;
    }
}
