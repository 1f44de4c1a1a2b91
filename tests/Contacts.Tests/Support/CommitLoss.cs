using System.Net.Sockets;
using System.Text;

namespace Contacts.Tests.Support;

/// <summary>At which moment of a commit the connection is lost.</summary>
public enum LostWhen
{
    /// <summary>The COMMIT never reaches PostgreSQL.</summary>
    Before,

    /// <summary>PostgreSQL has committed, and its answer never reaches the server.</summary>
    After,

    /// <summary>The same, and the server is told that an administrator ended the connection.</summary>
    Ended,
}

/// <summary>The loss of a connection during COMMIT.</summary>
/// <param name="When">At which moment.</param>
/// <param name="Meanwhile">What happens before the server notices; null for nothing.</param>
public sealed record CommitLoss(LostWhen When, Func<Task>? Meanwhile = null)
{
    /// <summary>Done before the server notices.</summary>
    public Task HappenAsync() => Meanwhile?.Invoke() ?? Task.CompletedTask;
}

/// <summary>What PostgreSQL answers on one connection, passed on until the connection is lost.</summary>
internal sealed class PostgresAnswers(NetworkStream postgres, NetworkStream client)
{
    private const int ReadyLength = 6;

    private static readonly byte[] EndedByAdministrator =
        Encoding.ASCII.GetBytes("SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0");

    private volatile CommitLoss? _loss;

    /// <summary>From here on nothing is passed on; the connection is lost when PostgreSQL is ready for the next statement.</summary>
    public void Lose(CommitLoss loss) => _loss = loss;

    public async Task PassOnAsync(CancellationToken end)
    {
        var buffer = new byte[64 * 1024];
        while (await postgres.ReadAsync(buffer, end) is > 0 and var count)
        {
            if (_loss is not { } loss)
            {
                await client.WriteAsync(buffer.AsMemory(0, count), end);
                continue;
            }

            if (count < ReadyLength || buffer[count - ReadyLength] != 'Z')
                continue;
            await loss.HappenAsync();
            if (loss.When == LostWhen.Ended)
                await client.WriteAsync((byte[])[(byte)'E', 0, 0, 0, (byte)(EndedByAdministrator.Length + 4), .. EndedByAdministrator], end);
            return;
        }
    }
}
