using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Docs;

/// <summary>The table of settings in <c>docs/operations.md</c> has the settings that the program reads, and no others.</summary>
public sealed partial class SettingsTests
{
    [Fact]
    public void The_table_names_every_setting_that_is_read()
    {
        var read = Directory.EnumerateFiles(Repository.PathOf("src", "Contacts.Api"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Keys().Matches(File.ReadAllText(file))).Select(match => match.Groups["key"].Value).Distinct(StringComparer.Ordinal).ToList();
        read.Count.ShouldBeGreaterThan(20);
        var told = File.ReadLines(Repository.PathOf("docs", "operations.md")).Where(line => line.StartsWith('|'))
            .Select(line => Row().Match(line)).Where(row => row.Success).Select(row => row.Groups["key"].Value).ToList();
        told.Where(key => key.StartsWith("Contacts:", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(read.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"(?<key>Contacts:[A-Za-z:]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Keys();

    [GeneratedRegex("^\\|[^|]*\\|[^|]*\\| `(?<key>[A-Za-z:]+)` \\|", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
