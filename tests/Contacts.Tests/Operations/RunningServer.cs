namespace Contacts.Tests.Operations;

/// <summary>One server for the tests that only call it. Its log is JSON, so that tests can read it line by line.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private ContactsProcess? _process;

    /// <summary>The server's data folder.</summary>
    public string Data { get; } = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    internal ContactsProcess Process => _process ?? throw new InvalidOperationException("The server is not started.");

    public async Task InitializeAsync() => _process = await ContactsProcess.ServeAsync(Data, "--Logging:Format=json", "--Contacts:MaxBodyBytes=100000");

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}

/// <summary>Tests that start processes run one after the other.</summary>
[CollectionDefinition("processes")]
public sealed class Processes : ICollectionFixture<RunningServer>;
