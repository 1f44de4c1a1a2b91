namespace Contacts.Tests.Operations;

/// <summary>A wrong setting stops the start with its name, before anything is made.</summary>
[Collection("processes")]
public sealed class SettingsTests
{
    [Theory]
    [InlineData("--timezone", "Mars/Olympus", "CONTACTS_TIMEZONE")]
    [InlineData("--country", "Brazil", "CONTACTS_COUNTRY")]
    [InlineData("--token", "short", "CONTACTS_TOKEN")]
    [InlineData("--date-style", "DD-MM", "CONTACTS_DATE_STYLE")]
    [InlineData("--profile", "textit", "CONTACTS_PROFILE")]
    [InlineData("--urls", "here", "CONTACTS_URLS")]
    [InlineData("--urls", "http://127.0.0.1:99999", "CONTACTS_URLS")]
    [InlineData("--urls", "ftp://127.0.0.1:5080", "CONTACTS_URLS")]
    [InlineData("--proxies", "proxy.example.com", "CONTACTS_PROXIES")]
    [InlineData("--proxies", "10.0.0.1,10.1", "CONTACTS_PROXIES")]
    [InlineData("--proxies", "10.0.0.1/8", "CONTACTS_PROXIES")]
    [InlineData("--proxies", "10.0.0.0/33", "CONTACTS_PROXIES")]
    [InlineData("--proxies", "*", "CONTACTS_PROXIES")]
    [InlineData("--proxies", "::1/200", "CONTACTS_PROXIES")]
    [InlineData("--ConnectionStrings:Contacts=Hots=nowhere;Password=hush", null, "ConnectionStrings__Contacts")]
    [InlineData("--Contacts:MaxBodyBytes=much", null, "Contacts:MaxBodyBytes")]
    [InlineData("--Contacts:PrepareStatements=perhaps", null, "Contacts:PrepareStatements")]
    [InlineData("--Contacts:Webhooks:TimeoutSeconds=0", null, "Contacts:Webhooks:TimeoutSeconds")]
    [InlineData("--Contacts:Webhooks:KeepDays=for ever", null, "Contacts:Webhooks:KeepDays")]
    [InlineData("--Contacts:Calls:PerSecond=0", null, "Contacts:Calls:PerSecond")]
    [InlineData("--Contacts:Keys:WrongPerMinute=0", null, "Contacts:Keys:WrongPerMinute")]
    [InlineData("--Contacts:Audit:KeepDays=0", null, "Contacts:Audit:KeepDays")]
    [InlineData("--Contacts:Whaapy:CreatedStatus=202", null, "Contacts:Whaapy:CreatedStatus")]
    [InlineData("--Contacts:Limits:Connections=0", null, "Contacts:Limits:Connections")]
    [InlineData("--Contacts:Limits:HeaderBytes=100", null, "Contacts:Limits:HeaderBytes")]
    [InlineData("--Contacts:Limits:SlowSeconds=1", null, "Contacts:Limits:SlowSeconds")]
    [InlineData("--Logging:Format=xml", null, "Logging:Format")]
    [InlineData("--seed", "/nowhere/seed.json", "CONTACTS_SEED")]
    public async Task A_wrong_option_is_named(string option, string? value, string name)
    {
        var data = Path.Combine(Path.GetTempPath(), "contacts-never-made-" + Guid.NewGuid().ToString("N"));
        string[] arguments = value is null ? [option, "--data", data] : [option, value, "--data", data];
        var (code, output, errors) = await ContactsProcess.RunAsync(arguments);
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldContain(name);
        errors.ShouldNotContain("hush");
        errors.ShouldNotContain("   at ");
        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task All_wrong_variables_are_named_at_once()
    {
        await using var process = ContactsProcess.Start(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CONTACTS_TIMEZONE"] = "Mars/Olympus",
            ["CONTACTS_COUNTRY"] = "Brazil",
            ["CONTACTS_URLS"] = "here",
        });
        (await process.ExitAsync()).ShouldBe(1);
        foreach (var name in new[] { "CONTACTS_TIMEZONE", "CONTACTS_COUNTRY", "CONTACTS_URLS" })
            process.Errors.ShouldContain(name);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named()
    {
        var (code, _, errors) = await ContactsProcess.RunAsync("--ConnectionStrings:Contacts=Host=127.0.0.1;Port=1;Username=me;Password=hush", "--urls", "http://127.0.0.1:0");
        code.ShouldBe(1);
        errors.ShouldContain("ConnectionStrings__Contacts");
        errors.ShouldNotContain("hush");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_mistyped_option_is_refused()
    {
        var (code, _, errors) = await ContactsProcess.RunAsync("--datta", "x");
        code.ShouldBe(1);
        errors.ShouldContain("--datta");
    }

    [Fact]
    public async Task A_host_setting_with_an_underscore_is_configuration()
    {
        // WebApplicationFactory hands the program ASPNETCORE_HTTP_PORTS in this form, and .NET's own images set it.
        var (_, _, errors) = await ContactsProcess.RunAsync("--HTTP_PORTS=8080", "--timezone", "Mars/Olympus");
        errors.ShouldContain("CONTACTS_TIMEZONE");
        errors.ShouldNotContain("HTTP_PORTS");
    }
}
