// Creates, reads, changes, lists and deletes through the client that was generated from the server's own document.
// Every `const x: Type` below is a compile-time check of the document as well.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

type Contact = components["schemas"]["Contact"];
type Field = components["schemas"]["Field"];

const client = createClient<paths>({
  baseUrl: process.env["CONTACTS_URL"] ?? "",
  headers: { Authorization: `Token ${process.env["CONTACTS_TOKEN"]}` },
});

function expect(what: string, actual: unknown, wanted: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted))
    throw new Error(`${what}: expected ${JSON.stringify(wanted)}, was ${JSON.stringify(actual)}`);
}

function written<T>(what: string, answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${what}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const field: Field = written("field", await client.POST("/api/v2/fields.json", { body: { label: "Age", value_type: "numeric" } }));
expect("the field's key", field.key, "age");
const group = written("group", await client.POST("/api/v2/groups.json", { body: { name: "Devs" } }));

const made: Contact = written("create", await client.POST("/api/v2/contacts.json", {
  body: { name: "Ana", language: "por", urns: ["tel:+250788123123"], groups: [group.uuid], fields: { age: "39" } },
}));
expect("the URNs", made.urns, ["tel:+250788123123"]);
expect("the groups", made.groups.map((member) => member.name), ["Devs"]);
const age: string | null | undefined = made.fields["age"];
expect("the field", age, "39");

const changed = written("upsert", await client.POST("/api/v2/contacts.json", {
  params: { query: { urn: "tel:+250788123123" } },
  body: { language: null },
}));
expect("the language", changed.language, null);
expect("the name", changed.name, "Ana");

const page = written("list", await client.GET("/api/v2/contacts.json", { params: { query: { group: "Devs", limit: 10, order_by: "created_on" } } }));
expect("the list", page.results.map((contact) => contact.uuid), [made.uuid]);
const next: string | null = page.next;
expect("next", next, null);

const refused = await client.POST("/api/v2/contacts.json", { body: { name: "" } });
expect("the refusal", [refused.response.status, refused.error], [400, { name: ["Contact name cannot be empty."] }]);

const blocked = await client.POST("/api/v2/contact_actions.json", { body: { contacts: [made.uuid], action: "block" } });
expect("block", blocked.response.status, 204);
const bulk = written("bulk", await client.POST("/api/v2/contacts_bulk.json", { body: { contacts: [{ urn: "ext:1", name: "Bia" }, { name: "Caio" }] } }));
expect("bulk", bulk.results.map((result) => result.status), [201, 201]);

const deleted = await client.DELETE("/api/v2/contacts.json", { params: { query: { uuid: made.uuid } } });
expect("delete", deleted.response.status, 204);
const again = await client.DELETE("/api/v2/contacts.json", { params: { query: { uuid: made.uuid } } });
expect("a second delete", [again.response.status, again.error], [404, { detail: "Not found." }]);
const left = written("list", await client.GET("/api/v2/contacts_lean.json", { params: { query: { order_by: "-created_on" } } }));
expect("what is left", left.results.map((contact) => contact.name).sort(), ["Bia", "Caio"]);
