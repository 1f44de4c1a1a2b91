using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Console.Pages.Settings;

/// <summary>How a setting is typed.</summary>
public enum SettingKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A text, or nothing.</summary>
    OptionalText,

    /// <summary>Texts parted by commas.</summary>
    Texts,

    /// <summary>One of several.</summary>
    Choice,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A whole number, or nothing.</summary>
    OptionalNumber,
}

/// <summary>
/// A setting of the workspace on its page, by its name in the management API, which reads and checks it. Its texts are <c>setting.NAME</c> and
/// <c>setting_about.NAME</c>.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">How it is typed.</param>
public sealed record WorkspaceSetting(string Name, SettingKind Kind)
{
    /// <summary>The settings, in order. A new one is a line here and its two texts.</summary>
    public static readonly IReadOnlyList<WorkspaceSetting> All =
    [
        new("name", SettingKind.Text),
        new("country", SettingKind.OptionalText),
        new("timezone", SettingKind.Text),
        new("date_style", SettingKind.Choice) { Choices = Names<DateStyle>() },
        new("languages", SettingKind.Texts),
        new("profile", SettingKind.Choice) { Choices = Workspace.Profiles },
        new("verify_ninth_digit", SettingKind.Flag),
        new("mexican_prefix", SettingKind.Flag),
        new("anonymous", SettingKind.Flag),
        new("standing", SettingKind.Choice) { Choices = Names<Standing>() },
        new("hourly_limit", SettingKind.OptionalNumber),
        new("minute_limit", SettingKind.OptionalNumber),
        new("field_limit", SettingKind.Number),
        new("group_limit", SettingKind.Number),
        new("allows_private_targets", SettingKind.Flag),
        new("recording", SettingKind.Choice) { Choices = Names<Recording>() },
        new("recorded_calls", SettingKind.Number),
        new("recorded_days", SettingKind.Number),
        new("recorded_megabytes", SettingKind.Number),
    ];

    /// <summary>What can be chosen.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The name of the input that holds what stood there before.</summary>
    public string Was => $"was_{Name}";

    private static IReadOnlyList<string> Names<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Choices<T>.NameOf)];
}
