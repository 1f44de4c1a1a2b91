using System.Collections.Frozen;
using System.Security.Cryptography;
using Contacts.Console.Layout;

namespace Contacts.Console;

/// <summary>
/// The pages' own files, from inside the program: nothing depends on the folder that the server was started in. Each has its hash in its name, so browsers
/// keep it for good.
/// </summary>
internal static class OwnFiles
{
    private const string Folder = "Contacts.Console.Assets.";

    private static readonly FrozenDictionary<string, Asset> All = Read();

    /// <summary>Where a file is, seen from the console's root.</summary>
    /// <param name="name">The file's name.</param>
    public static string PathOf(string name) => All[name].Path;

    /// <summary>Maps the files.</summary>
    /// <param name="pages">The console's routes.</param>
    public static void Map(IEndpointRouteBuilder pages)
    {
        foreach (var asset in All.Values)
        {
            pages.MapGet($"{Ways.Root}/{asset.Path}", context => SendAsync(context, asset)).WithMetadata(new OpenToAllAttribute()).ExcludeFromDescription();
        }
    }

    private static Task SendAsync(HttpContext context, Asset asset)
    {
        context.Response.ContentType = asset.Type;
        context.Response.ContentLength = asset.Bytes.Length;
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return context.Response.Body.WriteAsync(asset.Bytes, context.RequestAborted).AsTask();
    }

    private static FrozenDictionary<string, Asset> Read()
    {
        var assembly = typeof(OwnFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(resource =>
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[Folder.Length..];
            var extension = Path.GetExtension(name);
            var path = $"assets/{Path.GetFileNameWithoutExtension(name)}-{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6))}{extension}";
            return KeyValuePair.Create(name, new Asset(bytes, TypeOf(extension), path));
        }).ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string extension) => extension switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"No media type is known for {extension}."),
    };

    private sealed record Asset(byte[] Bytes, string Type, string Path);
}
