using System.Globalization;
using System.Net;
using Contacts.Audit;
using Contacts.Calls;
using Contacts.Imports;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Operations;

/// <summary>What the server was told, checked as a whole before anything starts.</summary>
internal sealed record ServerSettings
{
    private const string ConnectionKey = "ConnectionStrings:Contacts";
    private const string ReplicasKey = "ConnectionStrings:ContactsReplicas";
    private const string BodyKey = "Contacts:MaxBodyBytes";
    private const string PrepareKey = "Contacts:PrepareStatements";
    private const string ShareKey = "Contacts:ShareBatches";
    private const string TimeoutKey = "Contacts:Webhooks:TimeoutSeconds";
    private const string KeepKey = "Contacts:Webhooks:KeepDays";
    private const string RecordKey = "Contacts:Calls:PerSecond";
    private const string WrongKeysKey = "Contacts:Keys:WrongPerMinute";
    private const string AuditDaysKey = "Contacts:Audit:KeepDays";
    private const string CreatedKey = "Contacts:Whaapy:CreatedStatus";
    private const string ImportBytesKey = "Contacts:Imports:MaxBytes";
    private const string ImportRowsKey = "Contacts:Imports:MaxRows";
    private const string ImportDaysKey = "Contacts:Imports:KeepDays";
    private const string FormatKey = "Logging:Format";

    /// <summary>Where the server listens.</summary>
    public required string[] Urls { get; init; }

    /// <summary>The full path of the data folder, used when there is no connection string.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The first workspace's administrator key; null for a random one.</summary>
    public required string? Token { get; init; }

    /// <summary>What the first workspace is made with.</summary>
    public required WorkspaceSettings Workspace { get; init; }

    /// <summary>The database; null for a private PostgreSQL.</summary>
    public required string? ConnectionString { get; init; }

    /// <summary>Standbys of the database that lists may be read from; null for none.</summary>
    public required string? Replicas { get; init; }

    /// <summary>The largest request body, in bytes.</summary>
    public required long MaxBodyBytes { get; init; }

    /// <summary>False behind PgBouncer in transaction mode, where a prepared statement may meet a connection that does not know it.</summary>
    public required bool PreparesStatements { get; init; }

    /// <summary>Whether single changes and look-ups that arrive at once share batches.</summary>
    public required bool SharesBatches { get; init; }

    /// <summary>Whether Whaapy's API answers a creation with 201; else with 200, for clients that take no other.</summary>
    public required bool WhaapySaysCreated { get; init; }

    /// <summary>The reverse proxies that are believed about the client's address, scheme, host and path; none are when it is empty.</summary>
    public required IReadOnlyList<IPNetwork> Proxies { get; init; }

    /// <summary>What one client may take of the server.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>What there is to set of webhooks.</summary>
    public required WebhookSettings Webhooks { get; init; }

    /// <summary>What there is to set of imports.</summary>
    public required ImportSettings Imports { get; init; }

    /// <summary>What there is to set about wrong keys.</summary>
    public required KeySettings Keys { get; init; }

    /// <summary>What there is to set of the audit log.</summary>
    public required AuditSettings Audit { get; init; }

    /// <summary>The full path of the file that fills the first workspace, or null.</summary>
    public required string? SeedFile { get; init; }
    /// <summary>What there is to set of recording calls.</summary>
    public required CallSettings Calls { get; init; }

    /// <summary>Log lines as JSON for programs, instead of text for people.</summary>
    public required bool LogsJson { get; init; }

    /// <summary>Reads and checks all settings.</summary>
    /// <exception cref="StartRefusedException">Some are wrong; the message names each of them.</exception>
    public static ServerSettings Read(IConfiguration configuration)
    {
        var faults = new List<string>();
        var settings = new ServerSettings
        {
            Urls = ReadUrls(configuration, faults),
            DataFolder = Path.GetFullPath(Setting.Data.In(configuration) ?? "data"),
            Token = ReadToken(configuration, faults),
            Workspace = WorkspaceSettings.Read(configuration, faults),
            ConnectionString = ReadConnection(configuration, ConnectionKey, faults),
            Replicas = ReadConnection(configuration, ReplicasKey, faults),
            MaxBodyBytes = ReadMaxBody(configuration, faults),
            PreparesStatements = ReadChoice(configuration, PrepareKey, "true", "false", faults),
            SharesBatches = ReadChoice(configuration, ShareKey, "true", "false", faults),
            WhaapySaysCreated = ReadChoice(configuration, CreatedKey, "201", "200", faults),
            Proxies = ProxySettings.Read(configuration, faults),
            Limits = LimitSettings.Read(configuration, faults),
            Webhooks = new WebhookSettings(
                TimeSpan.FromSeconds(ReadNumber(configuration, TimeoutKey, 30, 300, faults)), TimeSpan.FromDays(ReadNumber(configuration, KeepKey, 30, 3650, faults))),
            Imports = new ImportSettings(
                ReadNumber(configuration, ImportBytesKey, 20_000_000, 200_000_000, faults),
                ReadNumber(configuration, ImportRowsKey, 100_000, 1_000_000, faults),
                TimeSpan.FromDays(ReadNumber(configuration, ImportDaysKey, 30, 3650, faults))),
            Keys = new KeySettings(ReadNumber(configuration, WrongKeysKey, 30, 1_000_000, faults)),
            Audit = new AuditSettings(TimeSpan.FromDays(ReadNumber(configuration, AuditDaysKey, 365, 36_500, faults))),
            SeedFile = ReadSeedFile(configuration, faults),
            Calls = new CallSettings(ReadNumber(configuration, RecordKey, 1000, 100_000, faults)),
            LogsJson = !ReadChoice(configuration, FormatKey, "text", "json", faults),
        };
        return faults.Count == 0 ? settings : throw new StartRefusedException(string.Join('\n', faults));
    }

    /// <summary>A fault of the database that a connection string names.</summary>
    public static StartRefusedException DatabaseUnusable(Exception error) =>
        new($"{ConnectionKey} (ConnectionStrings__Contacts): the database cannot be used: {error.Message}", error);

    private static string[] ReadUrls(IConfiguration configuration, List<string> faults)
    {
        var text = Setting.Urls.In(configuration) ?? "http://127.0.0.1:5080";
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in urls.Where(url => !IsAddress(url)))
            faults.Add($"{Setting.Urls}: \"{url}\" is not an address to listen on, such as http://127.0.0.1:5080.");
        if (urls.Length == 0)
            faults.Add($"{Setting.Urls}: no address is given.");
        return urls;
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65535 && address.PathBase.Length == 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string? ReadToken(IConfiguration configuration, List<string> faults)
    {
        var token = Setting.Token.In(configuration);
        if (token is not null && !IsKey(token))
            faults.Add($"{Setting.Token}: a token has {ApiToken.KeyLength} hexadecimal digits.");
        return token;
    }

    /// <summary>Whether a text has a token's form.</summary>
    public static bool IsKey(string text) => text.Length == ApiToken.KeyLength && text.All(char.IsAsciiHexDigit);

    private static string? ReadSeedFile(IConfiguration configuration, List<string> faults)
    {
        if (Setting.Seed.In(configuration) is not { } file)
            return null;
        if (!File.Exists(file))
            faults.Add($"{Setting.Seed}: there is no file \"{file}\".");
        return Path.GetFullPath(file);
    }

    private static string? ReadConnection(IConfiguration configuration, string key, List<string> faults)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return null;
        try
        {
            return new NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text itself is not shown: it may hold a password.
            faults.Add($"{key} ({key.Replace(":", "__", StringComparison.Ordinal)}): not a PostgreSQL connection string, such as Host=db;Database=contacts;Username=me;Password=secret.");
            return null;
        }
    }

    private static long ReadMaxBody(IConfiguration configuration, List<string> faults)
    {
        var text = configuration[BodyKey] ?? "5000000";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes == 0)
            faults.Add($"{BodyKey}: \"{text}\" is not a number of bytes.");
        return bytes;
    }

    /// <summary>A whole number, or the usual one when there is none; a fault is added to the list.</summary>
    internal static int ReadNumber(IConfiguration configuration, string key, int usual, int most, List<string> faults, int least = 1)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        faults.Add($"{key}: \"{text}\" is not a whole number from {least} to {most}.");
        return usual;
    }

    private static bool ReadChoice(IConfiguration configuration, string key, string yes, string no, List<string> faults)
    {
        var text = configuration[key] ?? yes;
        if (!text.Equals(yes, StringComparison.OrdinalIgnoreCase) && !text.Equals(no, StringComparison.OrdinalIgnoreCase))
            faults.Add($"{key}: \"{text}\" is neither {yes} nor {no}.");
        return text.Equals(yes, StringComparison.OrdinalIgnoreCase);
    }
}
