using Contacts.Urns;

namespace Contacts.Tests.Urns;

public sealed class UrnValidateTests
{
    private const string Uuid = "c0ffee00-0000-4000-8000-00000000000a";

    [Theory]
    [InlineData("tel:+90987877", UrnFault.None)]
    [InlineData("tel:+250788123123", UrnFault.None)]
    [InlineData("tel:+123456789012345", UrnFault.None)]
    [InlineData("tel:123456789012345", UrnFault.None)]
    [InlineData("tel:+1234567", UrnFault.PhoneTooShort)]
    [InlineData("tel:+1", UrnFault.PhoneTooShort)]
    [InlineData("tel:+1234567890123456", UrnFault.PhoneTooLong)]
    [InlineData("tel:1234567890123456", UrnFault.PhoneTooLong)]
    [InlineData("tel:0788123555", UrnFault.Invalid)]
    [InlineData("tel:90987877", UrnFault.Invalid)]
    [InlineData("tel:7", UrnFault.Invalid)]
    [InlineData("tel:+1800FLOWERS", UrnFault.Invalid)]
    [InlineData("tel:1800FLOWERS", UrnFault.Invalid)]
    [InlineData("tel:+\u0662\u0665\u0660788123123", UrnFault.Invalid)]
    [InlineData("whatsapp:12345678", UrnFault.None)]
    [InlineData("whatsapp:123456789012345", UrnFault.None)]
    [InlineData("whatsapp:1234567", UrnFault.PhoneTooShort)]
    [InlineData("whatsapp:1234567890123456", UrnFault.PhoneTooLong)]
    [InlineData("whatsapp:+5582999990000", UrnFault.Invalid)]
    [InlineData("whatsapp:55 82 99999 0000", UrnFault.Invalid)]
    [InlineData("whatsapp:5582x", UrnFault.Invalid)]
    [InlineData("whatsapp:x", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:-1", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:\u0665", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:br.abc123", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:BR.", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:BR.ENT.", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:BR.abc.123", UrnFault.WhatsAppIdentifier)]
    [InlineData("whatsapp:BR.abc123", UrnFault.None)]
    [InlineData("whatsapp:BR.ENT.abc123", UrnFault.None)]
    [InlineData("5", UrnFault.PhoneTooShort)]
    [InlineData("1234567890123456", UrnFault.PhoneTooLong)]
    [InlineData("twitter:@BenH_1", UrnFault.None)]
    [InlineData("twitter:abcdefghijklmno", UrnFault.None)]
    [InlineData("twitter:abcdefghijklmnop", UrnFault.Invalid)]
    [InlineData("twitter:ben h", UrnFault.Invalid)]
    [InlineData("twitter:béh", UrnFault.Invalid)]
    [InlineData("twitterid:123", UrnFault.None)]
    [InlineData("twitterid:ben", UrnFault.Invalid)]
    [InlineData("telegram:123", UrnFault.None)]
    [InlineData("telegram:12a", UrnFault.Invalid)]
    [InlineData("instagram:123", UrnFault.None)]
    [InlineData("instagram:ben", UrnFault.Invalid)]
    [InlineData("discord:123", UrnFault.None)]
    [InlineData("discord:-1", UrnFault.Invalid)]
    [InlineData("facebook:123", UrnFault.None)]
    [InlineData("facebook:ref:abc 1", UrnFault.None)]
    [InlineData("facebook:ref:", UrnFault.Invalid)]
    [InlineData("facebook:ben", UrnFault.Invalid)]
    [InlineData("viber:aZ09_=", UrnFault.None)]
    [InlineData("viber:abcdefghijklmnopqrstuvwx", UrnFault.None)]
    [InlineData("viber:abcdefghijklmnopqrstuvwxy", UrnFault.Invalid)]
    [InlineData("viber:a+b", UrnFault.Invalid)]
    [InlineData("freshchat:" + Uuid + "/" + Uuid, UrnFault.None)]
    [InlineData("freshchat:" + Uuid, UrnFault.Invalid)]
    [InlineData("freshchat:" + Uuid + "-" + Uuid, UrnFault.Invalid)]
    [InlineData("freshchat:" + Uuid + "/" + Uuid + "0", UrnFault.Invalid)]
    [InlineData("freshchat:" + Uuid + "/c0ffee00-0000-4000-8000-00000000000x", UrnFault.Invalid)]
    [InlineData("line:x", UrnFault.None)]
    [InlineData("ext:\u200f", UrnFault.None)]
    [InlineData("ext:\u0007", UrnFault.None)]
    [InlineData("jiochat:a b", UrnFault.None)]
    [InlineData("wechat:x", UrnFault.None)]
    [InlineData("fcm:a:b", UrnFault.None)]
    [InlineData("vk:x", UrnFault.None)]
    [InlineData("rocketchat:x", UrnFault.None)]
    [InlineData("weniwebchat:x", UrnFault.None)]
    [InlineData("slack:x", UrnFault.None)]
    [InlineData("teams:x", UrnFault.None)]
    public void A_path_is_checked_by_its_scheme(string text, UrnFault expected)
    {
        Urn.TryNormalize(text, null, out var urn).ShouldBe(UrnFault.None);
        urn.Validate().ShouldBe(expected);
    }

    [Theory]
    [InlineData("ben@example.com", true)]
    [InlineData("Ben.H+news@Mail.Example.co.uk", true)]
    [InlineData("o'neil_{x}@example.com", true)]
    [InlineData("a@b.co", true)]
    [InlineData("a@1-2.co", true)]
    [InlineData("a@bücher.de", true)]
    [InlineData("ben@example", false)]
    [InlineData("ben@localhost", false)]
    [InlineData("ben", false)]
    [InlineData("@example.com", false)]
    [InlineData("ben@", false)]
    [InlineData("@", false)]
    [InlineData("ben@@example.com", false)]
    [InlineData("ben@example..com", false)]
    [InlineData("ben@.com", false)]
    [InlineData("ben@example.com.", false)]
    [InlineData("ben@-example.com", false)]
    [InlineData("ben@example-.com", false)]
    [InlineData("ben@example.c", false)]
    [InlineData("ben@exa mple.com", false)]
    [InlineData("be n@example.com", false)]
    [InlineData(".ben@example.com", false)]
    [InlineData("ben.@example.com", false)]
    [InlineData("be..n@example.com", false)]
    [InlineData("bén@example.com", false)]
    [InlineData("ben@exam\u200fple.com", false)]
    [InlineData("ben@example.com\nx", false)]
    public void A_mailto_path_is_an_email_address(string path, bool valid)
    {
        Urn.TryNormalize("mailto:" + path, null, out var urn).ShouldBe(UrnFault.None);
        urn.Validate().ShouldBe(valid ? UrnFault.None : UrnFault.Invalid);
    }

    [Theory]
    [InlineData(255, UrnFault.None)]
    [InlineData(256, UrnFault.TooLong)]
    public void An_identity_has_at_most_255_characters(int length, UrnFault expected)
    {
        Urn.TryNormalize("ext:" + new string('x', length - 4), null, out var urn).ShouldBe(UrnFault.None);
        urn.Validate().ShouldBe(expected);
    }

    [Theory]
    [InlineData(255, UrnFault.None)]
    [InlineData(256, UrnFault.TooLong)]
    public void A_display_has_at_most_255_characters(int length, UrnFault expected)
    {
        Urn.TryNormalize("ext:x#" + new string('x', length), null, out var urn).ShouldBe(UrnFault.None);
        urn.Validate().ShouldBe(expected);
    }

    [Theory]
    [InlineData("whatsapp:558299990000", "whatsapp:5582999990000")]
    [InlineData("whatsapp:5582999990000", "whatsapp:558299990000")]
    [InlineData("whatsapp:558299331122", "whatsapp:5582999331122")]
    [InlineData("whatsapp:551161234567", "whatsapp:5511961234567")]
    [InlineData("whatsapp:5511912345678", "whatsapp:551112345678")]
    [InlineData("whatsapp:5511871234567", null)]
    [InlineData("whatsapp:551131234567", null)]
    [InlineData("whatsapp:5511931234567", null)]
    [InlineData("whatsapp:550199990000", null)]
    [InlineData("whatsapp:551099990000", null)]
    [InlineData("whatsapp:55119999000", null)]
    [InlineData("whatsapp:55119999900000", null)]
    [InlineData("whatsapp:250788123123", null)]
    [InlineData("whatsapp:55x299990000", null)]
    [InlineData("whatsapp:+55829999000", null)]
    [InlineData("whatsapp:BR.abc123456", null)]
    [InlineData("tel:+558299990000", null)]
    [InlineData("ext:558299990000", null)]
    public void A_brazilian_mobile_number_has_another_form(string identity, string? other)
    {
        Urn.FromStored(identity, null).OtherBrazilianForm().ShouldBe(other);
        if (other is not null)
            Urn.FromStored(other, null).OtherBrazilianForm().ShouldBe(identity);
    }

    [Theory]
    [InlineData("tel:+5215512345678", "tel:+525512345678")]
    [InlineData("whatsapp:5215512345678", "whatsapp:525512345678")]
    [InlineData("tel:+5212221234567", "tel:+522221234567")]
    [InlineData("whatsapp:5219991234567", "whatsapp:529991234567")]
    [InlineData("tel:+521551234567", null)]
    [InlineData("tel:+52155123456789", null)]
    [InlineData("tel:+520512345678", null)]
    [InlineData("tel:+5210512345678", null)]
    [InlineData("tel:+5211512345678", null)]
    [InlineData("tel:+5225512345678", null)]
    [InlineData("tel:+52155123x5678", null)]
    [InlineData("tel:5215512345678", null)]
    [InlineData("tel:5512345678", null)]
    [InlineData("tel:+52", null)]
    [InlineData("tel:+521", null)]
    [InlineData("whatsapp:+5215512345678", null)]
    [InlineData("whatsapp:MX.abc123456", null)]
    [InlineData("whatsapp:5582999990000", null)]
    [InlineData("tel:+15215512345", null)]
    [InlineData("tel:+250788123123", null)]
    [InlineData("ext:5215512345678", null)]
    [InlineData("mailto:5215512345678@a.mx", null)]
    public void A_mexican_number_has_another_form(string identity, string? other)
    {
        Urn.FromStored(identity, null).OtherMexicanForm().ShouldBe(other);
        if (other is not null)
            Urn.FromStored(other, null).OtherMexicanForm().ShouldBe(identity);
    }

    [Fact]
    public void No_number_has_another_form_by_two_rules()
    {
        var random = new Random(1);
        for (var round = 0; round < 100_000; round++)
        {
            var digits = $"5{random.Next(10)}{random.NextInt64(10_000_000_000, 99_999_999_999)}"[..random.Next(10, 14)];
            foreach (var urn in new[] { Urn.FromStored($"tel:+{digits}", null), Urn.FromStored($"whatsapp:{digits}", null) })
                (urn.OtherBrazilianForm() is null || urn.OtherMexicanForm() is null).ShouldBeTrue(urn.Identity);
        }
    }
}
