/** Tickets by number and title: links, merges and their history carry ids. */

import { ref } from "vue";
import { ticket, type WholeTicket } from "./calls";

const names = ref(new Map<string, string>());

export const ticketNamed = (id: string): string => names.value.get(id) ?? "…";

/** Read the names of all that this one points to, or ever did. */
export async function nameTies(one: WholeTicket): Promise<void> {
  const tied = [...one.links, ...one.changes.map((change) => change.body as { kind?: string; to?: string })].filter((tie) => tie.kind !== "order").map((tie) => tie.to);
  const ids = new Set([one.merged_into, ...tied, ...one.changes.flatMap(({ body }) => [body.into, body.from] as (string | undefined)[])]);
  const fresh = [...ids].filter((id): id is string => !!id && !names.value.has(id));
  const found = await Promise.all(fresh.map((id) => ticket(id)));
  names.value = new Map([...names.value, ...found.map((other): [string, string] => [other.id, `#${other.number} ${other.title}`])]);
}
