using Contacts.Data;

namespace Contacts.Tests.Data;

/// <summary>What failures of the database mean.</summary>
public sealed class PostgresErrorsTests
{
    [Theory]
    [InlineData("Npgsql", true)]
    [InlineData("Contacts", false)]
    public void A_driver_that_stumbles_over_a_broken_connection_has_lost_it(string where, bool isLost)
    {
        string? nothing = null;
        Exception[] errors = [Should.Throw<NullReferenceException>(() => nothing!.Length), new ObjectDisposedException("connection")];
        foreach (var error in errors)
        {
            error.Source = where;
            error.IsLostConnection().ShouldBe(isLost);
            error.IsForAMoment().ShouldBe(isLost);
            LostCommit.IsOne(error).ShouldBe(isLost);
        }
    }
}
