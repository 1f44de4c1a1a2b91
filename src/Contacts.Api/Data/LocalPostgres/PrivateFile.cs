namespace Contacts.Data.LocalPostgres;

/// <summary>A file that only its owner may read: keys and passwords of the quick start.</summary>
internal static class PrivateFile
{
    /// <summary>Writes the file in one step: a reader sees the old text or the new one, and nobody else sees either.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var draft = path + ".new";
        File.Delete(draft);
        using (var writer = new StreamWriter(draft, options))
            writer.Write(text);
        File.Move(draft, path, overwrite: true);
    }
}
