using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Operations;

/// <summary>What a workspace is made with.</summary>
/// <param name="Country">ISO 3166-1 alpha-2 in upper case, or null.</param>
/// <param name="Timezone">The IANA name of a time zone that this machine knows.</param>
/// <param name="DateStyle">How dates in local forms are read.</param>
/// <param name="Profile">Whose answers it gives.</param>
internal sealed record WorkspaceSettings(string? Country, string Timezone, DateStyle DateStyle, string Profile)
{
    private static readonly string[] Profiles = ["weni", "rapidpro"];

    private static readonly Dictionary<string, DateStyle> DateStyles = new(StringComparer.Ordinal)
    {
        ["day_first"] = DateStyle.DayFirst,
        ["month_first"] = DateStyle.MonthFirst,
        ["year_first"] = DateStyle.YearFirst,
    };

    /// <summary>The name of a date style in settings and answers.</summary>
    public static string NameOf(DateStyle style) => DateStyles.Single(pair => pair.Value == style).Key;

    /// <summary>Reads the settings and adds every fault to a list.</summary>
    public static WorkspaceSettings Read(IConfiguration configuration, List<string> faults)
    {
        var country = Setting.Country.In(configuration)?.ToUpperInvariant();
        if (country is not null && !(country.Length == 2 && country.All(char.IsAsciiLetter)))
            faults.Add($"{Setting.Country}: \"{country}\" is not a country's two letters, such as BR.");

        var timezone = Setting.Timezone.In(configuration) ?? "UTC";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timezone, out _))
            faults.Add($"{Setting.Timezone}: \"{timezone}\" is not a time zone that this machine knows, such as America/Sao_Paulo.");

        var style = Setting.DateStyle.In(configuration) ?? "day_first";
        if (!DateStyles.TryGetValue(style, out var dateStyle))
            faults.Add($"{Setting.DateStyle}: \"{style}\" is none of {string.Join(", ", DateStyles.Keys)}.");

        var profile = Setting.Profile.In(configuration) ?? Profiles[0];
        if (!Profiles.Contains(profile, StringComparer.Ordinal))
            faults.Add($"{Setting.Profile}: \"{profile}\" is none of {string.Join(", ", Profiles)}.");
        return new WorkspaceSettings(country, timezone, dateStyle, profile);
    }

    /// <summary>Puts the settings into a new workspace.</summary>
    public void Apply(Workspace workspace)
    {
        workspace.Country = Country;
        workspace.Timezone = Timezone;
        workspace.DateStyle = DateStyle;
        workspace.Profile = Profile;
    }
}
