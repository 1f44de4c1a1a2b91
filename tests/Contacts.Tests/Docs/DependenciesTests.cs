using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Docs;

/// <summary>The page of dependencies names what the lock files hold.</summary>
public sealed class DependenciesTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "dependencies.md"));

    [Fact]
    public void Every_package_of_the_server_is_named() => Unnamed(Packages("src", "Contacts.Api").Select(package => package.Key)).ShouldBeEmpty();

    [Fact]
    public void Every_package_that_the_tests_ask_for_is_named() =>
        Unnamed(Packages("tests", "Contacts.Tests").Where(package => package.Value!["type"]!.ToString() == "Direct").Select(package => package.Key)).ShouldBeEmpty();

    [Fact]
    public void The_lock_files_hold_something() => Packages("src", "Contacts.Api").Select(package => package.Key).ShouldContain("Npgsql");

    private static IEnumerable<string> Unnamed(IEnumerable<string> packages) =>
        packages.Where(package => !Regex.IsMatch(Page, $@"(?<![\w.]){Regex.Escape(package)}(?![\w]|\.\w)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    private static JsonObject Packages(params string[] project) =>
        JsonNode.Parse(File.ReadAllText(Repository.PathOf([.. project, "packages.lock.json"])))!["dependencies"]!["net10.0"]!.AsObject();
}
