using System.Globalization;
using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Console.Pages.Book;

/// <summary>What stands in the form of a contact: from the contact at first, then what was typed, and what is wrong with it.</summary>
internal sealed class ContactForm
{
    /// <summary>The most addresses that a list may name.</summary>
    public const int MaxUrns = Contact.MaxUrns;

    /// <summary>The name.</summary>
    public string Name { get; private init; } = string.Empty;

    /// <summary>The language.</summary>
    public string Language { get; private init; } = string.Empty;

    /// <summary>The addresses, one a line.</summary>
    public string Urns { get; private init; } = string.Empty;

    /// <summary>The ids of the groups that are ticked.</summary>
    public IReadOnlySet<string> Groups { get; private init; } = new HashSet<string>();

    /// <summary>The fields' values, by key.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; private init; } = new Dictionary<string, string>();

    /// <summary>The time of the contact's last change when the form was shown; null for a new one.</summary>
    public DateTime? SeenOn { get; set; }

    /// <summary>What is wrong, by input: <c>name</c>, <c>urns</c>, <c>groups</c>, <c>field-KEY</c>.</summary>
    public Dictionary<string, List<Reason>> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>The form of a contact.</summary>
    /// <param name="contact">The contact; null for a new one.</param>
    /// <param name="catalog">The workspace's fields.</param>
    public static ContactForm Of(Contact? contact, Catalog catalog) => contact is null ? new ContactForm() : new ContactForm
    {
        Name = contact.Name ?? string.Empty,
        Language = contact.Language ?? string.Empty,
        Urns = string.Join('\n', contact.Urns.Select(urn => urn.ToString())),
        Groups = contact.GroupIds.Select(id => id.ToString()).ToHashSet(),
        Fields = catalog.Fields.Where(field => contact.Fields[field.Id] is not null).ToDictionary(field => field.Key, field => contact.Fields[field.Id]!.Text),
        SeenOn = contact.ModifiedOn,
    };

    /// <summary>The form as it was sent.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="catalog">The workspace's fields.</param>
    public static ContactForm Of(IFormCollection sent, Catalog catalog) => new()
    {
        Name = TextOf(sent, "name"),
        Language = TextOf(sent, "language"),
        Urns = TextOf(sent, "urns"),
        Groups = sent["group"].OfType<string>().ToHashSet(),
        Fields = catalog.Fields.ToDictionary(field => field.Key, field => TextOf(sent, $"field-{field.Key}")),
        SeenOn = long.TryParse(sent["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : null,
    };

    /// <summary>The change that the form asks for, all its faults told.</summary>
    /// <param name="contact">The contact as it is; null for a new one.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="catalog">Its fields and groups.</param>
    /// <param name="now">The time, for dates without one.</param>
    public ContactChange Read(Contact? contact, Workspace workspace, Catalog catalog, DateTimeOffset now)
    {
        var name = Name.Trim();
        var language = Language.Trim();
        if (name.Length > 0)
            Add("name", ContactShape.OfName(name));
        if (language.Length > 0)
            Add("language", ContactShape.OfLanguage(language));
        return new ContactChange
        {
            Id = contact?.Id,
            SeenOn = contact is null ? null : SeenOn,
            Name = name.Length == 0 ? null : name,
            Language = language.Length == 0 ? null : language,
            Urns = contact is not null && workspace.IsAnonymous ? null : ReadUrns(workspace),
            TakesNothing = true,
            Groups = contact is { Status: not ContactStatus.Active } ? null : ReadGroups(catalog),
            Fields = ReadFields(contact, workspace, catalog, now),
        };
    }

    /// <summary>Tells what is wrong with an input; nothing for null.</summary>
    /// <param name="input">The input.</param>
    /// <param name="fault">The fault.</param>
    public void Add(string input, Reason? fault)
    {
        if (fault is null)
            return;
        if (!Faults.TryGetValue(input, out var faults))
            Faults[input] = faults = [];
        faults.Add(fault);
    }

    private List<Urn> ReadUrns(Workspace workspace)
    {
        var urns = new List<Urn>();
        foreach (var line in Urns.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Whoever types a bare number means a telephone, and not WhatsApp as programs do.
            var text = Phone.LooksLikePhone(line) ? $"tel:{ContactShape.PhoneOf(line, workspace.Country)}" : line;
            if (ContactShape.TryUrn(text, workspace.Country, out var urn, out var reason))
                urns.Add(urn);
            else
                Add("urns", reason with { Subject = line });
        }

        if (urns.Count > MaxUrns)
            Add("urns", new Reason("too_many", $"{MaxUrns} urns"));
        return urns;
    }

    private List<NamedGroup> ReadGroups(Catalog catalog)
    {
        var groups = new List<NamedGroup>();
        foreach (var text in Groups)
        {
            if (Guid.TryParse(text, out var id) && catalog.GroupById(id) is { } group)
            {
                if (!group.IsDynamic)
                    groups.Add(new NamedGroup(group, group.Name));
            }
            else
            {
                Add("groups", new Reason("group_unknown", text));
            }
        }

        return groups;
    }

    private Dictionary<Guid, FieldValue?> ReadFields(Contact? contact, Workspace workspace, Catalog catalog, DateTimeOffset now)
    {
        var values = new Dictionary<Guid, FieldValue?>();
        foreach (var field in catalog.Fields)
        {
            var text = Fields.GetValueOrDefault(field.Key, string.Empty);
            var before = contact?.Fields[field.Id];

            // A browser sends line breaks as CR and LF, whatever they were.
            if (text.ReplaceLineEndings("\n") == (before?.Text ?? string.Empty).ReplaceLineEndings("\n"))
                continue;
            var value = FieldValue.Read(text, workspace.Zone, workspace.DateStyle, now);
            Add($"field-{field.Key}", OfValue(field, text, value));
            values[field.Id] = value;
        }

        return values;
    }

    private static Reason? OfValue(Field field, string text, FieldValue? value) =>
        ContactShape.OfValue(text) is { } fault ? fault
        : value is null ? null
        : value.Text.Length < text.Length ? new Reason("value_long", $"{FieldValue.MaxTextLength}")
        : field.ValueType == FieldType.Numeric && value.Number is null ? new Reason("number_invalid", text)
        : field.ValueType == FieldType.Datetime && value.Time is null ? new Reason("time_invalid", text)
        : null;

    private static string TextOf(IFormCollection sent, string name) => sent[name].LastOrDefault() ?? string.Empty;
}
