using System.Text.RegularExpressions;

namespace Contacts.Tests.Docs;

/// <summary>What the documents point to exists, and the three READMEs say the same.</summary>
public sealed partial class LinksTests
{
    private static readonly string Root = FindRoot();
    private static readonly string[] Readmes = ["README.md", "README.es.md", "README.pt.md"];

    /// <summary>Every document of the repository.</summary>
    public static TheoryData<string> Documents() =>
        [.. Files("*.md").Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_somewhere(string document)
    {
        var file = Path.Combine(Root, document);
        var broken = LinksOf(file).Where(link => !LeadsSomewhere(file, link)).ToList();
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void A_broken_link_is_noticed()
    {
        var readme = Path.Combine(Root, "README.md");
        LeadsSomewhere(readme, "docs/nosuch.md").ShouldBeFalse();
        LeadsSomewhere(readme, "docs/weni.md#no-such-heading").ShouldBeFalse();
        LeadsSomewhere(readme, "docs/weni.md#what-is-not-emulated").ShouldBeTrue();
        LinksOf(readme).ShouldContain("LICENSE");
    }

    [Fact]
    public void The_readmes_have_the_same_headings() =>
        Readmes.Select(readme => string.Concat(HeadingsOf(Path.Combine(Root, readme)).Select(heading => heading.Level))).Distinct(StringComparer.Ordinal)
            .ShouldHaveSingleItem();

    [Fact]
    public void The_readmes_show_the_same_commands()
    {
        var blocks = Readmes.Select(readme => string.Join('\n', BlocksOf(Path.Combine(Root, readme)))).ToList();
        blocks[0].ShouldContain("./run.sh");
        blocks[1].ShouldBe(blocks[0]);
        blocks[2].ShouldBe(blocks[0]);
    }

    [Fact]
    public void The_readmes_name_the_same_settings()
    {
        var settings = Readmes.Select(readme => string.Join('\n', SettingsOf(Path.Combine(Root, readme)))).ToList();
        settings[0].ShouldContain("CONTACTS_TOKEN");
        settings[1].ShouldBe(settings[0]);
        settings[2].ShouldBe(settings[0]);
    }

    [Fact]
    public void Each_readme_links_the_other_two()
    {
        foreach (var readme in Readmes)
            Readmes.Except([readme], StringComparer.Ordinal).ShouldBeSubsetOf(LinksOf(Path.Combine(Root, readme)));
    }

    private static bool LeadsSomewhere(string file, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(parts[0]));
        if (parts.Length == 1)
            return File.Exists(target) || Directory.Exists(target);
        return File.Exists(target) && HeadingsOf(target).Any(heading => heading.Anchor == parts[1]);
    }

    private static List<string> LinksOf(string file) =>
        [.. Link().Matches(Code().Replace(TextOf(file), "")).Select(match => match.Groups["target"].Value).Where(target => !Absolute().IsMatch(target))];

    /// <summary>The headings with the anchors that GitHub gives them.</summary>
    private static List<(int Level, string Anchor)> HeadingsOf(string file) =>
        [.. Heading().Matches(Block().Replace(TextOf(file), "")).Select(match =>
            (match.Groups["level"].Length, NotInAnchors().Replace(match.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-')))];

    private static List<string> BlocksOf(string file) => [.. Block().Matches(TextOf(file)).Select(match => match.Value)];

    /// <summary>The rows of tables without their last column, which is translated.</summary>
    private static List<string> SettingsOf(string file) =>
        [.. TextOf(file).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(line => line[..line.TrimEnd('|', ' ').LastIndexOf('|')])];

    private static string TextOf(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "data" or "TestResults" || part[0] == '.'));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Contacts.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder;
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("^([a-z]+:|/)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Absolute();

    [GeneratedRegex(@"^(?<level>#+) (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Block();

    // A link inside code is text.
    [GeneratedRegex("^```.*?^```$|`[^`\n]+`", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Code();
}
