using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Npgsql;

namespace Contacts.Tests.Reliability;

/// <summary>Holds the book, and what was told of it, against the ledger, when nobody writes.</summary>
/// <param name="house">The installation.</param>
/// <param name="ledger">The answers.</param>
internal sealed class LedgerCheck(House house, Ledger ledger)
{
    // Transactions of others, also those whose server is gone.
    private const string Unfinished =
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
        """;

    private readonly HashSet<string> _delivered = new(StringComparer.Ordinal);

    /// <summary>How many events were compared.</summary>
    public int Events { get; private set; }

    /// <summary>How many open calls turned out to be in the book, and not to be in it.</summary>
    public (int In, int Out) Open { get; private set; }

    /// <summary>Looks at everything.</summary>
    /// <param name="fault">What came before.</param>
    public async Task RunAsync(Fault fault)
    {
        await using var connection = await house.ConnectAsync();
        await Eventually.BecomesTrueAsync(() => IsNoneAsync(connection, Unfinished), "transactions that the fault left end");
        var book = await Book.ReadAsync(house.Clients[0]);
        CompareOwn(book, fault);
        CompareShared(book);
        book.Contacts.Keys.Except(ledger.Lines.Where(line => line.Sure is not null).Select(line => line.Urn)).Except(ledger.Shared.Keys)
            .ShouldBe(["ext:probe"], $"{fault.Name}: nobody else made any");
        book.Contacts.Values.Where(contact => contact.Name == LedgerWriter.Refused).ShouldBeEmpty($"{fault.Name}: what was refused is kept");
        foreach (var (group, count) in book.Counts)
            count.ShouldBe(book.Contacts.Values.Count(contact => contact.Groups.Contains(group)), $"{fault.Name}: the count of {group}");
        await BookChecks.ShouldBeConsistentAsync(connection);
        await Eventually.BecomesTrueAsync(() => IsNoneAsync(connection, "SELECT count(*) FROM webhook_outbox"), "everything is told");
        CompareEvents(book, fault);
    }

    private static async Task<bool> IsNoneAsync(NpgsqlConnection connection, string count)
    {
        await using var command = new NpgsqlCommand(count, connection);
        return (long)(await command.ExecuteScalarAsync())! == 0;
    }

    private void CompareOwn(Book book, Fault fault)
    {
        foreach (var line in ledger.Lines)
        {
            var contact = book.Contacts.GetValueOrDefault(line.Urn);
            var face = contact?.FaceOf(line.Urn);
            var state = $"{fault.Name}: {line.Urn} is {contact} of {string.Join(' ', contact?.Groups ?? [])}, sure {line.Sure}, maybe {(line.IsOpen ? line.Maybe : "not")}";
            (contact is null || face is not null).ShouldBeTrue("half a write: " + state);
            if (fault.ServesOrRefuses && line.IsUnanswered)
                face.ShouldBe(line.Sure, "served without an answer: " + state);
            if (line.IsOpen && line.Sure != line.Maybe)
                Open = face == line.Maybe ? (Open.In + 1, Open.Out) : (Open.In, Open.Out + 1);
            line.Settle(face).ShouldBeTrue("lost, or kept though refused: " + state);
            if (contact is null)
                continue;
            (line.Uuid ??= contact.Uuid).ShouldBe(contact.Uuid, state);
        }
    }

    private void CompareShared(Book book)
    {
        foreach (var (urn, writes) in ledger.Shared)
        {
            var name = book.Contacts.GetValueOrDefault(urn)?.Name;
            if (name is null && writes.All(write => write.Ended is null))
                continue;
            var last = writes.SingleOrDefault(write => write.Name == name).ShouldNotBeNull($"{urn} is called {name}");
            if (last.Ended is { } ended)
                writes.Where(write => write.Ended is not null && write.Started > ended).ShouldBeEmpty($"{urn} is called {name}, and these came later");
            ledger.Settle(urn, last);
        }
    }

    /// <summary>Each contact's events are those of its writes, in order, once.</summary>
    private void CompareEvents(Book book, Fault fault)
    {
        var events = new Dictionary<string, List<Told>>(StringComparer.Ordinal);
        foreach (var received in house.Receiver.Take().Where(received => _delivered.Add(received.DeliveryId)))
        {
            Events++;
            if (!events.TryGetValue(received.ContactId, out var told))
                events.Add(received.ContactId, told = []);
            told.Add(new Told(received.Event, received.Event == "contact.deleted" ? null : received.Data("name")));
        }

        foreach (var line in ledger.Lines.ToList())
        {
            var told = line.Uuid is null ? [] : events.GetValueOrDefault(line.Uuid) ?? [];
            told.ShouldBe(line.Events, $"{fault.Name}: what was told of {line.Urn} {line.Uuid}");
            if (line.Uuid is not null)
                events.Remove(line.Uuid);
            line.Events.Clear();
            if (line.Sure is null)
                ledger.Close(line);
        }

        foreach (var urn in ledger.Shared.Keys.Where(book.Contacts.ContainsKey))
        {
            var contact = book.Contacts[urn];
            if (events.Remove(contact.Uuid, out var told))
                told[^1].Name.ShouldBe(contact.Name, $"{fault.Name}: the last that was told of {urn}");
        }

        events.Remove(book.Contacts["ext:probe"].Uuid);
        events.ShouldBeEmpty($"{fault.Name}: contacts that the book does not know");
    }
}
