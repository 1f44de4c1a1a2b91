using Contacts.Commands;
using Contacts.Core;
using Contacts.Dialects.Weni;
using Contacts.Operations;

return await CommandLine.RunAsync(args, BuildServer);

// The server, in the order in which a request meets its parts.
static WebApplication BuildServer(WebApplicationBuilder builder, ServerSettings settings, string connectionString)
{
    builder.AddOperations(settings);
    builder.Services.AddBook(connectionString, settings.PreparesStatements);
    builder.Services.AddHostedService(services => services.GetRequiredService<GroupCleaner>());
    builder.Services.AddWeniDialect();
    builder.Services.AddControllers();

    var server = builder.Build();
    server.UseOperations();
    server.UseWeniDialect();
    server.MapControllers();
    server.MapHealth();
    return server;
}
