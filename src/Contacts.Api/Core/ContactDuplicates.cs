using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Core;

/// <summary>One number that several contacts hold, in its longer and in its shorter form.</summary>
/// <param name="Urns">The forms that are held, as identities of URNs, the longer first.</param>
/// <param name="Contacts">Who holds them, the oldest first.</param>
public sealed record DuplicateNumber(IReadOnlyList<string> Urns, IReadOnlyList<Contact> Contacts);

/// <summary>A part of the report.</summary>
/// <param name="Items">The numbers, in the order of their longer forms.</param>
/// <param name="Next">The URN after which the following part begins, or null at the end.</param>
public sealed record DuplicatePage(IReadOnlyList<DuplicateNumber> Items, string? Next);

/// <summary>
/// Tells which numbers came into the book in two forms before the workspace took them for one, or by a list of URNs, which is taken as it is. Walks the
/// numbers of the longer form along the key of URNs and looks each one's other forms up by it: nothing is sorted, and no other workspace is read.
/// </summary>
/// <param name="watch">Opens connections.</param>
public sealed class ContactDuplicates(DatabaseWatch watch)
{
    /// <summary>How many numbers are looked at for one page, whatever is found: the page may be short, or empty.</summary>
    public const int MaxLooked = 50_000;

    private const int Chunk = 1000;

    private const string Numbers =
        "SELECT identity FROM contact_urns WHERE workspace_id = $1 AND identity > $2 AND identity < $3 ORDER BY identity LIMIT $4";

    private const string Holders = "SELECT identity, contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($2)";

    private const string Living = $"{ContactRow.Select} WHERE workspace_id = $1 AND deleted_on IS NULL AND id = ANY ($2)";

    /// <summary>A page of the report.</summary>
    /// <param name="workspace">The workspace; its settings say which numbers have two forms.</param>
    /// <param name="after">Where the page begins: the last one's <see cref="DuplicatePage.Next"/>, or null.</param>
    /// <param name="size">The most numbers of the page.</param>
    /// <param name="cancellation">Stops the report.</param>
    public async Task<DuplicatePage> ListAsync(Workspace workspace, string? after, int size, CancellationToken cancellation)
    {
        var found = new List<Held>();
        await using var connection = await watch.OpenEngineAsync(cancellation);
        for (var looked = 0; looked < MaxLooked;)
        {
            var numbers = await ReadNextAsync(connection, workspace, after, cancellation);
            if (numbers.Count == 0)
                return await PageAsync(connection, workspace, found, null, cancellation);
            looked += numbers.Count;
            foreach (var number in await ReadHeldAsync(connection, workspace, numbers, cancellation))
            {
                found.Add(number);
                if (found.Count == size)
                    return await PageAsync(connection, workspace, found, number.Place, cancellation);
            }

            after = numbers[^1];
        }

        return await PageAsync(connection, workspace, found, after, cancellation);
    }

    /// <summary>The identities that follow a place, of the first range that has any.</summary>
    private static async Task<List<string>> ReadNextAsync(NpgsqlConnection connection, Workspace workspace, string? after, CancellationToken cancellation)
    {
        var ranges = ContactNumbers.LongForms(workspace).SkipWhile(range => after?.StartsWith(range, StringComparison.Ordinal) == false);
        foreach (var range in ranges)
        {
            var isWithin = after?.StartsWith(range, StringComparison.Ordinal) == true;
            var numbers = await ReadRangeAsync(connection, workspace, isWithin ? after! : range, End(range), cancellation);
            if (numbers.Count > 0)
                return numbers;
        }

        return [];
    }

    private static async Task<List<string>> ReadRangeAsync(
        NpgsqlConnection connection, Workspace workspace, string after, string end, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Numbers, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = end });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Chunk });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var numbers = new List<string>();
        while (await rows.ReadAsync(cancellation))
            numbers.Add(rows.GetString(0));
        return numbers;
    }

    /// <summary>Those of some numbers that two contacts hold in two forms.</summary>
    private static async Task<List<Held>> ReadHeldAsync(
        NpgsqlConnection connection, Workspace workspace, List<string> numbers, CancellationToken cancellation)
    {
        var forms = new List<(string Number, NumberForms Forms)>();
        foreach (var number in numbers)
        {
            if (ContactNumbers.TwoForms(workspace, Urn.FromStored(number, null)) is { } both)
                forms.Add((number, both));
        }

        var holders = await ReadHoldersAsync(connection, workspace, [.. forms.SelectMany(form => form.Forms.Long.Concat(form.Forms.Short))], cancellation);
        var held = new List<Held>();
        foreach (var (number, both) in forms)
        {
            // A number whose longer form is there on both channels is told of once.
            if (both.Long.FirstOrDefault(identity => IsTwice(identity, both, holders)) == number)
                held.Add(new Held(number, [.. both.Long.Concat(both.Short).Where(holders.ContainsKey)], holders));
        }

        return held;
    }

    private static bool IsTwice(string identity, NumberForms forms, Dictionary<string, Guid> holders) =>
        holders.TryGetValue(identity, out var holder) && forms.Short.Any(other => holders.TryGetValue(other, out var second) && second != holder);

    private static async Task<Dictionary<string, Guid>> ReadHoldersAsync(
        NpgsqlConnection connection, Workspace workspace, string[] identities, CancellationToken cancellation)
    {
        var holders = new Dictionary<string, Guid>(StringComparer.Ordinal);
        if (identities.Length == 0)
            return holders;
        await using var command = new NpgsqlCommand(Holders, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = identities });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            holders[rows.GetString(0)] = rows.GetGuid(1);
        return holders;
    }

    /// <summary>Whoever was merged or deleted meanwhile is left out, and a number that is one contact's by now.</summary>
    private static async Task<DuplicatePage> PageAsync(
        NpgsqlConnection connection, Workspace workspace, List<Held> found, string? next, CancellationToken cancellation)
    {
        if (found.Count == 0)
            return new DuplicatePage([], next);
        var living = await ReadContactsAsync(connection, workspace, [.. found.SelectMany(number => number.ContactIds).Distinct()], cancellation);
        var items = found.ConvertAll(number => new DuplicateNumber(
            number.Identities,
            [.. number.ContactIds.Distinct().Where(living.ContainsKey).Select(id => living[id]).OrderBy(contact => contact.CreatedOn).ThenBy(contact => contact.Id)]));
        return new DuplicatePage(items.FindAll(item => item.Contacts.Count > 1), next);
    }

    private static async Task<Dictionary<Guid, Contact>> ReadContactsAsync(
        NpgsqlConnection connection, Workspace workspace, Guid[] ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Living, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = workspace.Id });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var living = new Dictionary<Guid, Contact>(ids.Length);
        while (await rows.ReadAsync(cancellation))
        {
            var contact = ContactRow.Read(rows, workspace.Id);
            living[contact.Id] = contact;
        }

        return living;
    }

    private static string End(string range) => range[..^1] + (char)(range[^1] + 1);

    private sealed record Held(string Place, IReadOnlyList<string> Identities, Dictionary<string, Guid> Holders)
    {
        public IEnumerable<Guid> ContactIds => Identities.Select(identity => Holders[identity]);
    }
}
