using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Contacts.Commands;
using Contacts.Tests.Support;

namespace Contacts.Tests.Operations;

/// <summary><c>backup</c> beside a server that is written to, and <c>restore</c> of what it made.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class BackupTests : IAsyncLifetime
{
    private const int Writers = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("contacts-test-").FullName;
    private readonly List<string> _databases = [];

    private string Data => Path.Combine(_folder, "data");

    private string Copy => Path.Combine(_folder, "copy");

    private string File => Path.Combine(_folder, "contacts.dump");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        foreach (var database in _databases)
            await TestPostgres.DropAsync(database);
    }

    [Fact]
    public async Task A_backup_under_load_is_the_book_of_one_moment_and_opens_with_its_tokens()
    {
        string token;
        int[] before, after;
        await using (var server = await ContactsProcess.ServeAsync(Data))
        {
            token = server.Token;
            using var http = server.Client();
            using var end = new CancellationTokenSource();
            var written = new int[Writers];
            var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WritePairsAsync(http, writer, written, end.Token)));
            await Eventually.BecomesTrueAsync(() => written.All(count => count > 20), "the writers are under way");
            before = [.. written];
            (await RunAsync("backup", File, "--data", Data)).ShouldContain("Backed up");
            after = [.. written];
            await Eventually.BecomesTrueAsync(() => written.Zip(after).All(pair => pair.First > pair.Second + 5), "the writers went on");
            await end.CancelAsync();
            await writing;
        }

        if (!OperatingSystem.IsWindows())
            System.IO.File.GetUnixFileMode(File).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await RunAsync("restore", File, "--data", Copy)).ShouldContain("Restored");
        await using var restored = await ContactsProcess.ServeAsync(Copy);
        using var reader = restored.Client(token);
        for (var writer = 0; writer < Writers; writer++)
        {
            var (first, second) = (await NumberAsync(reader, $"{writer}-a"), await NumberAsync(reader, $"{writer}-b"));
            second.ShouldBeInRange(before[writer], after[writer] + 1, "what was answered before the backup is in it");
            first.ShouldBeInRange(second, second + 1, "the second of a pair is written when the first is answered");
        }

        (await WriteAsync(reader, "0-a", 1_000_000)).ShouldBe(HttpStatusCode.OK, "the copy is a book like any other");
    }

    [Fact]
    public async Task A_book_or_file_that_is_there_is_left_alone()
    {
        await using var server = await ContactsProcess.ServeAsync(Data);
        using var http = server.Client();
        await WriteAsync(http, "1", 1);
        (await RunAsync("backup", File, "--data", Data)).ShouldContain($"{File}, {BackupCommand.Size(new FileInfo(File).Length)}.");
        var written = await System.IO.File.ReadAllBytesAsync(File);
        (await RefusedAsync("backup", File, "--data", Data)).ShouldContain("already");
        (await System.IO.File.ReadAllBytesAsync(File)).ShouldBe(written);

        await WriteAsync(http, "1", 2);
        (await RefusedAsync("restore", File, "--data", Data)).ShouldContain("empty");
        (await NumberAsync(http, "1")).ShouldBe(2);
    }

    [Fact]
    public async Task A_damaged_backup_leaves_nothing_behind()
    {
        await using (var server = await ContactsProcess.ServeAsync(Data))
        {
            using var http = server.Client();
            await WriteAsync(http, "1", 1);
            await RunAsync("backup", File, "--data", Data);
        }

        var whole = await System.IO.File.ReadAllBytesAsync(File);
        var half = Path.Combine(_folder, "half.dump");
        await System.IO.File.WriteAllBytesAsync(half, whole[..(whole.Length * 2 / 3)]);
        await RefusedAsync("restore", half, "--data", Copy);
        await RefusedAsync("restore", Path.Combine(_folder, "none.dump"), "--data", Copy);
        (await RunAsync("restore", File, "--data", Copy)).ShouldContain("Restored");
    }

    [Fact]
    public async Task Over_a_connection_string_and_for_a_copy_that_tells_nobody()
    {
        var target = new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Contacts"] = await EmptyDatabaseAsync() };
        await using (var server = await ContactsProcess.ServeAsync(Data))
        {
            using var http = server.Client();
            await WriteAsync(http, "1", 7);
            using var made = await http.PostAsJsonAsync("/manage/api/webhooks", new { name = "W", url = "http://127.0.0.1:9/", events = new[] { "*" } });
            made.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        // The server has stopped: the command starts the folder's PostgreSQL for itself.
        await RunAsync("backup", File, "--data", Data);
        var (code, output, errors) = await RunAsync(target, "restore", File, "--webhooks-off");
        code.ShouldBe(0, errors);
        output.ShouldContain("Webhooks switched off: 1.");
        var again = Path.Combine(_folder, "again.dump");
        (code, _, errors) = await RunAsync(target, "backup", again);
        code.ShouldBe(0, errors);
        new FileInfo(again).Length.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public async Task What_holds_no_book_is_not_backed_up()
    {
        (await RefusedAsync("backup", File, "--data", Data)).ShouldContain("no contact book");
        var empty = new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Contacts"] = await EmptyDatabaseAsync() };
        var (code, _, errors) = await RunAsync(empty, "backup", File);
        code.ShouldBe(1);
        errors.ShouldContain("no contact book");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "0 kB")]
    [InlineData(59_400, "59 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(1_234_567_890, "1,234.6 MB")]
    public void A_size_is_told_in_the_unit_that_shows_it(long bytes, string size) => BackupCommand.Size(bytes).ShouldBe(size);

    private async Task<string> EmptyDatabaseAsync()
    {
        var database = await TestPostgres.CreateEmptyDatabaseAsync();
        _databases.Add(database);
        return database;
    }

    private static async Task WritePairsAsync(HttpClient http, int writer, int[] written, CancellationToken end)
    {
        for (var number = 1; !end.IsCancellationRequested; number++)
        {
            (await WriteAsync(http, $"{writer}-a", number)).ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
            (await WriteAsync(http, $"{writer}-b", number)).ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
            Volatile.Write(ref written[writer], number);
        }
    }

    private static async Task<HttpStatusCode> WriteAsync(HttpClient http, string path, int number)
    {
        using var response = await http.PostAsJsonAsync($"/api/v2/contacts.json?urn=ext:{path}", new { name = number.ToString(CultureInfo.InvariantCulture) });
        return response.StatusCode;
    }

    private static async Task<int> NumberAsync(HttpClient http, string path)
    {
        using var page = JsonDocument.Parse(await http.GetStringAsync($"/api/v2/contacts.json?urn=ext:{path}"));
        return int.Parse(page.RootElement.GetProperty("results")[0].GetProperty("name").GetString()!, CultureInfo.InvariantCulture);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await ContactsProcess.RunAsync(arguments);
        code.ShouldBe(0, errors);
        return output;
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (code, _, errors) = await ContactsProcess.RunAsync(arguments);
        code.ShouldBe(1, errors);
        return errors;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var process = ContactsProcess.Start(environment, arguments);
        return (await process.ExitAsync(), process.Output, process.Errors);
    }
}
