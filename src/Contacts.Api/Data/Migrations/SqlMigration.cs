using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Contacts.Data.Migrations;

/// <summary>
/// A migration whose steps are the readable <c>.sql</c> file of the same name, embedded in the program. EF Core's migrator runs it,
/// keeps its history and holds its lock; a test holds the model against the schema that comes out.
/// </summary>
/// <param name="file">The file's name in this folder.</param>
public abstract class SqlMigration(string file) : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        var assembly = typeof(SqlMigration).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Contacts.Data.Migrations.{file}")
            ?? throw new InvalidOperationException($"The migration file {file} is not embedded in the program.");
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}

/// <summary>The first schema.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0001_book")]
public sealed class Book() : SqlMigration("0001_book.sql");

/// <summary>Counts of calls, and calls under a key.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0002_throttling_and_idempotency")]
public sealed class ThrottlingAndIdempotency() : SqlMigration("0002_throttling_and_idempotency.sql");

/// <summary>Tags, profiles and stages of contacts; tokens of a dialect.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0003_profiles_and_funnels")]
public sealed class ProfilesAndFunnels() : SqlMigration("0003_profiles_and_funnels.sql");

/// <summary>Webhooks, their outbox and the log of their deliveries.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0004_webhooks")]
public sealed class WebhooksOut() : SqlMigration("0004_webhooks.sql");

/// <summary>Recorded calls, and how many there were by the minute.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0005_calls")]
public sealed class CallsRecorded() : SqlMigration("0005_calls.sql");

/// <summary>A workspace's own clock, faults on request, and snapshots of the book.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0006_test_bench")]
public sealed class Bench() : SqlMigration("0006_test_bench.sql");

/// <summary>Sessions of the web interface.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0007_console")]
public sealed class ConsoleSessions() : SqlMigration("0007_console.sql");

/// <summary>Files of contacts on their way into the book.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0008_imports")]
public sealed class ImportsOfContacts() : SqlMigration("0008_imports.sql");

/// <summary>Who did what to a workspace.</summary>
[DbContext(typeof(ContactsDb))]
[Migration("0009_audit")]
public sealed class AuditLog() : SqlMigration("0009_audit.sql");
