using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Console.Pages.Book;

/// <summary>What the list of contacts shows, as it stands in the page's address; the export takes the same.</summary>
internal sealed class ContactFilter
{
    /// <summary>The orders of the list, the usual one first.</summary>
    public static readonly IReadOnlyList<string> Orders = ["changed", "changed_first", "created", "created_first"];

    private const int FewestDigits = 5;
    private readonly IQueryCollection _query;

    /// <summary>A filter.</summary>
    /// <param name="query">The address's parameters.</param>
    public ContactFilter(IQueryCollection query) => _query = query;

    /// <summary>A name, an address or a number.</summary>
    public string Text => Given("q");

    /// <summary>The key of a field.</summary>
    public string Field => Given("field");

    /// <summary>What the field's value reads.</summary>
    public string Value => Given("value");

    /// <summary>The id of a group.</summary>
    public string Group => Given("group");

    /// <summary>A status.</summary>
    public string Status => Given("status");

    /// <summary>The order.</summary>
    public string Order => Orders.Contains(Given("order")) ? Given("order") : Orders[0];

    /// <summary>Whether anything is filtered.</summary>
    public bool IsGiven => Text.Length + Field.Length + Group.Length + Status.Length > 0;

    /// <summary>The query.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="catalog">Its fields and groups.</param>
    /// <returns>The query; null when nothing can match, because what is named is not there.</returns>
    public ContactQuery? Read(Workspace workspace, Catalog catalog)
    {
        var query = new ContactQuery { Order = Order.StartsWith("created", StringComparison.Ordinal) ? ContactOrder.Created : ContactOrder.Modified, OldestFirst = Order.EndsWith("_first", StringComparison.Ordinal) };
        if (Text.Length > 0)
            query = Search(query, workspace);
        if (Field.Length > 0)
        {
            if (catalog.FieldByKey(Field) is not { } field)
                return null;
            query = query with { FieldId = field.Id, FieldText = Value.Length > 0 ? Value : null };
        }

        if (Group.Length > 0)
        {
            if (!Guid.TryParse(Group, out var id) || catalog.GroupById(id) is not { } group)
                return null;
            query = query with { GroupId = group.Id };
        }

        if (Status.Length == 0)
            return query;
        return Choices<ContactStatus>.TryParse(Status, out var status) ? query with { Status = status } : null;
    }

    /// <summary>The address of a page with this filter.</summary>
    /// <param name="path">The page.</param>
    /// <param name="more">Further parameters; those without a value are left out.</param>
    public string UrlOf(string path, params (string Name, string? Value)[] more)
    {
        (string Name, string? Value)[] own = [("q", Text), ("field", Field), ("value", Value), ("group", Group), ("status", Status), ("order", Order == Orders[0] ? null : Order)];
        return PathOf(path, [.. own, .. more]);
    }

    /// <summary>A path with parameters.</summary>
    /// <param name="path">The path.</param>
    /// <param name="parameters">The parameters; those without a value are left out.</param>
    public static string PathOf(string path, params (string Name, string? Value)[] parameters)
    {
        var pairs = parameters.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}").ToList();
        return pairs.Count == 0 ? path : $"{path}?{string.Join('&', pairs)}";
    }

    /// <summary>What a text may name: an id, an address, a number in any of its forms; else a part of a name. Hidden addresses are not searched.</summary>
    private ContactQuery Search(ContactQuery query, Workspace workspace)
    {
        if (Guid.TryParse(Text, out var id))
            return query with { Id = id };
        if (workspace.IsAnonymous)
            return query with { NameContains = Text };
        if (Text.Contains(':', StringComparison.Ordinal) && Urn.TryNormalize(Text, workspace.Country, out var urn) == UrnFault.None)
            return query with { Identities = [.. ContactNumbers.Forms(workspace, urn)] };
        if (Phone.LooksLikePhone(Text) && Text.Count(char.IsAsciiDigit) >= FewestDigits)
            return query with { Identities = [.. NumbersOf(workspace)] };
        if (Text.Contains('@', StringComparison.Ordinal) && Urn.TryNormalize($"mailto:{Text}", null, out var mail) == UrnFault.None && mail.Validate() == UrnFault.None)
            return query with { Identities = [mail.Identity] };
        return query with { NameContains = Text };
    }

    private HashSet<string> NumbersOf(Workspace workspace)
    {
        var digits = string.Concat(Text.Where(char.IsAsciiDigit));
        var identities = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in new[] { $"tel:{ContactShape.PhoneOf(Text, workspace.Country)}", $"tel:{Text}", $"tel:+{digits}" })
        {
            if (Urn.TryNormalize(text, workspace.Country, out var urn) == UrnFault.None)
                identities.UnionWith(ContactNumbers.Forms(workspace, urn));
        }

        return identities;
    }

    private string Given(string name) => (_query[name].LastOrDefault() ?? string.Empty).Trim().Replace("\0", string.Empty, StringComparison.Ordinal);
}
