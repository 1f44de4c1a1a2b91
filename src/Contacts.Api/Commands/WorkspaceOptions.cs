using System.CommandLine;
using System.Globalization;
using Contacts.Core;
using Contacts.Operations;
using Contacts.Workspaces;

namespace Contacts.Commands;

/// <summary>
/// A workspace's settings as options of <c>workspace create</c> and <c>workspace set</c>. Beside those that are also settings of the server
/// (<see cref="Setting.OfWorkspace"/>), where the first workspace takes them from.
/// </summary>
internal sealed class WorkspaceOptions
{
    private const string None = "none";

    private readonly SettingOptions _settings;
    private readonly Option<string> _name = new("--name") { Description = "Another name" };
    private readonly Option<string> _languages = new("--languages") { Description = "Languages of ISO 639-3 parted by ',', the primary one first" };
    private readonly Option<bool> _ninthDigit = new("--verify-ninth-digit") { Description = "Whether the ninth digit of Brazilian WhatsApp numbers makes no difference" };
    private readonly Option<bool> _mexicanPrefix = new("--mexican-prefix") { Description = "Whether the 1 of Mexican mobile numbers (+521) makes no difference; true at first in a workspace of the country MX" };
    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Whether addresses are hidden from readers" };
    private readonly Option<string> _standing = new("--standing") { Description = "Whether it may write: good, suspended or flagged" };
    private readonly Option<string> _hourlyLimit = new("--hourly-limit") { Description = "Requests an hour for each token and scope, or none" };
    private readonly Option<string> _minuteLimit = new("--minute-limit") { Description = "Requests a minute for each token and scope of the Whaapy API, or none" };
    private readonly Option<int> _fieldLimit = new("--field-limit") { Description = "How many fields there may be" };
    private readonly Option<int> _groupLimit = new("--group-limit") { Description = "How many groups there may be" };
    private readonly Option<bool> _privateTargets = new("--allows-private-targets") { Description = "Whether webhooks may go to private and loopback addresses" };

    private readonly Option<string> _recording = new("--recording") { Description = "Which calls are recorded: all, errors or off" };
    private readonly Option<int> _recordedCalls = new("--recorded-calls") { Description = "How many recorded calls are kept" };
    private readonly Option<int> _recordedDays = new("--recorded-days") { Description = "For how many days recorded calls are kept" };
    private readonly Option<int> _recordedMegabytes = new("--recorded-megabytes") { Description = "How many megabytes of recorded calls are kept" };

    /// <summary>The options of one command.</summary>
    /// <param name="settings">The options that are also settings of the server.</param>
    /// <param name="command">The command that gets them.</param>
    /// <param name="renames">Whether a new name is one of them.</param>
    public WorkspaceOptions(SettingOptions settings, Command command, bool renames)
    {
        _settings = settings;
        settings.AddTo(command, [Setting.Data, .. Setting.OfWorkspace]);
        if (renames)
            command.Options.Add(_name);
        foreach (var option in new Option[]
        {
            _languages, _ninthDigit, _mexicanPrefix, _anonymous, _standing, _hourlyLimit, _minuteLimit, _fieldLimit, _groupLimit, _privateTargets,
            _recording, _recordedCalls, _recordedDays, _recordedMegabytes,
        })
            command.Options.Add(option);
    }

    /// <summary>What the command line alone says: neither the environment nor appsettings.json change a workspace.</summary>
    /// <param name="command">The command line.</param>
    /// <exception cref="StartRefusedException">Some of it is wrong; the message names each option.</exception>
    public WorkspaceChanges Read(ParseResult command)
    {
        var changes = new WorkspaceChanges
        {
            Name = Given(command, _name, name => name.Trim()),
            Country = Given(command, Setting.Country, text => (string?)text),
            Timezone = Given(command, Setting.Timezone, text => text),
            DateStyle = Given(command, Setting.DateStyle, text => ChoiceOf<DateStyle>(Setting.DateStyle.Option, text)),
            Profile = Given(command, Setting.Profile, text => text),
            Languages = Given(command, _languages, IReadOnlyList<string> (text) =>
                text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
            VerifyNinthDigit = Given(command, _ninthDigit, flag => flag),
            MexicanPrefix = Given(command, _mexicanPrefix, flag => flag),
            Anonymous = Given(command, _anonymous, flag => flag),
            Standing = Given(command, _standing, text => ChoiceOf<Standing>(_standing.Name, text)),
            HourlyLimit = Given(command, _hourlyLimit, text => LimitOf(_hourlyLimit, text)),
            MinuteLimit = Given(command, _minuteLimit, text => LimitOf(_minuteLimit, text)),
            FieldLimit = Given(command, _fieldLimit, limit => limit),
            GroupLimit = Given(command, _groupLimit, limit => limit),
            AllowsPrivateTargets = Given(command, _privateTargets, flag => flag),
            Recording = Given(command, _recording, text => ChoiceOf<Recording>(_recording.Name, text)),
            RecordedCalls = Given(command, _recordedCalls, limit => limit),
            RecordedDays = Given(command, _recordedDays, limit => limit),
            RecordedMegabytes = Given(command, _recordedMegabytes, limit => limit),
        };
        Check(changes);
        return changes;
    }

    /// <summary>Holds changes against the rules that the management API has as well.</summary>
    /// <param name="changes">The changes.</param>
    /// <exception cref="StartRefusedException">Some are wrong; the message names each option.</exception>
    public static void Check(WorkspaceChanges changes)
    {
        var faults = new WorkspaceChangesValidator().Validate(changes).Errors;
        if (faults.Count > 0)
            throw new StartRefusedException(string.Join('\n', faults.Select(fault => $"--{fault.PropertyName.Replace('_', '-')}: {fault.ErrorMessage}")));
    }

    private static Optional<TTo> Given<TFrom, TTo>(ParseResult command, Option<TFrom> option, Func<TFrom, TTo> convert) =>
        command.GetResult(option) is { Implicit: false } ? new Optional<TTo>(convert(command.GetRequiredValue(option))) : default;

    private Optional<T> Given<T>(ParseResult command, Setting setting, Func<string, T> convert) =>
        _settings.Given(command, setting) is { Length: > 0 } text ? new Optional<T>(convert(text)) : default;

    private static T ChoiceOf<T>(string option, string text)
        where T : struct, Enum =>
        Choices<T>.TryParse(text, out var choice) ? choice : throw new StartRefusedException($"{option}: must be one of: {Choices<T>.Names}.");

    private static int? LimitOf(Option<string> option, string text)
    {
        if (text == None)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : throw new StartRefusedException($"{option.Name}: must be a whole number, or {None}.");
    }
}
