using System.Text.Json;
using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>Reads the body of <c>POST</c> and <c>PATCH user-webhooks</c>.</summary>
/// <example><code>{"name":"CRM","url":"https://example.com/hooks","events":["contact.created"]}</code></example>
internal static class WebhookWrite
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="isNew">Whether a webhook is made: only then must there be a URL and events. Without a name it is called by its host.</param>
    /// <param name="validator">The shape of a webhook.</param>
    /// <param name="faults">Where all faults are told.</param>
    public static WebhookChanges Read(JsonElement body, bool isNew, IValidator<WebhookChanges> validator, List<ValidationFailure> faults)
    {
        var reading = new JsonReading(body, faults);
        var (name, url) = (reading.Text("name"), reading.Text("url"));
        var changes = new WebhookChanges
        {
            Name = name.Value is { } text ? text : isNew && url.Value is { } target ? HostOf(target) : default(Optional<string>),
            Url = url.Value is { } given ? given : default(Optional<string>),
            Events = EventsOf(reading, faults),
            IsActive = FlagOf(reading, "is_active", faults),
        };
        foreach (var fault in validator.Validate(changes).Errors)
            faults.Add(new ValidationFailure(fault.PropertyName, fault.PropertyName == "name" ? Texts.TooLong(Webhook.MaxNameLength) : fault.ErrorMessage));
        if (isNew && !changes.Url.IsGiven && !faults.Exists(fault => fault.PropertyName == "url"))
            faults.Add(new ValidationFailure("url", Texts.Required));
        if (isNew && !changes.Events.IsGiven && !faults.Exists(fault => fault.PropertyName == "events"))
            faults.Add(new ValidationFailure("events", Texts.Required));
        return changes;
    }

    private static Optional<IReadOnlyList<string>> EventsOf(JsonReading reading, List<ValidationFailure> faults)
    {
        if (reading.Words("events") is not { } words)
            return default;
        var names = new List<string>(words.Count);
        foreach (var word in words)
        {
            if (word == Webhook.AllEvents)
                names.Add(word);
            else if (WebhookBodies.KindOf(word) is { } kind)
                names.Add(Choices<EventKind>.NameOf(kind));
        }

        if (names.Count == words.Count && names.Count > 0)
            return new Optional<IReadOnlyList<string>>(names);
        faults.Add(new ValidationFailure("events", Texts.NotChoice([Webhook.AllEvents, .. WebhookBodies.Subscribable])));
        return default;
    }

    private static Optional<bool> FlagOf(JsonReading reading, string name, List<ValidationFailure> faults)
    {
        if (reading.Value(name) is not { } value)
            return default;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        faults.Add(new ValidationFailure(name, Texts.NotBoolean));
        return default;
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length is > 0 and <= Webhook.MaxNameLength ? uri.Host : "webhook";
}
