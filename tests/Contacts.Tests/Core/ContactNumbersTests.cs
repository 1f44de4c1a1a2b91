using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Tests.Core;

public sealed class ContactNumbersTests
{
    private static readonly Workspace Brazil = new() { Id = Guid.CreateVersion7(), Name = "b", NameKey = "b", CreatedOn = DateTime.UtcNow };

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
