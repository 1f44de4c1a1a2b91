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
    /// <summary>Reads the settings and adds every fault to a list.</summary>
    public static WorkspaceSettings Read(IConfiguration configuration, List<string> faults)
    {
        var country = Setting.Country.In(configuration)?.ToUpperInvariant();
        if (country is not null && !WorkspaceChangesValidator.IsCountry(country))
            faults.Add($"{Setting.Country}: \"{country}\" is not a country's two letters, such as BR.");

        var timezone = Setting.Timezone.In(configuration) ?? "UTC";
        if (!WorkspaceChangesValidator.IsTimezone(timezone))
            faults.Add($"{Setting.Timezone}: \"{timezone}\" is not a time zone that this machine knows, such as America/Sao_Paulo.");

        var style = Setting.DateStyle.In(configuration) ?? "day_first";
        if (!Choices<DateStyle>.TryParse(style, out var dateStyle))
            faults.Add($"{Setting.DateStyle}: \"{style}\" is none of {Choices<DateStyle>.Names}.");

        var profile = Setting.Profile.In(configuration) ?? Workspace.Profiles[0];
        if (!Workspace.Profiles.Contains(profile))
            faults.Add($"{Setting.Profile}: \"{profile}\" is none of {string.Join(", ", Workspace.Profiles)}.");
        return new WorkspaceSettings(country, timezone, dateStyle, profile);
    }

    /// <summary>Puts the settings, and what follows from the country, into a new workspace.</summary>
    public void Apply(Workspace workspace)
    {
        workspace.Country = Country;
        workspace.MexicanPrefix = Country == "MX";
        workspace.Timezone = Timezone;
        workspace.DateStyle = DateStyle;
        workspace.Profile = Profile;
    }
}
