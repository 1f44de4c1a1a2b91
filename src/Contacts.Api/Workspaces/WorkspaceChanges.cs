using System.Text.RegularExpressions;
using Contacts.Core;
using Contacts.Urns;
using FluentValidation;

namespace Contacts.Workspaces;

/// <summary>What is to change of a workspace's settings: what is absent stays. The command line and the management API both make these.</summary>
public sealed record WorkspaceChanges
{
    /// <summary>The name.</summary>
    public Optional<string> Name { get; init; }

    /// <summary>ISO 3166-1 alpha-2 in any case; null for none.</summary>
    public Optional<string?> Country { get; init; }

    /// <summary>The IANA name of a time zone.</summary>
    public Optional<string> Timezone { get; init; }

    /// <summary>How dates in local forms are read.</summary>
    public Optional<DateStyle> DateStyle { get; init; }

    /// <summary>Whose answers it gives: one of <see cref="Workspace.Profiles"/>.</summary>
    public Optional<string> Profile { get; init; }

    /// <summary>ISO 639-3, the primary one first.</summary>
    public Optional<IReadOnlyList<string>> Languages { get; init; }

    /// <summary>Whether the ninth digit of Brazilian WhatsApp numbers makes no difference.</summary>
    public Optional<bool> VerifyNinthDigit { get; init; }

    /// <summary>Whether the 1 of Mexican mobile numbers makes no difference.</summary>
    public Optional<bool> MexicanPrefix { get; init; }

    /// <summary>Whether addresses are hidden from readers.</summary>
    public Optional<bool> Anonymous { get; init; }

    /// <summary>Whether it may write.</summary>
    public Optional<Standing> Standing { get; init; }

    /// <summary>Requests an hour for each token and scope; null for any number.</summary>
    public Optional<int?> HourlyLimit { get; init; }

    /// <summary>Requests a minute for each token and scope of dialects that count so; null for any number.</summary>
    public Optional<int?> MinuteLimit { get; init; }

    /// <summary>How many fields there may be.</summary>
    public Optional<int> FieldLimit { get; init; }

    /// <summary>How many groups there may be.</summary>
    public Optional<int> GroupLimit { get; init; }

    /// <summary>Whether webhooks may go to private, loopback and link-local addresses.</summary>
    public Optional<bool> AllowsPrivateTargets { get; init; }

    /// <summary>Which calls are recorded.</summary>
    public Optional<Recording> Recording { get; init; }

    /// <summary>How many recorded calls are kept.</summary>
    public Optional<int> RecordedCalls { get; init; }

    /// <summary>For how many days recorded calls are kept.</summary>
    public Optional<int> RecordedDays { get; init; }

    /// <summary>How many megabytes of recorded calls are kept.</summary>
    public Optional<int> RecordedMegabytes { get; init; }

    /// <summary>Puts the changes, which are of a valid shape, into a workspace.</summary>
    /// <param name="workspace">The workspace.</param>
    public void Apply(Workspace workspace)
    {
        workspace.Name = Name.Or(workspace.Name);
        workspace.NameKey = NameKey.Of(workspace.Name);
        workspace.Country = Country.Or(workspace.Country)?.ToUpperInvariant();
        workspace.Timezone = Timezone.Or(workspace.Timezone);
        workspace.DateStyle = DateStyle.Or(workspace.DateStyle);
        workspace.Profile = Profile.Or(workspace.Profile);
        if (Languages.IsGiven)
            workspace.Languages = [.. Languages.Value.Select(code => code.ToLowerInvariant()).Distinct()];
        workspace.VerifyNinthDigit = VerifyNinthDigit.Or(workspace.VerifyNinthDigit);
        workspace.MexicanPrefix = MexicanPrefix.Or(workspace.MexicanPrefix);
        workspace.IsAnonymous = Anonymous.Or(workspace.IsAnonymous);
        workspace.Standing = Standing.Or(workspace.Standing);
        workspace.HourlyLimit = HourlyLimit.Or(workspace.HourlyLimit);
        workspace.MinuteLimit = MinuteLimit.Or(workspace.MinuteLimit);
        workspace.FieldLimit = FieldLimit.Or(workspace.FieldLimit);
        workspace.GroupLimit = GroupLimit.Or(workspace.GroupLimit);
        workspace.AllowsPrivateTargets = AllowsPrivateTargets.Or(workspace.AllowsPrivateTargets);
        workspace.Recording = Recording.Or(workspace.Recording);
        workspace.RecordedCalls = RecordedCalls.Or(workspace.RecordedCalls);
        workspace.RecordedDays = RecordedDays.Or(workspace.RecordedDays);
        workspace.RecordedMegabytes = RecordedMegabytes.Or(workspace.RecordedMegabytes);
    }
}

/// <summary>The shape of a workspace's settings, told by the names that they have in JSON.</summary>
public sealed partial class WorkspaceChangesValidator : AbstractValidator<WorkspaceChanges>
{
    /// <summary>The highest limit of fields or groups: they are all held in memory.</summary>
    public const int MaxLimit = 10_000;

    private const int MaxLanguages = 100;
    private const int MaxRecordedCalls = 10_000_000;
    private const int MaxRecordedDays = 3650;
    private const int MaxRecordedMegabytes = 1_000_000;

    /// <summary>The rules.</summary>
    public WorkspaceChangesValidator()
    {
        RuleFor(changes => changes.Name).Must(name => !name.IsGiven || IsName(name.Value))
            .WithMessage($"Must have 1 to {Workspace.MaxNameLength} characters, none of them a control character.").OverridePropertyName("name");
        RuleFor(changes => changes.Country).Must(country => country.Value is not { } letters || IsCountry(letters))
            .WithMessage("Must be a country's two letters, such as BR, or null.").OverridePropertyName("country");
        RuleFor(changes => changes.Timezone).Must(timezone => !timezone.IsGiven || IsTimezone(timezone.Value))
            .WithMessage("Must be a time zone that this server knows, such as America/Sao_Paulo.").OverridePropertyName("timezone");
        RuleFor(changes => changes.Profile).Must(profile => !profile.IsGiven || Workspace.Profiles.Contains(profile.Value))
            .WithMessage($"Must be one of: {string.Join(", ", Workspace.Profiles)}.").OverridePropertyName("profile");
        RuleFor(changes => changes.Languages).Must(languages => !languages.IsGiven || languages.Value.Count <= MaxLanguages)
            .WithMessage($"May have at most {MaxLanguages} items.").OverridePropertyName("languages");
        RuleForEach(changes => changes.Languages.Value).Must(Language.IsIso639_3)
            .WithMessage("Must be a language of ISO 639-3, such as por.").OverridePropertyName("languages")
            .When(changes => changes.Languages.IsGiven);
        RuleFor(changes => changes.HourlyLimit).Must(limit => limit.Value is null or >= 1)
            .WithMessage("Must be at least 1, or null.").OverridePropertyName("hourly_limit");
        RuleFor(changes => changes.MinuteLimit).Must(limit => limit.Value is null or >= 1)
            .WithMessage("Must be at least 1, or null.").OverridePropertyName("minute_limit");
        RuleFor(changes => changes.FieldLimit).Must(IsLimit).WithMessage($"Must be 1 to {MaxLimit}.").OverridePropertyName("field_limit");
        RuleFor(changes => changes.GroupLimit).Must(IsLimit).WithMessage($"Must be 1 to {MaxLimit}.").OverridePropertyName("group_limit");
        RuleForRecording();
    }

    /// <summary>The shape of the limits of what is recorded.</summary>
    private void RuleForRecording()
    {
        RuleFor(changes => changes.RecordedCalls).Must(calls => !calls.IsGiven || calls.Value is >= 1 and <= MaxRecordedCalls)
            .WithMessage($"Must be 1 to {MaxRecordedCalls}.").OverridePropertyName("recorded_calls");
        RuleFor(changes => changes.RecordedDays).Must(days => !days.IsGiven || days.Value is >= 1 and <= MaxRecordedDays)
            .WithMessage($"Must be 1 to {MaxRecordedDays}.").OverridePropertyName("recorded_days");
        RuleFor(changes => changes.RecordedMegabytes).Must(megabytes => !megabytes.IsGiven || megabytes.Value is >= 1 and <= MaxRecordedMegabytes)
            .WithMessage($"Must be 1 to {MaxRecordedMegabytes}.").OverridePropertyName("recorded_megabytes");
    }

    /// <summary>Whether a text has the form of a country's code.</summary>
    /// <param name="text">The text.</param>
    public static bool IsCountry(string text) => text.Length == 2 && text.All(char.IsAsciiLetter);

    /// <summary>Whether a text is a time zone that this machine knows. Its form is looked at first: .NET opens a file of that name.</summary>
    /// <param name="text">The text.</param>
    public static bool IsTimezone(string text) => TimezoneForm().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _);

    private static bool IsName(string text) => text.Length is > 0 and <= Workspace.MaxNameLength && StorableText.Is(text) && !text.Any(char.IsControl);

    private static bool IsLimit(Optional<int> limit) => !limit.IsGiven || limit.Value is >= 1 and <= MaxLimit;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimezoneForm();
}
