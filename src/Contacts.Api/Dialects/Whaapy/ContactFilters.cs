using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>Reads what a list or a search is for: from a URL, or from the body of a search. What it does not know is left out.</summary>
/// <param name="workspace">The workspace.</param>
/// <param name="faults">Where faults are told.</param>
internal sealed class ContactFilters(Workspace workspace, List<ValidationFailure> faults)
{
    private static readonly Dictionary<string, ContactSort> Sorts = new(StringComparer.Ordinal)
    {
        ["created_at"] = ContactSort.Created,
        ["updated_at"] = ContactSort.Modified,
        ["name"] = ContactSort.Name,
        ["last_contact_at"] = ContactSort.LastSeen,
    };

    private static readonly string[] Orders = ["asc", "desc"];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Filter, string? Operator, string Json)> _applied = [];
    private readonly Dictionary<string, JsonReading?> _operations = new(StringComparer.Ordinal);
    private ContactSearch _search = new() { PageSize = CursorPages.DefaultSize };

    /// <summary>Reads the parameters of <c>GET contacts/v1</c>; of one that stands there twice the last counts, and a blank one is none.</summary>
    /// <param name="query">The parameters.</param>
    public ContactSearch Read(IQueryCollection query)
    {
        // As the body of a search says it, so that there is one place that reads.
        using var body = JsonSerializer.SerializeToDocument(query.ToDictionary(pair => pair.Key, pair => pair.Value.LastOrDefault(), StringComparer.Ordinal));
        var reading = new JsonReading(body.RootElement, faults);
        _search = _search with
        {
            AllTags = reading.Words("tags") is { Count: > 0 } tags ? tags : null,
            StageId = reading.Uuid("funnel_stage_id").Value,
            Source = reading.Text("source").Value,
        };
        if (reading.Text("search").Value is { } text)
            SearchText(text);
        ReadPage(reading, reading, "sort_by", "sort_order");
        return _search;
    }

    /// <summary>Reads the body of <c>POST contacts/v1/search</c>.</summary>
    /// <param name="body">The JSON object.</param>
    public ContactSearch Read(JsonElement body)
    {
        var reading = new JsonReading(body, faults);
        if (reading.Text("search").Value is { } text)
        {
            SearchText(text);
            _applied.Add(("search", null, JsonSerializer.Serialize(text, Relaxed)));
        }

        if (reading.Object("filters") is { } filters)
            ReadFilters(filters);
        ReadPage(reading, reading.Object("sort"), "field", "order");
        return _search;
    }

    /// <summary>Writes the filters that were understood, as they were sent.</summary>
    /// <param name="json">Where to.</param>
    public void WriteApplied(Utf8JsonWriter json)
    {
        json.WriteStartObject("filters_applied");
        foreach (var filter in _applied.GroupBy(applied => applied.Filter, StringComparer.Ordinal))
        {
            json.WritePropertyName(filter.Key);
            if (filter.First() is { Operator: null, Json: var whole })
            {
                json.WriteRawValue(whole);
                continue;
            }

            json.WriteStartObject();
            foreach (var applied in filter)
            {
                json.WritePropertyName(applied.Operator!);
                json.WriteRawValue(applied.Json);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>In an anonymous workspace nobody finds out whose address it is.</summary>
    private void SearchText(string text) => _search = workspace.IsAnonymous ? _search with { NameContains = text } : _search with { Text = text };

    private void ReadFilters(JsonReading filters)
    {
        foreach (var name in new[] { "phone_number", "email" })
        {
            if (workspace.IsAnonymous && filters.Value(name) is not null)
                filters.Fault(name, Texts.Anonymous);
        }

        Text(filters, "phone_number", "eq", text => ContactsController.PhoneOfUrl(text) is { } phone
            ? With(search => search with { NumberIs = [.. ContactNumbers.Forms(workspace, phone)] }) : Texts.Phone);
        Text(filters, "phone_number", "contains", text => text.Where(char.IsAsciiDigit).ToArray() is { Length: > 0 } digits
            ? With(search => search with { NumberContains = new string(digits) }) : Texts.Phone);
        Text(filters, "name", "eq", text => With(search => search with { NameIs = text }));
        Text(filters, "name", "contains", text => With(search => search with { NameContains = text }));
        Text(filters, "name", "starts_with", text => With(search => search with { NameStartsWith = text }));
        Text(filters, "email", "eq", text => Shapes.EmailOf(text) is { } email
            ? With(search => search with { EmailIs = email.Identity }) : Texts.Email);
        Text(filters, "email", "contains", text => With(search => search with { EmailContains = text }));
        Text(filters, "source", "eq", text => With(search => search with { Source = text }));
        Words(filters, "all", (search, words) => search with { AllTags = words });
        Words(filters, "any", (search, words) => search with { AnyTags = words });
        Time(filters, "last_contact_at", "before", (search, time) => search with { SeenBefore = time });
        Time(filters, "last_contact_at", "after", (search, time) => search with { SeenAfter = time });
        Time(filters, "created_at", "before", (search, time) => search with { CreatedBefore = time });
        Time(filters, "created_at", "after", (search, time) => search with { CreatedAfter = time });
        if (filters.Uuid("funnel_stage_id").Value is { } stage)
        {
            _search = _search with { StageId = stage };
            _applied.Add(("funnel_stage_id", null, $"\"{stage}\""));
        }
    }

    private void ReadPage(JsonReading reading, JsonReading? order, string field, string direction)
    {
        var sort = Choice(order, field, Sorts.Keys) is { } name ? Sorts[name] : ContactSort.Created;
        _search = _search with { Sort = sort, Ascending = Choice(order, direction, Orders) == "asc" };
        if (reading.Number("limit") is { } limit)
        {
            if (limit < 1)
                reading.Fault("limit", Texts.AtLeast(1));
            _search = _search with { PageSize = Math.Clamp(limit, 1, CursorPages.MaxSize) };
        }

        if (reading.Text("cursor").Value is not { } text)
            return;
        _search = _search with { From = CursorPages.Read(text, sort) };
        if (_search.From is null)
            reading.Fault("cursor", Texts.Cursor);
    }

    private static string? Choice(JsonReading? reading, string name, IReadOnlyCollection<string> choices)
    {
        if (reading?.Text(name).Value is not { } text)
            return null;
        if (choices.Contains(text))
            return text;
        reading.Fault(name, Texts.NotChoice(choices));
        return null;
    }

    /// <summary>A filter of a text; <paramref name="apply"/> answers what is wrong with it, or null.</summary>
    private void Text(JsonReading filters, string name, string operation, Func<string, string?> apply)
    {
        if (Operations(filters, name) is not { } operations || operations.Text(operation).Value is not { } text)
            return;
        if (apply(text) is { } fault)
            operations.Fault(operation, fault);
        _applied.Add((name, operation, JsonSerializer.Serialize(text, Relaxed)));
    }

    private void Words(JsonReading filters, string operation, Func<ContactSearch, IReadOnlyList<string>, ContactSearch> apply)
    {
        if (Operations(filters, "tags")?.Words(operation) is not { Count: > 0 } words)
            return;
        _search = apply(_search, words);
        _applied.Add(("tags", operation, JsonSerializer.Serialize(words, Relaxed)));
    }

    private void Time(JsonReading filters, string name, string operation, Func<ContactSearch, DateTime, ContactSearch> apply)
    {
        if (Operations(filters, name) is not { } operations || operations.Time(operation) is not { } time)
            return;
        _search = apply(_search, time);
        _applied.Add((name, operation, JsonSerializer.Serialize(operations.Text(operation).Value, Relaxed)));
    }

    /// <summary>The operations of a filter, read once, so that a fault of theirs is told once.</summary>
    private JsonReading? Operations(JsonReading filters, string name)
    {
        if (!_operations.TryGetValue(name, out var operations))
            _operations.Add(name, operations = filters.Object(name));
        return operations;
    }

    private string? With(Func<ContactSearch, ContactSearch> change)
    {
        _search = change(_search);
        return null;
    }
}
