/** The kinds of tickets, read when the page signs in or its line is back. */

import { computed, shallowRef } from "vue";
import type { Ticket } from "../protocol";
import { preferences } from "../state/preferences";
import { ticketTypes, type TicketType } from "./calls";

export const types = shallowRef<TicketType[]>([]);

export async function refreshTypes(): Promise<void> {
  types.value = (await ticketTypes()).types;
}

export async function readTypes(): Promise<void> {
  if (!types.value.length) await refreshTypes();
}

/** Those that tickets are still opened of. */
export const usable = computed(() => types.value.filter((one) => !one.retired));

export const typeOf = (ticket: Ticket): TicketType | undefined => types.value.find((one) => one.id === ticket.type);

/** A state's name in the reader's language. */
export const stateName = (ticket: Ticket, state: string): string =>
  typeOf(ticket)?.states.find((one) => one.id === state)?.name[preferences.language] ?? state;

/** As stateName, by the ids of both; what was recorded before types were ("") has the name in the first type that knows the state. */
export const stateNamed = (type: string, state: string): string =>
  types.value.filter((one) => !type || one.id === type).flatMap((one) => one.states).find((one) => one.id === state)?.name[preferences.language] ?? state;

/** A ticket's fields as people read them: by their names, a choice by its own. */
export const fieldsTold = (ticket: Ticket, values: Ticket["fields"]): string[] =>
  (typeOf(ticket)?.fields ?? [])
    .filter((field) => (values[field.id] ?? "") !== "")
    .map((field) => {
      const chosen = field.choices.find((one) => one.id === values[field.id]);
      return `${field.name[preferences.language]}: ${chosen?.name[preferences.language] ?? values[field.id]}`;
    });

/** What a merged ticket ends as: its type's first state that is done. */
export const endOf = (ticket: Ticket): string => typeOf(ticket)?.states.find((one) => one.kind === "done")?.name[preferences.language] ?? "";

/** The states that a ticket may go to from where it is. */
export const movesOf = (ticket: Ticket): string[] => typeOf(ticket)?.moves[ticket.state] ?? [];
