using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation;

namespace Contacts.Webhooks;

/// <summary>What a webhook is to be, or what is to change of one: what is absent stays.</summary>
public sealed record WebhookChanges
{
    /// <summary>What people call it.</summary>
    public Optional<string> Name { get; init; }

    /// <summary>Where events are sent.</summary>
    public Optional<string> Url { get; init; }

    /// <summary>The kinds of events by their names in snake case, or <see cref="Webhook.AllEvents"/>.</summary>
    public Optional<IReadOnlyList<string>> Events { get; init; }

    /// <summary>Whether it is on. Switching it on forgets the failures before; what waited goes out.</summary>
    public Optional<bool> IsActive { get; init; }

    /// <summary>How the dialect's signature is written.</summary>
    public Optional<SignatureEncoding> SignatureEncoding { get; init; }

    /// <summary>Whether the dialect's signature begins with <c>sha256=</c>.</summary>
    public Optional<bool> SignatureHasPrefix { get; init; }

    /// <summary>Puts the changes, which are of a valid shape, into a webhook.</summary>
    /// <param name="webhook">The webhook.</param>
    public void Apply(Webhook webhook)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        webhook.Name = Name.Or(webhook.Name);
        webhook.Url = Url.Or(webhook.Url);
        if (Events.IsGiven)
            webhook.Events = Events.Value.Contains(Webhook.AllEvents) ? [Webhook.AllEvents] : [.. Events.Value.Distinct()];
        webhook.SignatureEncoding = SignatureEncoding.Or(webhook.SignatureEncoding);
        webhook.SignatureHasPrefix = SignatureHasPrefix.Or(webhook.SignatureHasPrefix);
        if (IsActive is { IsGiven: true, Value: true } && !webhook.IsActive)
            (webhook.Failures, webhook.OffReason) = (0, null);
        webhook.IsActive = IsActive.Or(webhook.IsActive);
    }
}

/// <summary>The shape of a webhook, told by the names of its attributes in snake case.</summary>
public sealed class WebhookChangesValidator : AbstractValidator<WebhookChanges>
{
    /// <summary>The names of the events that can be subscribed to.</summary>
    public static readonly IReadOnlyList<string> EventNames =
        [.. Enum.GetValues<EventKind>().Where(kind => kind != EventKind.Test).Select(Choices<EventKind>.NameOf)];

    /// <summary>The rules.</summary>
    public WebhookChangesValidator()
    {
        RuleFor(changes => changes.Name).Must(name => !name.IsGiven || IsName(name.Value))
            .WithMessage($"Must have 1 to {Webhook.MaxNameLength} characters, none of them a control character.").OverridePropertyName("name");
        RuleFor(changes => changes.Events).Must(events => !events.IsGiven || (events.Value.Count > 0 && events.Value.All(IsEvent)))
            .WithMessage($"Must have at least one of: {Webhook.AllEvents}, {string.Join(", ", EventNames)}.").OverridePropertyName("events");
    }

    private static bool IsName(string text) => text.Length is > 0 and <= Webhook.MaxNameLength && StorableText.Is(text) && !text.Any(char.IsControl);

    private static bool IsEvent(string name) => name == Webhook.AllEvents || EventNames.Contains(name);
}
