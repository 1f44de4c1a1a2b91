using Contacts.Audit;
using Contacts.Calls;
using Contacts.Commands;
using Contacts.Console;
using Contacts.Core;
using Contacts.Dialects;
using Contacts.Imports;
using Contacts.Management;
using Contacts.Operations;
using Contacts.Webhooks;

return await CommandLine.RunAsync(args, BuildServer);

// The server, in the order in which a request meets its parts.
static WebApplication BuildServer(WebApplicationBuilder builder, ServerSettings settings, string connectionString)
{
    builder.AddOperations(settings);
    builder.Services.AddBook(connectionString, settings.PreparesStatements, settings.SharesBatches, settings.Replicas);
    builder.Services.AddBackgroundWork();
    builder.Services.AddWebhooks(settings.Webhooks);
    builder.Services.AddCalls(settings.Calls, settings.Keys);
    builder.Services.AddAudit(settings.Audit);
    builder.Services.AddImports(settings.Imports);
    builder.Services.AddDialects(settings.WhaapySaysCreated);
    builder.Services.AddManagement();
    builder.Services.AddConsole();

    var server = builder.Build();
    server.UseCalls();
    server.UseOperations();
    server.UseManagement();
    server.UseDialects();
    server.UseConsole();
    server.MapHealth();
    return server;
}
