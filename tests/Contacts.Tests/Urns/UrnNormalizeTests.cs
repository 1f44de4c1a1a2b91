using Contacts.Urns;

namespace Contacts.Tests.Urns;

public sealed class UrnNormalizeTests
{
    [Theory]
    [InlineData("tel:+250788123123", "tel:+250788123123")]
    [InlineData("tel: 250788123123", "tel:+250788123123")]
    [InlineData("tel:250788123123", "tel:+250788123123")]
    [InlineData("  tel:+250788123123\t", "tel:+250788123123")]
    [InlineData("tel:+250 788-123.123", "tel:+250788123123")]
    [InlineData("tel:(+250) 788 123 123", "tel:+250788123123")]
    [InlineData("tel:++250788123123", "tel:+250788123123")]
    [InlineData("tel:+250+788123123", "tel:+250788123123")]
    [InlineData("tel:\u200e+250788123123\u200f", "tel:+250788123123")]
    [InlineData("tel:\u202a+55 82 9933-1122\u202c", "tel:+558299331122")]
    [InlineData("tel:0788123555", "tel:+250788123555")]
    [InlineData("tel:788123555", "tel:+250788123555")]
    [InlineData("tel:00250788123555", "tel:+250788123555")]
    [InlineData("tel:00551199990000", "tel:+551199990000")]
    [InlineData("tel:+90987877", "tel:+90987877")]
    [InlineData("tel:90987877", "tel:90987877")]
    [InlineData("tel:12345678901", "tel:+12345678901")]
    [InlineData("tel:1234567890", "tel:1234567890")]
    [InlineData("tel:01234567890123456789", "tel:01234567890123456789")]
    [InlineData("tel:1800FLOWERS", "tel:1800FLOWERS")]
    [InlineData("tel:+1-800-FLOWERS", "tel:+1800FLOWERS")]
    [InlineData("tel:7", "tel:7")]
    [InlineData("tel:+250788123123?x=y", "tel:+250788123123")]
    [InlineData("tel:+250788123123?x#y", "tel:+250788123123#y")]
    [InlineData("tel:+250788123123#Ben", "tel:+250788123123#Ben")]
    [InlineData("tel:+250788123123# Ben H ", "tel:+250788123123#Ben H")]
    [InlineData("tel:+250788123123#", "tel:+250788123123")]
    [InlineData("tel:+250788123123#a?b#c", "tel:+250788123123#a?b#c")]
    [InlineData("mailto:Ben@Example.COM", "mailto:ben@example.com")]
    [InlineData("mailto:ben@example.com?subject=Hi", "mailto:ben@example.com")]
    [InlineData("mailto:ÁNA@example.com", "mailto:ána@example.com")]
    [InlineData("twitter:@BenH", "twitter:benh")]
    [InlineData("twitter:Ben_H", "twitter:ben_h")]
    [InlineData("twitterid:12345#BenH", "twitterid:12345#BenH")]
    [InlineData("whatsapp:5582999990000", "whatsapp:5582999990000")]
    [InlineData("whatsapp: 5582999990000 ", "whatsapp:5582999990000")]
    [InlineData("whatsapp:+5582999990000", "whatsapp:+5582999990000")]
    [InlineData("whatsapp:BR.abc123", "whatsapp:BR.abc123")]
    [InlineData("viber:aBc=", "viber:aBc=")]
    [InlineData("fcm:abc:DEF-1", "fcm:abc:DEF-1")]
    [InlineData("ext:  spaced out  ", "ext:spaced out")]
    [InlineData("ext:a\u0001b", "ext:a\u0001b")]
    [InlineData("ext:\u0645\u0631\u062d\u0628\u0627", "ext:\u0645\u0631\u062d\u0628\u0627")]
    [InlineData("slack:U0\ud83d\ude00", "slack:U0\ud83d\ude00")]
    [InlineData("teams:19:meeting@thread.v2", "teams:19:meeting@thread.v2")]
    public void A_urn_has_one_normal_form(string text, string expected)
    {
        Urn.TryNormalize(text, "RW", out var urn).ShouldBe(UrnFault.None);
        urn.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("5582999990000", "whatsapp:5582999990000")]
    [InlineData("+55 82 99999-0000", "whatsapp:5582999990000")]
    [InlineData(" (55) 82.99999.0000 ", "whatsapp:5582999990000")]
    [InlineData("\u202a+55\u00a082\u201399999\u20110000\u202c", "whatsapp:5582999990000")]
    [InlineData("0788123555", "whatsapp:0788123555")]
    [InlineData("5", "whatsapp:5")]
    [InlineData("5582999990000?x#Ana", "whatsapp:5582999990000#Ana")]
    [InlineData("5582999990000#a:b", "whatsapp:5582999990000#a:b")]
    public void A_bare_phone_number_is_a_whatsapp_number(string text, string expected)
    {
        Urn.TryNormalize(text, "RW", out var urn).ShouldBe(UrnFault.None);
        urn.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\r\n\t\u00a0")]
    [InlineData("#")]
    [InlineData("?")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData("#:")]
    [InlineData("#tel:+250788123123")]
    [InlineData("?tel:+250788123123")]
    [InlineData("+")]
    [InlineData("++5582999990000")]
    [InlineData("55+82999990000")]
    [InlineData("-")]
    [InlineData("()")]
    [InlineData("\u200f")]
    [InlineData("xyz")]
    [InlineData("x:y")]
    [InlineData("55829999x0000")]
    [InlineData("\u0665\u0665\u0668\u0662\u0669\u0669\u0669\u0669\u0660\u0660\u0660\u0660")]
    [InlineData("tel")]
    [InlineData("tel:")]
    [InlineData("tel: ")]
    [InlineData("tel:+")]
    [InlineData("tel:---")]
    [InlineData("tel:#Ben")]
    [InlineData("tel:?x")]
    [InlineData("tel :+250788123123")]
    [InlineData("TEL:+250788123123")]
    [InlineData("Tel:+250788123123")]
    [InlineData("tels:+250788123123")]
    [InlineData(":+250788123123")]
    [InlineData("twitter:@")]
    [InlineData("ext:\0")]
    [InlineData("ext:a\0b")]
    [InlineData("tel:+250788\0123123")]
    [InlineData("tel:+250788123123#\0")]
    [InlineData("br.abc123")]
    [InlineData("BR.")]
    [InlineData("BR.ab-c")]
    [InlineData("BRA.abc")]
    public void What_is_no_urn_is_unusable(string text)
    {
        Urn.TryNormalize(text, "RW", out var urn).ShouldBe(UrnFault.Unusable);
        urn.ShouldBe(default);
    }

    [Theory]
    [InlineData("BR.abc123")]
    [InlineData(" BR.abc123 ")]
    [InlineData("BR.ENT.abc123")]
    [InlineData("US.1")]
    [InlineData("BR.abc123#Ana")]
    public void A_bare_business_scoped_id_is_told_apart(string text) =>
        Urn.TryNormalize(text, null, out _).ShouldBe(UrnFault.BareBusinessScopedId);

    [Fact]
    public void Half_a_surrogate_pair_is_unusable()
    {
        // Not as inline data: an attribute's text is stored as UTF-8, which has no lone surrogates.
        string[] texts = ["ext:\ud83d", "ext:\ude00", "ext:\ude00\ud83d", "ext:\ud83d\ud83d\ude00", "ext:a#\ud83d", "\ud83d", "\ud83d:a"];
        foreach (var text in texts)
            Urn.TryNormalize(text, "RW", out _).ShouldBe(UrnFault.Unusable);
    }

    [Theory]
    [InlineData("tel:", '7', UrnFault.None)]
    [InlineData("tel:+", '7', UrnFault.None)]
    [InlineData("tel:", '(', UrnFault.Unusable)]
    [InlineData("tel:", '#', UrnFault.Unusable)]
    [InlineData("ext:", 'x', UrnFault.None)]
    [InlineData("mailto:", '@', UrnFault.None)]
    [InlineData("twitter:", '@', UrnFault.Unusable)]
    [InlineData("viber:", '\0', UrnFault.Unusable)]
    [InlineData("", '7', UrnFault.None)]
    [InlineData("", ':', UrnFault.Unusable)]
    [InlineData("", ' ', UrnFault.Unusable)]
    [InlineData("BR.", 'a', UrnFault.BareBusinessScopedId)]
    public void A_megabyte_is_read_and_is_too_long(string head, char filling, UrnFault expected)
    {
        Urn.TryNormalize(head + new string(filling, 1_000_000), "RW", out var urn).ShouldBe(expected);
        if (expected == UrnFault.None)
            urn.Validate().ShouldBe(UrnFault.TooLong);
    }

    [Theory]
    [InlineData("tel:+250788123123#Ben")]
    [InlineData("tel:0788123555")]
    [InlineData("tel:1800FLOWERS")]
    [InlineData("mailto:Ben@Example.com")]
    [InlineData("twitter:@@Ben")]
    [InlineData("0788123555")]
    [InlineData("ext:a b")]
    public void Normalising_twice_changes_nothing_more(string text)
    {
        Urn.TryNormalize(text, "RW", out var once).ShouldBe(UrnFault.None);
        Urn.TryNormalize(once.ToString(), "RW", out var twice).ShouldBe(UrnFault.None);
        twice.ShouldBe(once);
    }

    [Fact]
    public void A_urn_in_its_normal_form_is_not_copied()
    {
        var text = new string("tel:+250788123123");
        Urn.TryNormalize(text, "RW", out var urn).ShouldBe(UrnFault.None);
        urn.Identity.ShouldBeSameAs(text);
    }

    [Fact]
    public void A_urn_has_scheme_path_and_display()
    {
        Urn.TryNormalize("twitter:@Ben?x#Ben H", null, out var urn).ShouldBe(UrnFault.None);
        (urn.Scheme, urn.Path, urn.Display, urn.Identity).ShouldBe(("twitter", "ben", "Ben H", "twitter:ben"));
    }

    [Fact]
    public void A_stored_urn_comes_back_as_it_was()
    {
        var urn = Urn.FromStored("fcm:a:b", "Ana");
        (urn.Scheme, urn.Path, urn.Display, urn.Identity).ShouldBe(("fcm", "a:b", "Ana", "fcm:a:b"));
        Urn.FromStored("old:path", null).Scheme.ShouldBe("old");
        Should.Throw<ArgumentException>(() => Urn.FromStored("nothing", null));
    }

    [Fact]
    public void The_default_urn_is_empty_and_invalid()
    {
        Urn urn = default;
        (urn.Scheme, urn.Path, urn.Identity, urn.ToString(), urn.OtherBrazilianForm()).ShouldBe(("", "", "", "", null));
        urn.Validate().ShouldBe(UrnFault.Invalid);
    }

    [Fact]
    public void The_schemes_stand_in_the_contracts_order()
    {
        const string Expected = "tel facebook instagram twitter twitterid viber line telegram mailto ext jiochat wechat fcm whatsapp freshchat vk "
            + "rocketchat discord weniwebchat slack teams";
        string.Join(' ', UrnSchemes.Names).ShouldBe(Expected);
        UrnSchemes.Names.ShouldAllBe(name => UrnSchemes.Find(name)!.Name == name);
        UrnSchemes.Find("TEL").ShouldBeNull();
    }
}
