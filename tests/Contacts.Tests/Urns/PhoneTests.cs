using Contacts.Urns;

namespace Contacts.Tests.Urns;

public sealed class PhoneTests
{
    [Theory]
    [InlineData("RW", "0788123555", "+250788123555")]
    [InlineData("rw", "0788123555", "+250788123555")]
    [InlineData("RW", "788123555", "+250788123555")]
    [InlineData("RW", "00250788123555", "+250788123555")]
    [InlineData("BR", "82999990000", "+5582999990000")]
    [InlineData("BR", "082999990000", "+5582999990000")]
    [InlineData("BR", "8233331122", "+558233331122")]
    [InlineData("BR", "99331122", null)]
    [InlineData("US", "2065551212", "+12065551212")]
    [InlineData("US", "12065551212", "+12065551212")]
    [InlineData("CA", "4165550100", "+14165550100")]
    [InlineData("MX", "5512345678", "+525512345678")]
    [InlineData("MX", "015512345678", "+525512345678")]
    [InlineData("AR", "01123456789", "+541123456789")]
    [InlineData("CO", "3001234567", "+573001234567")]
    [InlineData("CL", "912345678", "+56912345678")]
    [InlineData("PE", "987654321", "+51987654321")]
    [InlineData("GB", "07911123456", "+447911123456")]
    [InlineData("DE", "015112345678", "+4915112345678")]
    [InlineData("FR", "0612345678", "+33612345678")]
    [InlineData("IT", "0612345678", "+390612345678")]
    [InlineData("IT", "3471234567", "+393471234567")]
    [InlineData("ES", "612345678", "+34612345678")]
    [InlineData("PT", "912345678", "+351912345678")]
    [InlineData("HU", "06201234567", "+36201234567")]
    [InlineData("RU", "9161234567", "+79161234567")]
    [InlineData("RU", "89161234567", "+79161234567")]
    [InlineData("BY", "80291234567", "+375291234567")]
    [InlineData("IN", "09812345678", "+919812345678")]
    [InlineData("NG", "08031234567", "+2348031234567")]
    [InlineData("KE", "0712345678", "+254712345678")]
    [InlineData("ZA", "0821234567", "+27821234567")]
    [InlineData("CI", "0123456789", "+2250123456789")]
    [InlineData("AO", "923123456", "+244923123456")]
    [InlineData("MZ", "821234567", "+258821234567")]
    [InlineData("SG", "81234567", "+6581234567")]
    [InlineData("JP", "09012345678", "+819012345678")]
    [InlineData("NO", "4791234567", "+4791234567")]
    [InlineData("AU", "0412345678", "+61412345678")]
    [InlineData("RW", "123", null)]
    [InlineData("RW", "0", null)]
    [InlineData("RW", "", null)]
    [InlineData("RW", "078812x555", null)]
    [InlineData("RW", "000788123555", null)]
    [InlineData("RW", "00000000000000000000000000000000", null)]
    [InlineData(null, "0788123555", null)]
    [InlineData("", "0788123555", null)]
    [InlineData("R", "0788123555", null)]
    [InlineData("RWA", "0788123555", null)]
    [InlineData("ZZ", "0788123555", null)]
    [InlineData("1\0", "0788123555", null)]
    [InlineData("éé", "0788123555", null)]
    public void A_national_number_takes_its_countrys_code(string? country, string digits, string? expected) =>
        Phone.ToE164(digits, country).ShouldBe(expected);

    [Theory]
    [InlineData(null, "tel:0788123555")]
    [InlineData("ZZ", "tel:0788123555")]
    [InlineData("GB", "tel:+44788123555")]
    public void Without_a_known_country_a_national_number_stays(string? country, string expected)
    {
        Urn.TryNormalize("tel:0788123555", country, out var urn).ShouldBe(UrnFault.None);
        urn.Identity.ShouldBe(expected);
    }

    [Fact]
    public void Every_national_number_of_every_country_fits_E164()
    {
        var countries = 0;
        for (var index = 0; index < 26 * 26; index++)
        {
            var country = $"{(char)('A' + (index / 26))}{(char)('A' + (index % 26))}";
            var numbers = Enumerable.Range(1, 17).Select(length => Phone.ToE164(new string('5', length), country)).OfType<string>().ToList();
            numbers.ShouldAllBe(number => number.Length <= 16);
            countries += numbers.Count > 0 ? 1 : 0;
        }

        countries.ShouldBe(250);
    }

    [Theory]
    [InlineData("+55 (82) 99999-0000", true)]
    [InlineData("123", true)]
    [InlineData("", false)]
    [InlineData("+", false)]
    [InlineData("1+2", false)]
    [InlineData("12a", false)]
    [InlineData("12/34", false)]
    public void What_people_write_between_digits_is_a_phone_number(string text, bool expected) =>
        Phone.LooksLikePhone(text).ShouldBe(expected);
}
