using System.Text.Json;
using Contacts.Operations;

namespace Contacts.Data.LocalPostgres;

/// <summary>What <c>connection.json</c> says about the process that holds a data folder.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="ConnectionString">How others reach its PostgreSQL; null while it starts, and for short commands, which share nothing.</param>
/// <param name="Server">True for a server, false for a short command, which is worth waiting for.</param>
public sealed record DataFolderHolder(int Pid, string? ConnectionString, bool Server);

/// <summary>
/// The guard against two PostgreSQL servers on one data folder: a lock held on <c>server.lock</c> for as long as this object lives.
/// The system gives the lock up when the process dies, however it dies, so it is never stale; <c>connection.json</c> may be and
/// counts only while the lock is held.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>How long a start waits for a short command that holds the folder.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly FileStream _lock;
    private readonly bool _server;

    private DataFolder(string path, FileStream @lock, bool server)
    {
        Path = path;
        _lock = @lock;
        _server = server;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Takes the folder, making it when it is missing. Waits for a short command that holds it, never for a server.</summary>
    /// <exception cref="StartRefusedException">A server holds the folder, or it cannot be written.</exception>
    public static async Task<DataFolder> TakeAsync(string path, bool server, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        for (var attempt = 1; ; attempt++)
        {
            if (TryTake(path, server) is { } taken)
                return taken;
            // Twice, since a command that only looks whether the folder is held holds it for a moment itself.
            var holder = ReadHolder(path);
            if ((attempt > 1 && holder is { Server: true }) || TimeProvider.System.GetUtcNow() > deadline)
            {
                var who = holder is null ? "another process" : $"the process {holder.Pid}";
                throw new StartRefusedException(
                    $"The data folder {System.IO.Path.GetFullPath(path)} is in use by {who}. Stop that one first, or choose another folder with --data.");
            }

            await Task.Delay(50, cancellation);
        }
    }

    /// <summary>The connection string of the server that runs on this folder now; null when none does.</summary>
    /// <exception cref="StartRefusedException">A server runs, but this user may not know how to reach it.</exception>
    public static async Task<string?> RunningServerAsync(string path, CancellationToken cancellation)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (IsHeld(path) && TimeProvider.System.GetUtcNow() < deadline)
        {
            if (ReadHolder(path) is { Server: true, ConnectionString: { } found })
                return found;
            await Task.Delay(50, cancellation);
        }

        return null;
    }

    /// <summary>Tells other commands how to reach the PostgreSQL of this folder.</summary>
    public void Share(string connectionString) => Write(connectionString);

    /// <summary>Gives the folder up.</summary>
    public void Dispose()
    {
        File.Delete(System.IO.Path.Combine(Path, "connection.json"));
        _lock.Dispose();
    }

    /// <summary>Takes the lock; null when somebody else has it.</summary>
    private static DataFolder? TryTake(string path, bool server)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var folder = new DataFolder(full, new FileStream(LockPath(full), options), server);
            folder.Write(connectionString: null);
            return folder;
        }
        catch (IOException e) when (IsLocked(e))
        {
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException or NotSupportedException)
        {
            throw new StartRefusedException($"The data folder {full} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Whether opening failed because of another's lock: a sharing violation on Windows, EAGAIN on Linux (11) and macOS (35).</summary>
    private static bool IsLocked(IOException e) => e.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static string LockPath(string folder) => System.IO.Path.Combine(folder, "server.lock");

    internal static bool IsHeld(string path)
    {
        try
        {
            // A reading lock is refused while the holder's exclusive one stands, and disturbs nobody.
            using var probe = new FileStream(LockPath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (IsLocked(e))
        {
            return true;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartRefusedException($"The data folder {path} belongs to another user: {e.Message}", e);
        }
    }

    private static DataFolderHolder? ReadHolder(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<DataFolderHolder>(File.ReadAllText(System.IO.Path.Combine(path, "connection.json")));
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartRefusedException($"A server of another user runs on the data folder {path}; run this as that user.", e);
        }
    }

    /// <summary>Replaces the file in one step, readable by its owner only from the first byte.</summary>
    private void Write(string? connectionString)
    {
        var target = System.IO.Path.Combine(Path, "connection.json");
        PrivateFile.Write(target, JsonSerializer.Serialize(new DataFolderHolder(Environment.ProcessId, connectionString, _server)));
    }
}
