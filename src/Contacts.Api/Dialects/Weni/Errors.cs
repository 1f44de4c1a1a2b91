using System.Globalization;
using System.Text.Json;
using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using FluentValidation.Results;
using Microsoft.AspNetCore.WebUtilities;

namespace Contacts.Dialects.Weni;

/// <summary>The only place that turns refusals and faults into statuses and bodies. The texts are the contract's, to the letter.</summary>
internal static class Errors
{
    /// <summary>The attribute that faults of the request as a whole stand under.</summary>
    public const string Whole = "non_field_errors";

    private const string InternalError = "Internal server error.";
    private const string Unavailable = "Service unavailable, try again in a moment.";

    /// <summary>There is no such object.</summary>
    public static JsonAnswer NotFound { get; } = Detail(StatusCodes.Status404NotFound, "Not found.");

    /// <summary>A refusal of the call as such: <c>{"detail":"…"}</c>.</summary>
    /// <param name="status">The status.</param>
    /// <param name="detail">The text.</param>
    /// <param name="retryAfter">After how many seconds to try again, or null.</param>
    public static JsonAnswer Detail(int status, string detail, int? retryAfter = null) => new(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("detail", detail);
        json.WriteEndObject();
    })
    {
        RetryAfter = retryAfter,
    };

    /// <summary>The token made as many calls within the hour as it may.</summary>
    /// <param name="wait">The time after which the next call passes.</param>
    public static JsonAnswer Throttled(TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"Request was throttled. Expected available in {seconds} second{(seconds == 1 ? string.Empty : "s")}.");
        return Detail(StatusCodes.Status429TooManyRequests, text, seconds);
    }

    /// <summary>A status as the API would answer it: for faults on request.</summary>
    /// <param name="status">The status.</param>
    /// <param name="wait">After what time to try again, or null.</param>
    public static JsonAnswer OfStatus(int status, TimeSpan? wait) => status switch
    {
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status429TooManyRequests => Throttled(wait ?? TimeSpan.FromSeconds(1)),
        StatusCodes.Status500InternalServerError => Detail(status, InternalError),
        StatusCodes.Status503ServiceUnavailable => Detail(status, Unavailable),
        _ => Detail(status, ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } reason ? $"{reason}." : "Error."),
    };

    /// <summary>The refusal of a write by a workspace that may only read, or null when it may write.</summary>
    /// <param name="standing">The workspace's standing.</param>
    public static JsonAnswer? OfStanding(Standing standing) => standing == Standing.Good
        ? null
        : Invalid($"Sorry, your workspace is currently {standing.ToString().ToLowerInvariant()}. "
            + "To re-enable starting flows and sending messages, please contact support.");

    /// <summary>All faults of a body, by attribute, and by index or key within it.</summary>
    /// <param name="faults">The faults; the property path <c>urns[1]</c> stands for <c>{"urns":{"1":[…]}}</c>.</param>
    public static JsonAnswer Invalid(IEnumerable<ValidationFailure> faults)
    {
        var byAttribute = faults.GroupBy(fault => PathOf(fault).Attribute, StringComparer.Ordinal)
            .OrderBy(attribute => Array.IndexOf(Attributes, attribute.Key)).ToList();
        return new JsonAnswer(StatusCodes.Status400BadRequest, json =>
        {
            json.WriteStartObject();
            foreach (var attribute in byAttribute)
            {
                json.WritePropertyName(attribute.Key);
                WriteFaults(json, [.. attribute]);
            }

            json.WriteEndObject();
        });
    }

    /// <summary>One fault of the request as a whole.</summary>
    /// <param name="text">The text.</param>
    public static JsonAnswer Invalid(string text) => Invalid([new ValidationFailure(Whole, text)]);

    /// <summary>A refusal of the book.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="kind">What the call is about, in the plural.</param>
    public static JsonAnswer Of(Refusal refusal, string kind) => refusal switch
    {
        Refusal.NotFound => NotFound,
        Refusal.ContactDeleted => Invalid("Inactive contacts can't be modified."),
        Refusal.ContactNotActive => Invalid([new ValidationFailure("groups", Texts.NotActive)]),
        Refusal.UrnTaken(var identity, _) => Invalid([new ValidationFailure("urns", Texts.UrnTaken(identity))]),
        Refusal.UrnInvalid(var text, var fault) => Invalid(Texts.Of(fault, text)),
        Refusal.GroupUnknown(var reference) =>
            Invalid([new ValidationFailure(kind == Endpoints.Campaigns.Name ? "group" : "groups", Texts.NoSuchObject(reference))]),
        Refusal.NotUnique(UniqueAttribute.Label) => Invalid([new ValidationFailure("label", Texts.NotUnique)]),
        Refusal.NotUnique => Invalid([new ValidationFailure("name", Texts.NotUnique)]),
        Refusal.KeyInvalid(var key) => Invalid([new ValidationFailure("label", $"Generated key \"{key}\" is invalid or a reserved name.")]),
        Refusal.KeyTaken(var key) => Invalid([new ValidationFailure("label", $"Generated key \"{key}\" conflicts with an existing contact field.")]),
        Refusal.LimitReached(var count, var limit) => Invalid(
            $"This org has {count} {(kind == Endpoints.Fields.Name ? "contact fields" : kind)} and the limit is {limit}. "
            + "You must delete existing ones before you can create new ones."),
        Refusal.GroupInUse(var used, var users) => Detail(
            StatusCodes.Status400BadRequest,
            $"Group is being used by the following {used.ToString().ToLowerInvariant()}s which must be archived first: "
            + string.Join(", ", users.Select(user => used == AutomationKind.Trigger ? $"{user.Number}" : $"{user.Id}"))),
        Refusal.Failed(var error) when error.IsForAMoment() => Detail(StatusCodes.Status503ServiceUnavailable, Unavailable),
        Refusal.Failed => Detail(StatusCodes.Status500InternalServerError, InternalError),
        _ => throw new InvalidOperationException($"No answer is known for {refusal}."),
    };

    /// <summary>The order in which clients read attributes, whichever fault was found first.</summary>
    private static readonly string[] Attributes = ["name", "language", "urns", "groups", "fields", "label", "value_type", "group", "contacts", "action", "uuid", "urn"];

    private static void WriteFaults(Utf8JsonWriter json, List<ValidationFailure> faults)
    {
        var whole = faults.Where(fault => PathOf(fault).Item is null).ToList();
        if (whole.Count > 0)
        {
            WriteTexts(json, whole);
            return;
        }

        json.WriteStartObject();
        foreach (var item in faults.GroupBy(fault => PathOf(fault).Item!, StringComparer.Ordinal).OrderBy(item => IndexOf(item.Key)))
        {
            json.WritePropertyName(item.Key);
            WriteTexts(json, item);
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, IEnumerable<ValidationFailure> faults)
    {
        json.WriteStartArray();
        foreach (var fault in faults)
            json.WriteStringValue(fault.ErrorMessage);
        json.WriteEndArray();
    }

    private static int IndexOf(string item) => int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0;

    private static (string Attribute, string? Item) PathOf(ValidationFailure fault)
    {
        var path = fault.PropertyName;
        var bracket = path.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? (path, null) : (path[..bracket], path[(bracket + 1)..^1]);
    }
}
