using System.Diagnostics;
using Contacts.Tests.Support;

namespace Contacts.Tests.Operations;

/// <summary>What <c>./test.sh</c> counts. A program that behaves as <c>dotnet test</c> does stands for it, so that nothing is built; of trx loggers the last one counts.</summary>
public sealed class TestScriptTests : IDisposable
{
    private const string Stand =
        """
        #!/usr/bin/env bash
        [[ $1 != --list-sdks ]] || { echo '10.0.100 [/]'; exit; }
        [[ $1 == test ]] || exit 0
        folder=TestResults file=someone.trx
        while (($#)); do
          case $1 in
            --results-directory) folder=$2 ;;
            --logger | -l) [[ $2 != trx* ]] || { file=someone.trx; [[ $2 != *LogFileName=* ]] || file=${2##*LogFileName=}; } ;;
          esac
          shift
        done
        [[ $file == /* ]] || { file=$folder/$file; [[ $folder == /* ]] || file=$HOME/$file; }
        mkdir -p "$(dirname "$file")"
        echo '<Counters total="9" executed="8" passed="7" failed="1" error="0" />' > "$file"
        printf 'Results File: %s\n' "$file"
        exit 1
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "")]
    [InlineData("--logger trx", "TestResults/someone.trx")]
    [InlineData("-l trx", "TestResults/someone.trx")]
    [InlineData("--filter Upsert --logger trx;LogFileName=FOLDER/mine.trx", "mine.trx")]
    [InlineData("--logger console;verbosity=normal", "")]
    public async Task The_last_line_counts_whatever_result_file_is_asked_for(string arguments, string kept)
    {
        WriteProgram("dotnet", Stand);
        WriteProgram("apt-get", "#!/bin/sh\nexit 1\n");
        var start = new ProcessStartInfo("bash", [Repository.PathOf("test.sh"), .. arguments.Replace("FOLDER", _folder, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = _folder;
        start.Environment["CONTACTS_TEST_POSTGRES"] = "Host=nowhere";
        using var script = Process.Start(start).ShouldNotBeNull();
        using var limit = new CancellationTokenSource(Patience);
        var output = script.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = script.StandardError.ReadToEndAsync(limit.Token);
        await script.WaitForExitAsync(limit.Token);
        (await output).TrimEnd().Split('\n')[^1].ShouldBe("7 passed, 1 failed", await errors);
        script.ExitCode.ShouldBe(1);
        if (kept.Length > 0)
            File.Exists(Path.Combine(_folder, kept)).ShouldBeTrue("the file stays where it was asked for");
    }

    private void WriteProgram(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
