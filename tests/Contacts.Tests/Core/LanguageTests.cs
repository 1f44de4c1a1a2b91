using Contacts.Core;

namespace Contacts.Tests.Core;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("eng", true)]
    [InlineData("ENG", true)]
    [InlineData("Por", true)]
    [InlineData("spa", true)]
    [InlineData("kin", true)]
    [InlineData("aaa", true)]
    [InlineData("zza", true)]
    [InlineData("und", true)]
    [InlineData("xyz", false)]
    [InlineData("zzz", false)]
    [InlineData("en", false)]
    [InlineData("engl", false)]
    [InlineData("", false)]
    [InlineData("e1g", false)]
    [InlineData("én ", false)]
    [InlineData("\0\0\0", false)]
    [InlineData("[[[", false)]
    [InlineData("ENG ", false)]
    [InlineData("\uff45\uff4e\uff47", false)]
    public void A_language_is_a_code_of_ISO_639_3(string code, bool expected) => Language.IsIso639_3(code).ShouldBe(expected);
}
