using System.Text;
using Contacts.Core;

namespace Contacts.Tests.Core;

public sealed class ContactProfileTests
{
    private const string Full =
        """
        {"avatar":"https://x/y.png","notes":"n","source":"api","company":"c","address":"a","city":"ci","state":"s","postal_code":"p","country":"MX","external_ids":{"sap":"1"},"custom":{"k":{"a":[1,null]},"n":1.50}}
        """;

    [Fact]
    public void A_profile_is_written_as_it_was_read() => ContactProfile.Parse(Full.Trim()).ToJson().ShouldBe(Full.Trim());

    [Fact]
    public void Parts_that_are_not_known_are_kept() =>
        ContactProfile.Parse("""{"city":"x","later":{"a":1}}""").ToJson().ShouldBe("""{"city":"x","later":{"a":1}}""");

    [Fact]
    public void No_profile_is_one_shared_instance_and_allocates_nothing()
    {
        var column = Encoding.UTF8.GetBytes("{}");
        ContactProfile.Parse(column).ShouldBeSameAs(ContactProfile.Empty);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            ContactProfile.Parse(column).ToJson();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Gaps_are_filled_from_another_profile()
    {
        var own = ContactProfile.Parse("""{"city":"x","external_ids":{"sap":"2"},"custom":{"k":1},"later":{"a":1}}""");
        var filled = own.FilledFrom(ContactProfile.Parse(Full.Trim().Replace("\"country\":\"MX\"", "\"country\":\"MX\",\"later\":2,\"more\":3", StringComparison.Ordinal)));
        filled.ToJson().ShouldBe(
            """
            {"avatar":"https://x/y.png","notes":"n","source":"api","company":"c","address":"a","city":"x","state":"s","postal_code":"p","country":"MX","external_ids":{"sap":"2"},"custom":{"k":1,"n":1.50},"later":{"a":1},"more":3}
            """.Trim());
        ContactProfile.Empty.FilledFrom(filled).ToJson().ShouldBe(filled.ToJson());
        filled.FilledFrom(own).ShouldBeSameAs(filled);
        ContactProfile.Empty.FilledFrom(ContactProfile.Empty).ShouldBeSameAs(ContactProfile.Empty);
    }

    [Fact]
    public void A_change_that_changes_nothing_answers_the_same_instance()
    {
        var profile = ContactProfile.Parse(Full.Trim());
        new ProfileChange
        {
            City = "ci",
            ExternalIds = new Dictionary<string, string?> { ["sap"] = "1", ["none"] = null },
            CustomValues = new Dictionary<string, string?>(),
        }.Apply(profile).ShouldBeSameAs(profile);
    }

    [Fact]
    public void Values_are_merged_key_by_key_and_null_removes()
    {
        var before = ContactProfile.Parse("""{"custom":{"a":1,"b":2},"external_ids":{"x":"1"}}""");
        var after = new ProfileChange
        {
            CustomValues = new Dictionary<string, string?> { ["a"] = null, ["c"] = "3" },
            ExternalIds = new Optional<IReadOnlyDictionary<string, string?>?>(null),
        }.Apply(before);
        after.CustomValues.ShouldBe(new Dictionary<string, string> { ["b"] = "2", ["c"] = "3" }, ignoreOrder: true);
        after.ExternalIds.ShouldBeEmpty();
        before.CustomValues.Count.ShouldBe(2, "what an answer may hold is never changed");
    }
}
