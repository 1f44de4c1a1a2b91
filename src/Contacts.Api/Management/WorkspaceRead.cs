using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Management;

/// <summary>A workspace and its settings.</summary>
/// <param name="Uuid">The workspace's id.</param>
/// <param name="Name">The name, unique on this installation in any case.</param>
/// <param name="Country">ISO 3166-1 alpha-2; national phone numbers are read with it.</param>
/// <param name="Timezone">The IANA time zone that times without an offset are in.</param>
/// <param name="DateStyle">How dates in local forms are read.</param>
/// <param name="Profile">Whose answers it gives: <c>weni</c> or <c>rapidpro</c>.</param>
/// <param name="Languages">ISO 639-3, the primary one first.</param>
/// <param name="VerifyNinthDigit">Whether Brazilian WhatsApp numbers are one person's with and without the ninth digit.</param>
/// <param name="MexicanPrefix">Whether Mexican numbers are one person's with and without the 1 after the country's code.</param>
/// <param name="Anonymous">Whether addresses are hidden from readers.</param>
/// <param name="Standing">Whether it may write: a suspended or flagged workspace reads only.</param>
/// <param name="HourlyLimit">Requests an hour for each token and scope; null for any number.</param>
/// <param name="MinuteLimit">Requests a minute for each token and scope of the Whaapy API; null for any number.</param>
/// <param name="FieldLimit">How many fields there may be.</param>
/// <param name="GroupLimit">How many groups there may be.</param>
/// <param name="AllowsPrivateTargets">Whether webhooks may go to private, loopback and link-local addresses.</param>
/// <param name="Recording">Which calls are recorded.</param>
/// <param name="RecordedCalls">How many recorded calls are kept, about.</param>
/// <param name="RecordedDays">For how many days they are kept.</param>
/// <param name="RecordedMegabytes">How many megabytes of them are kept, about.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
public sealed record WorkspaceRead(
    Guid Uuid,
    string Name,
    string? Country,
    string Timezone,
    DateStyle DateStyle,
    string Profile,
    IReadOnlyList<string> Languages,
    bool VerifyNinthDigit,
    bool MexicanPrefix,
    bool Anonymous,
    Standing Standing,
    int? HourlyLimit,
    int? MinuteLimit,
    int FieldLimit,
    int GroupLimit,
    bool AllowsPrivateTargets,
    Recording Recording,
    int RecordedCalls,
    int RecordedDays,
    int RecordedMegabytes,
    DateTime CreatedOn)
{
    /// <summary>A workspace as callers see it.</summary>
    /// <param name="workspace">The workspace.</param>
    public static WorkspaceRead Of(Workspace workspace) => new(
        workspace.Id,
        workspace.Name,
        workspace.Country,
        workspace.Timezone,
        workspace.DateStyle,
        workspace.Profile,
        workspace.Languages,
        workspace.VerifyNinthDigit,
        workspace.MexicanPrefix,
        workspace.IsAnonymous,
        workspace.Standing,
        workspace.HourlyLimit,
        workspace.MinuteLimit,
        workspace.FieldLimit,
        workspace.GroupLimit,
        workspace.AllowsPrivateTargets,
        workspace.Recording,
        workspace.RecordedCalls,
        workspace.RecordedDays,
        workspace.RecordedMegabytes,
        workspace.CreatedOn);
}
