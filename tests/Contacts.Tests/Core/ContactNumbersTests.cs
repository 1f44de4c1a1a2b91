using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Tests.Core;

public sealed class ContactNumbersTests
{
    private static readonly Workspace Brazil = new() { Id = Guid.CreateVersion7(), Name = "b", NameKey = "b", CreatedOn = DateTime.UtcNow };
    private static readonly Workspace Mexico = new() { Id = Guid.CreateVersion7(), Name = "m", NameKey = "m", CreatedOn = DateTime.UtcNow, MexicanPrefix = true };

    [Theory]
    [InlineData("tel:+5215512345678", "tel:+5215512345678 whatsapp:5215512345678")]
    [InlineData("whatsapp:5215512345678", "whatsapp:5215512345678 tel:+5215512345678")]
    [InlineData("tel:+5582999330011", "tel:+5582999330011 whatsapp:5582999330011 whatsapp:558299330011 tel:+558299330011")]
    [InlineData("whatsapp:BR.abc", "whatsapp:BR.abc")]
    [InlineData("mailto:a@b.mx", "mailto:a@b.mx")]
    [InlineData("ext:5215512345678", "ext:5215512345678")]
    public void A_number_has_these_identities(string urn, string forms) =>
        ContactNumbers.Forms(Brazil, Urn.FromStored(urn)).ShouldBe(forms.Split(' '), ignoreOrder: true);

    [Theory]
    [InlineData("tel:+5215512345678")]
    [InlineData("whatsapp:525512345678")]
    public void A_mexican_number_has_four_where_both_forms_are_one(string urn)
    {
        var forms = ContactNumbers.Forms(Mexico, Urn.FromStored(urn));
        forms.ShouldBe(["tel:+5215512345678", "tel:+525512345678", "whatsapp:5215512345678", "whatsapp:525512345678"], ignoreOrder: true);
        ContactNumbers.Pairs(Mexico, Urn.FromStored(urn)).Distinct().ShouldBe(["tel:+5215512345678", "whatsapp:5215512345678"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("tel:+5215512345678")]
    [InlineData("whatsapp:5215512345678")]
    [InlineData("tel:+5582999330011")]
    [InlineData("whatsapp:5582999330011")]
    public void The_longer_form_leads_to_the_shorter_one_on_both_channels(string urn)
    {
        var forms = ContactNumbers.TwoForms(Mexico, Urn.FromStored(urn)).ShouldNotBeNull();
        forms.Long.ShouldContain(urn);
        forms.Long.Count.ShouldBe(2);
        forms.Short.Count.ShouldBe(2);
        forms.Long.ShouldAllBe(identity => ContactNumbers.LongForms(Mexico).Any(start => identity.StartsWith(start, StringComparison.Ordinal)));
        foreach (var identity in forms.Short)
            ContactNumbers.TwoForms(Mexico, Urn.FromStored(identity)).ShouldBeNull();
    }

    [Theory]
    [InlineData("tel:+250788123123")]
    [InlineData("whatsapp:551131234567")]
    [InlineData("whatsapp:BR.5521")]
    [InlineData("ext:5215512345678")]
    public void A_number_with_one_form_leads_nowhere(string urn) => ContactNumbers.TwoForms(Mexico, Urn.FromStored(urn)).ShouldBeNull();

    [Theory]
    [InlineData("ext:1 tel:+1 tel:+2", "tel", "tel:+3", "ext:1 tel:+3 tel:+2")]
    [InlineData("tel:+1 ext:1 tel:+2", "tel", "tel:+2", "tel:+2 ext:1")]
    [InlineData("tel:+1 ext:1", "tel", "tel:+1", "tel:+1 ext:1")]
    [InlineData("whatsapp:1 ext:1", "tel", "tel:+2", "whatsapp:1 ext:1 tel:+2")]
    [InlineData("whatsapp:1 ext:1", "tel", "tel:+1", "whatsapp:1 ext:1")]
    [InlineData("whatsapp:2 whatsapp:1", "tel", "tel:+1", "whatsapp:2 whatsapp:1 tel:+1")]
    [InlineData("tel:+2 whatsapp:1", "tel", "tel:+1", "tel:+1 whatsapp:1")]
    [InlineData("mailto:a@b.mx ext:1 mailto:c@b.mx", "mailto", "", "ext:1")]
    [InlineData("ext:1", "mailto", "", "ext:1")]
    public void A_replacement_leaves_the_others_in_their_order(string urns, string scheme, string urn, string result)
    {
        IReadOnlyList<Urn> before = [.. urns.Split(' ').Select(Urn.FromStored)];
        var after = ContactNumbers.Replace(before, new UrnReplacement(scheme, urn.Length == 0 ? null : Urn.FromStored(urn)));
        string.Join(' ', after).ShouldBe(result);
        if (urns == result)
            after.ShouldBeSameAs(before);
    }
}
