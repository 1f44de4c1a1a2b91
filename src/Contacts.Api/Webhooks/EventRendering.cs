using Contacts.Core;

namespace Contacts.Webhooks;

/// <summary>Puts an event into a dialect's words. The same event gives the same bytes each time, so that a retry repeats the request.</summary>
/// <param name="webhook">Where it goes.</param>
/// <param name="deliveryId">The delivery's id.</param>
/// <param name="happened">The event.</param>
public delegate RenderedEvent EventRendering(Webhook webhook, Guid deliveryId, ContactEvent happened);

/// <summary>An event in a dialect's words.</summary>
/// <param name="Body">The request's body, JSON.</param>
/// <param name="SignatureHeader">The header that has the dialect's signature.</param>
/// <param name="Headers">The dialect's other headers.</param>
public sealed record RenderedEvent(byte[] Body, string SignatureHeader, IReadOnlyList<KeyValuePair<string, string>> Headers);
