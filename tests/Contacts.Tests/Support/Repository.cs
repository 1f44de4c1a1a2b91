namespace Contacts.Tests.Support;

/// <summary>The sources that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Contacts.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Contacts.sln")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException($"No Contacts.sln above {folder}: these tests look at the sources they were built from.");
    }
}
