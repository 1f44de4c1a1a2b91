using System.Globalization;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>A customer as the model knows it; the CRM's own number is a URN (<c>ext:…</c>) that never changes.</summary>
internal sealed record Customer
{
    public required string Key { get; init; }

    public string? Name { get; set; }

    public string? Language { get; set; }

    /// <summary>The phone, which may be renumbered.</summary>
    public string? Phone { get; set; }

    public string? Plan { get; set; }

    public string? Orders { get; set; }

    public bool IsBlocked { get; set; }

    public SortedSet<string> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Everything that the API tells of it but uuid and times, in one line that a failure can show.</summary>
    public override string ToString() => Line(
        Name, Language, Phone is null ? [Key] : [Key, Phone], Groups, Plan, Orders, IsBlocked);

    /// <summary>The same line of what the API answered.</summary>
    public static string LineOf(JsonNode contact) => Line(
        contact["name"]?.ToString(),
        contact["language"]?.ToString(),
        contact["urns"]!.AsArray().Select(urn => urn!.ToString()),
        contact["groups"]!.AsArray().Select(group => group!["name"]!.ToString()).Order(StringComparer.Ordinal),
        contact["fields"]!["plan"]?.ToString(),
        contact["fields"]!["orders"]?.ToString(),
        (bool)contact["blocked"]!);

    private static string Line(
        string? name, string? language, IEnumerable<string> urns, IEnumerable<string> groups, string? plan, string? orders, bool isBlocked) =>
        $"{string.Join(' ', urns)} | {name ?? "-"} | {language ?? "-"} | {string.Join(',', groups)} | {plan ?? "-"} | {orders ?? "-"} | {isBlocked}";
}

/// <summary>What a CRM sends in a session, and the model that follows it.</summary>
internal sealed class CrmSession(WeniClient client, Random random)
{
    /// <summary>The groups that customers are put into.</summary>
    public static readonly string[] Groups = ["Leads", "Buyers", "VIP", "Newsletter"];

    private static readonly string[] Languages = ["por", "eng", "spa"];
    private static readonly string[] Plans = ["free", "basic", "pro"];

    private readonly Dictionary<string, Customer> _book = new(StringComparer.Ordinal);
    private int _phones;

    /// <summary>The customers that the book should hold.</summary>
    public IReadOnlyDictionary<string, Customer> Book => _book;

    /// <summary>How many calls were made.</summary>
    public int Calls { get; private set; }

    /// <summary>Goes through all customers several times, each time in another order, and every tenth call is sent twice.</summary>
    public async Task TakeAsync(int customers, int rounds)
    {
        var keys = Enumerable.Range(1, customers).Select(number => $"ext:crm-{number}").ToArray();
        for (var round = 0; round < rounds; round++)
        {
            random.Shuffle(keys);
            foreach (var key in keys)
                await SendAsync(key);
        }
    }

    private async Task SendAsync(string key)
    {
        // Out of order: an update, a tag or a deletion may be the first that the book hears of a customer.
        var (call, times) = (random.Next(100), random.Next(10) == 0 ? 2 : 1);
        var (choice, number) = (random.Next(1000), ++_phones);
        for (var time = 0; time < times; time++)
        {
            Calls++;
            await (call switch
            {
                < 35 => UpsertAsync(key, choice),
                < 50 => RenumberAsync(key, number),
                < 65 => TagAsync(key, choice),
                < 75 => RegroupAsync(key, choice),
                < 83 => ActAsync(key, "add", Groups[choice % Groups.Length]),
                < 89 => ActAsync(key, "remove", Groups[choice % Groups.Length]),
                < 92 => ActAsync(key, "block", null),
                < 94 => ActAsync(key, "unblock", null),
                _ => DeleteAsync(key),
            });
        }
    }

    /// <summary>The customer's record as a whole, by the CRM's number: made when the book has none.</summary>
    private async Task UpsertAsync(string key, int choice)
    {
        var (name, language) = ($"Customer {choice}", choice % 5 == 0 ? null : Languages[choice % Languages.Length]);
        var reply = await client.PostAsync($"contacts.json?urn={key}", new { name, language });
        var customer = Known(key, reply);
        (customer.Name, customer.Language) = (name, language);
    }

    /// <summary>A new phone number. One in five takes over the number of somebody else, as telephone companies give numbers out again.</summary>
    private async Task RenumberAsync(string key, int number)
    {
        var others = _book.Values.Where(other => other.Phone is not null && other.Key != key).Select(other => other.Phone!).Order(StringComparer.Ordinal).ToList();
        var phone = number % 5 == 0 && others.Count > 0
            ? others[number % others.Count]
            : "tel:+55829" + (90000000 + number).ToString(CultureInfo.InvariantCulture);
        if (!_book.TryGetValue(key, out var customer))
        {
            await UpsertAsync(key, number);
            customer = _book[key];
        }

        var uuid = await UuidAsync(key);
        var reply = await client.PostAsync($"contacts.json?uuid={uuid}", new { urns = new[] { key, phone } });
        reply.Status.ShouldBe(200, reply.Body);
        foreach (var loser in _book.Values.Where(other => other.Phone == phone))
            loser.Phone = null;
        customer.Phone = phone;
    }

    /// <summary>Values of fields; what is not named stays.</summary>
    private async Task TagAsync(string key, int choice)
    {
        var fields = choice % 2 == 0
            ? new Dictionary<string, string?>(StringComparer.Ordinal) { ["plan"] = choice % 7 == 0 ? null : Plans[choice % Plans.Length] }
            : new Dictionary<string, string?>(StringComparer.Ordinal) { ["orders"] = choice.ToString(CultureInfo.InvariantCulture) + ".50" };
        var customer = Known(key, await client.PostAsync($"contacts.json?urn={key}", new { fields }));
        if (fields.TryGetValue("plan", out var plan))
            customer.Plan = plan;
        else
            customer.Orders = choice.ToString(CultureInfo.InvariantCulture) + ".5";
    }

    /// <summary>All the groups at once; refused for who is blocked.</summary>
    private async Task RegroupAsync(string key, int choice)
    {
        var groups = Groups.Where((_, place) => (choice >> place) % 2 == 1).ToArray();
        var reply = await client.PostAsync($"contacts.json?urn={key}", new { groups });
        if (groups.Length > 0 && _book.TryGetValue(key, out var known) && known.IsBlocked)
        {
            reply.ShouldBeRefused("groups", "Non-active contacts can't be added to groups");
            return;
        }

        var customer = Known(key, reply);
        customer.Groups.Clear();
        customer.Groups.UnionWith(groups);
    }

    private async Task ActAsync(string key, string action, string? group)
    {
        var reply = group is null
            ? await client.PostAsync("contact_actions.json", new { contacts = new[] { key }, action })
            : await client.PostAsync("contact_actions.json", new { contacts = new[] { key }, action, group });
        if (!_book.TryGetValue(key, out var customer))
        {
            reply.ShouldBeRefused("contacts", $"No such object: {key}");
            return;
        }

        if (action == "add" && customer.IsBlocked)
        {
            reply.Status.ShouldBe(400, reply.Body);
            return;
        }

        reply.Status.ShouldBe(204, reply.Body);
        Apply(customer, action, group);
    }

    private static void Apply(Customer customer, string action, string? group)
    {
        if (action == "add")
            customer.Groups.Add(group!);
        else if (action == "remove")
            customer.Groups.Remove(group!);
        else
            customer.IsBlocked = action == "block";
        if (customer.IsBlocked)
            customer.Groups.Clear();
    }

    private async Task DeleteAsync(string key)
    {
        var reply = await client.DeleteAsync($"contacts.json?urn={key}");
        reply.Status.ShouldBe(_book.Remove(key) ? 204 : 404, reply.Body);
    }

    /// <summary>The model's customer after an upsert, which says rightly whether it made one.</summary>
    private Customer Known(string key, WeniReply reply)
    {
        var isKnown = _book.TryGetValue(key, out var customer);
        reply.Status.ShouldBe(isKnown ? 200 : 201, reply.Body);
        return customer ?? (_book[key] = new Customer { Key = key });
    }

    private async Task<string> UuidAsync(string key) =>
        (await client.GetAsync($"contacts.json?urn={key}")).Results.ShouldHaveSingleItem()!["uuid"]!.ToString();
}
