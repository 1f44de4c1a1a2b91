using System.Globalization;

namespace Contacts.Tests.Support;

/// <summary>How long the long tests go on, how much they send and from which seed: set by the environment, or the usual.</summary>
internal static class Soak
{
    /// <summary>How long a test goes on: CONTACTS_SOAK_MINUTES, or the usual.</summary>
    public static TimeSpan Time(double usualMinutes) => TimeSpan.FromMinutes(Number("CONTACTS_SOAK_MINUTES") ?? usualMinutes);

    /// <summary>How many requests a test sends: CONTACTS_SOAK_REQUESTS, or the usual.</summary>
    public static int Requests(int usual) => (int)(Number("CONTACTS_SOAK_REQUESTS") ?? usual);

    /// <summary>Where chance begins: CONTACTS_SEED, or another one each time. A test prints it.</summary>
    public static int Seed() => (int)(Number("CONTACTS_SEED") ?? Random.Shared.Next());

    private static double? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
