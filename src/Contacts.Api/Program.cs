using Contacts.Commands;
using Contacts.Core;
using Contacts.Dialects;
using Contacts.Operations;

return await CommandLine.RunAsync(args, BuildServer);

// The server, in the order in which a request meets its parts.
static WebApplication BuildServer(WebApplicationBuilder builder, ServerSettings settings, string connectionString)
{
    builder.AddOperations(settings);
    builder.Services.AddBook(connectionString, settings.PreparesStatements);
    builder.Services.AddBackgroundWork();
    builder.Services.AddDialects();

    var server = builder.Build();
    server.UseOperations();
    server.UseDialects();
    server.MapHealth();
    return server;
}
