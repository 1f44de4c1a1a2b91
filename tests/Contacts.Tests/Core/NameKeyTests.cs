using Contacts.Core;

namespace Contacts.Tests.Core;

/// <summary>Names are one name in any case, in any script.</summary>
public sealed class NameKeyTests
{
    [Theory]
    [InlineData("Reporters", "rePORTERS")]
    [InlineData("AÇÃO", "ação")]
    [InlineData("ÑANDÚ", "ñandú")]
    [InlineData("ГРУППА", "группа")]
    public void Two_spellings_are_one_name(string one, string other) => NameKey.Of(one).ShouldBe(NameKey.Of(other));

    [Theory]
    [InlineData("Jose", "José")]
    [InlineData("ß", "ss")]
    [InlineData("ı", "i")]
    public void Two_names_are_two(string one, string other) => NameKey.Of(one).ShouldNotBe(NameKey.Of(other));
}
