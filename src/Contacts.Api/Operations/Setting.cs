namespace Contacts.Operations;

/// <summary>A setting that a person can give in three ways; the earlier one wins.</summary>
/// <param name="Option">On the command line.</param>
/// <param name="Variable">As an environment variable. An empty one counts as absent, since compose files cannot leave one out.</param>
/// <param name="Key">In appsettings.json.</param>
/// <param name="Description">What it does, for the help text.</param>
internal sealed record Setting(string Option, string Variable, string Key, string Description)
{
    /// <summary>Where the server listens.</summary>
    public static readonly Setting Urls = new("--urls", "CONTACTS_URLS", "Contacts:Urls", "Where the server listens, several parted by ';' [default: http://127.0.0.1:5080]");

    /// <summary>The folder of the quick start's data.</summary>
    public static readonly Setting Data = new("--data", "CONTACTS_DATA", "Contacts:Data", "The folder of the private PostgreSQL's data [default: ./data]");

    /// <summary>The first workspace's administrator key.</summary>
    public static readonly Setting Token = new("--token", "CONTACTS_TOKEN", "Contacts:Token", "The first workspace's administrator token, 40 hexadecimal digits [default: a random one]");

    /// <summary>The reverse proxies whose word counts.</summary>
    public static readonly Setting Proxies = new("--proxies", "CONTACTS_PROXIES", "Contacts:Proxies", "The reverse proxies whose X-Forwarded headers count: addresses and networks parted by ',' [default: none]");

    /// <summary>What the first workspace begins with.</summary>
    public static readonly Setting Seed = new("--seed", "CONTACTS_SEED", "Contacts:Seed", "A JSON file that fills the first workspace while it is empty (docs/testing.md)");

    /// <summary>A workspace's country.</summary>
    public static readonly Setting Country = new("--country", "CONTACTS_COUNTRY", "Contacts:Country", "The workspace's country, two letters, for phone numbers without a country code");

    /// <summary>A workspace's time zone.</summary>
    public static readonly Setting Timezone = new("--timezone", "CONTACTS_TIMEZONE", "Contacts:Timezone", "The workspace's time zone, e.g. America/Sao_Paulo [default: UTC]");

    /// <summary>A workspace's order of day and month.</summary>
    public static readonly Setting DateStyle = new("--date-style", "CONTACTS_DATE_STYLE", "Contacts:DateStyle", "How dates are read: day_first, month_first or year_first [default: day_first]");

    /// <summary>A workspace's profile.</summary>
    public static readonly Setting Profile = new("--profile", "CONTACTS_PROFILE", "Contacts:Profile", "Whose answers the workspace gives: weni or rapidpro [default: weni]");

    /// <summary>The settings of the first workspace, and of one made by command.</summary>
    public static readonly Setting[] OfWorkspace = [Country, Timezone, DateStyle, Profile];

    /// <summary>All settings with an environment variable of their own.</summary>
    public static readonly Setting[] All = [Urls, Data, Token, Proxies, Seed, .. OfWorkspace];

    /// <summary>Lets the environment's variables, then the command line's options, win over the configuration read so far.</summary>
    /// <param name="configuration">The configuration to add to.</param>
    /// <param name="options">The options given, by setting; null when an option was not given.</param>
    public static void Overlay(IConfigurationBuilder configuration, Func<Setting, string?> options)
    {
        var given = All.Select(setting => KeyValuePair.Create(setting.Key, options(setting) ?? Environment.GetEnvironmentVariable(setting.Variable)));
        configuration.AddInMemoryCollection(given.Where(pair => !string.IsNullOrEmpty(pair.Value)));
    }

    /// <summary>The setting's value; null when it is absent or empty.</summary>
    public string? In(IConfiguration configuration) => configuration[Key] is { Length: > 0 } value ? value.Trim() : null;

    /// <summary>The setting's names, as a message about a fault calls it.</summary>
    public override string ToString() => $"{Key} ({Option}, {Variable})";
}
