using Contacts.Core;
using Contacts.Data;
using Contacts.Data.Migrations;
using Contacts.TestBench;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Data;

/// <summary>What every call needs is read without EF Core (decision 28): each row reader is held against the model, property by property.</summary>
public sealed class RowsMatchModel(TestServer server) : IClassFixture<TestServer>
{
    private static readonly DateTime Time = new(2026, 12, 1, 2, 3, 4, DateTimeKind.Utc);

    private readonly Guid _id = Guid.CreateVersion7();

    private DatabaseWatch Watch => server.Services.GetRequiredService<DatabaseWatch>();

    [Fact]
    public async Task A_workspace_and_its_token()
    {
        var workspace = new Workspace
        {
            Id = _id,
            Name = "Maré",
            NameKey = "maré",
            Country = "BR",
            Timezone = "America/Recife",
            DateStyle = DateStyle.YearFirst,
            Profile = "rapidpro",
            VerifyNinthDigit = false,
            MexicanPrefix = true,
            Languages = ["por", "eng"],
            IsAnonymous = true,
            Standing = Standing.Flagged,
            HourlyLimit = 11,
            MinuteLimit = 12,
            FieldLimit = 13,
            GroupLimit = 14,
            AllowsPrivateTargets = true,
            Recording = Recording.Errors,
            RecordedCalls = 15,
            RecordedDays = 16,
            RecordedMegabytes = 17,
            CreatedOn = Time,
            ClockOffsetSeconds = 18,
            ResetOn = Time.AddDays(1),
        };
        var token = new ApiToken
        {
            WorkspaceId = _id,
            Id = Guid.CreateVersion7(),
            Hash = ApiToken.HashOf(_id.ToString()),
            Name = "n8n",
            Role = Role.Surveyor,
            Dialect = "whaapy",
            CreatedOn = Time,
            RevokedOn = Time.AddDays(2),
        };
        await AddAsync(workspace, token);

        var holder = (await WorkspaceRows.HolderAsync(Watch, token.Hash, CancellationToken.None)).ShouldNotBeNull();
        await ShouldMatchAsync(holder.Workspace, workspace);
        await ShouldMatchAsync(holder.Token, token);
        await ShouldMatchAsync((await WorkspaceRows.FindAsync(Watch, _id, CancellationToken.None))!, workspace);
        await ShouldMatchAsync((await WorkspaceRows.FindByNameAsync(Watch, "maré", CancellationToken.None))!, workspace);
        (await WorkspaceRows.IdsAsync(Watch, CancellationToken.None)).ShouldContain(_id);
        (await WorkspaceRows.HolderAsync(Watch, ApiToken.HashOf("nobody's"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Fields_and_living_groups()
    {
        var field = new Field { WorkspaceId = _id, Id = Guid.CreateVersion7(), Key = "age", Label = "Age", LabelKey = "age", ValueType = FieldType.Numeric, CreatedOn = Time };
        var group = new Group { WorkspaceId = _id, Id = Guid.CreateVersion7(), Name = "Devs", NameKey = "devs", Query = "age > 1", CreatedOn = Time };
        var gone = new Group { WorkspaceId = _id, Id = Guid.CreateVersion7(), Name = "Gone", NameKey = "gone", CreatedOn = Time, DeletedOn = Time };
        await AddAsync(field, group, gone);

        var catalog = await CatalogRows.ReadAsync(Watch, _id, CancellationToken.None);
        await ShouldMatchAsync(catalog.Fields.ShouldHaveSingleItem(), field);
        await ShouldMatchAsync(catalog.Groups.ShouldHaveSingleItem(), group, nameof(Group.DeletedOn));
    }

    [Fact]
    public async Task Faults_that_are_active()
    {
        var fault = new Fault
        {
            WorkspaceId = _id,
            Id = Guid.CreateVersion7(),
            Effect = FaultEffect.SlowBody,
            Path = "/api/*",
            Method = "POST",
            Share = 100,
            Status = 503,
            RetryAfterSeconds = 2,
            LatencyMs = 3,
            JitterMs = 4,
            BytesPerSecond = 5,
            Times = 6,
            Used = 1,
            CreatedBy = "ci",
            CreatedOn = Time,
            EndsOn = DateTime.UtcNow.Date.AddDays(2),
        };
        await AddAsync(fault);

        var active = await server.Services.GetRequiredService<ActiveFaults>().OfCallAsync(_id, "POST", "/api/v2/contacts.json", CancellationToken.None);
        await ShouldMatchAsync(active.ShouldHaveSingleItem(), fault);
    }

    /// <summary>The start compares files with the history of EF Core's migrator, which knows the migrations by their attribute.</summary>
    [Fact]
    public async Task Migrations_are_named_as_their_files()
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync();
        SchemaVersion.Names.Order(StringComparer.Ordinal).ShouldBe(db.Database.GetMigrations().Order(StringComparer.Ordinal));
        (await SchemaVersion.IsCurrentAsync(Watch, CancellationToken.None)).ShouldBeTrue();
    }

    private async Task AddAsync(params object[] rows)
    {
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(_id);
        foreach (var row in rows)
        {
            db.Add(row);
            await db.SaveChangesAsync();
        }
    }

    /// <summary>What was read is what was written, and no value is one that a reader would leave that forgot it.</summary>
    private async Task ShouldMatchAsync<T>(T read, T written, string? but = null)
        where T : class
    {
        var forgotten = Activator.CreateInstance<T>();
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(_id);
        foreach (var property in db.Model.FindEntityType(typeof(T))!.GetProperties().Where(property => property.Name != but))
        {
            var wanted = property.PropertyInfo!.GetValue(written);
            wanted.ShouldNotBe(property.PropertyInfo.GetValue(forgotten), $"{property.Name} is given no value that would be missed");
            property.PropertyInfo.GetValue(read).ShouldBe(wanted, property.Name);
        }
    }
}
