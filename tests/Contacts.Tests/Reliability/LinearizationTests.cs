namespace Contacts.Tests.Reliability;

/// <summary>The checker itself: histories that can be, and histories that must be refused.</summary>
public sealed class LinearizationTests
{
    private const string Uuid = "u1";

    [Fact]
    public void Calls_one_after_the_other_are_explained() => ShouldBePossible(
        Write(1, 2, "Ana", 201),
        Read(3, 4, Ana()),
        new ContactCall(CallKind.Join, 5, 6) { Groups = 2, Status = 204 },
        Read(7, 8, Ana() with { Groups = 2 }),
        new ContactCall(CallKind.Delete, 9, 10) { Status = 204 },
        Read(11, 12, null),
        new ContactCall(CallKind.Update, 13, 14) { Uuid = Uuid, Name = "Ben", Status = 400 });

    [Fact]
    public void Overlapping_calls_may_have_happened_in_either_order()
    {
        ShouldBePossible(Write(1, 2, "Ana", 201), Write(3, 8, "Ben", 200), Write(4, 7, "Eva", 200), Read(9, 10, Ana() with { Name = "Ben" }));
        ShouldBePossible(Write(1, 2, "Ana", 201), Write(3, 8, "Ben", 200), Write(4, 7, "Eva", 200), Read(9, 10, Ana() with { Name = "Eva" }));
    }

    [Fact]
    public void A_lost_update_is_refused() => ShouldBeImpossible(Write(1, 2, "Ana", 201), Write(3, 4, "Ben", 200), Read(5, 6, Ana()));

    [Fact]
    public void A_stale_read_after_a_fresh_one_is_refused() => ShouldBeImpossible(
        Write(1, 2, "Ana", 201), Write(3, 10, "Ben", 200), Read(4, 5, Ana() with { Name = "Ben" }), Read(6, 7, Ana()));

    [Fact]
    public void A_half_seen_write_is_refused() => ShouldBeImpossible(
        Write(1, 2, "Ana", 201),
        Write(3, 10, "Ben", 200) with { Field = "2", Answer = Ana() with { Name = "Ben", Field = "2" } },
        Read(4, 5, Ana() with { Field = "2" }));

    [Fact]
    public void A_second_contact_for_one_address_is_refused() => ShouldBeImpossible(Write(1, 4, "Ana", 201), Write(2, 3, "Ana", 201));

    [Fact]
    public void A_call_without_an_answer_may_have_happened_at_any_later_time_or_never()
    {
        var unknown = new ContactCall(CallKind.Upsert, 3, long.MaxValue) { Name = "Ben" };
        ShouldBePossible(Write(1, 2, "Ana", 201), unknown, Read(5, 6, Ana()), Read(7, 8, Ana() with { Name = "Ben" }));
        ShouldBePossible(Write(1, 2, "Ana", 201), unknown, Read(5, 6, Ana()));
        ShouldBeImpossible(Write(1, 2, "Ana", 201), unknown, Read(5, 6, Ana() with { Name = "Ben" }), Read(7, 8, Ana()));
        ShouldBeImpossible(Write(1, 2, "Ana", 201), Read(2, 3, Ana() with { Name = "Ben" }), unknown with { Started = 4 });
    }

    [Fact]
    public void A_creation_without_an_answer_gets_its_uuid_from_who_sees_it_first()
    {
        var unknown = new ContactCall(CallKind.Create, 1, long.MaxValue) { Name = "Ana" };
        ShouldBePossible(unknown, Read(2, 3, Ana()), Read(4, 5, Ana()));
        ShouldBeImpossible(unknown, Read(2, 3, Ana()), Read(4, 5, Ana() with { Uuid = "u2" }));
    }

    [Fact]
    public void Many_calls_at_once_are_decided_quickly()
    {
        var writes = Enumerable.Range(0, 60).Select(number => Write(number, number + 8, $"Name {number}", number == 0 ? 201 : 200)).ToList();
        Linearization.Exists(writes).ShouldBeTrue();
        Linearization.Exists([.. writes, Read(100, 101, Ana())]).ShouldBeFalse();
    }

    private static Seen Ana() => new(Uuid, "Ana", null, 0);

    private static ContactCall Write(long started, long ended, string name, int status) =>
        new(CallKind.Upsert, started, ended) { Name = name, Status = status, Answer = Ana() with { Name = name } };

    private static ContactCall Read(long started, long ended, Seen? seen) => new(CallKind.Read, started, ended) { Status = 200, Answer = seen };

    private static void ShouldBePossible(params ContactCall[] calls) => Linearization.Exists(calls).ShouldBeTrue();

    private static void ShouldBeImpossible(params ContactCall[] calls) => Linearization.Exists(calls).ShouldBeFalse();
}
