using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Architecture;

/// <summary>The book knows no HTTP and no dialect, and no dialect knows another. Comments may speak of anything.</summary>
public sealed partial class FolderBorders
{
    // Types too: the web SDK's implicit usings bring these in without a word.
    private const string Http =
        @"\bMicrosoft\.AspNetCore\b|\b(Http(Context|Request|Response|Methods)|IActionResult|IResult|StatusCodes|ControllerBase|IQueryCollection)\b";

    private static readonly string Source = Repository.PathOf("src", "Contacts.Api");
    private static readonly string[] Dialects = [.. Directory.GetDirectories(Path.Combine(Source, "Dialects")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [InlineData("Core")]
    [InlineData("Urns")]
    [InlineData("Data")]
    [InlineData("Imports")]
    [InlineData("Webhooks")]
    [InlineData("TestBench")]
    [InlineData("Workspaces")]
    public void The_book_knows_no_http_and_no_dialect(string folder) =>
        Mentions(folder, $@"{Http}|\bDialects\b|\b({string.Join('|', Dialects)})").ShouldBeEmpty();

    [Fact]
    public void Recorded_calls_know_no_dialect() => Mentions("Calls", $@"\bDialects\b\.|\b({string.Join('|', Dialects)})").ShouldBeEmpty();

    [Fact]
    public void No_dialect_knows_another() =>
        Dialects.SelectMany(dialect => Dialects.Where(other => other != dialect).SelectMany(other => Mentions(Path.Combine("Dialects", dialect), $@"\b{other}")))
            .ShouldBeEmpty();

    [Fact]
    public void The_guards_look_at_something()
    {
        Dialects.ShouldContain("Weni");
        Mentions(Path.Combine("Dialects", "Weni"), $@"{Http}|\bWeni\b").ShouldNotBeEmpty();
    }

    private static IEnumerable<string> Mentions(string folder, string pattern) =>
        from file in Directory.EnumerateFiles(Path.Combine(Source, folder), "*.cs", SearchOption.AllDirectories)
        from line in File.ReadLines(file).Index()
        let match = Regex.Match(Comment().Replace(line.Item, ""), pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
        where match.Success
        select $"{Path.GetRelativePath(Source, file)}:{line.Index + 1}: {match.Value}";

    [GeneratedRegex(@"//.*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();
}
