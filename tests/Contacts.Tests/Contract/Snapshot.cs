using Contacts.Tests.Support;

namespace Contacts.Tests.Contract;

/// <summary>What clients can see of the server, as a reviewed file beside the tests.</summary>
internal static class Snapshot
{
    private const string Accept = "CONTACTS_ACCEPT_SNAPSHOTS";

    /// <summary>Fails when the server's text is not the file's; with the variable above set to 1 the file is rewritten in place of that.</summary>
    public static void ShouldBeAccepted(string actual, string file)
    {
        var path = Repository.PathOf("tests", "Contacts.Tests", "Contract", file);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(path, actual);
        var accepted = File.Exists(path) ? File.ReadAllText(path) : "";
        if (accepted == actual)
            return;
        var lines = accepted.Split('\n').Zip(actual.Split('\n')).Index().SkipWhile(pair => pair.Item.First == pair.Item.Second).FirstOrDefault();
        Assert.Fail(
            $"""
             What clients see has changed: tests/Contacts.Tests/Contract/{file}, line {lines.Index + 1}
               accepted  {lines.Item.First}
               now       {lines.Item.Second}
             If the change is meant, run the tests once with {Accept}=1, read the difference (git diff), and commit it.
             """);
    }
}
