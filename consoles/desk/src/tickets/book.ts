/** The kinds of tickets, read when the page signs in or its line is back. */

import { computed, shallowRef } from "vue";
import type { Ticket } from "../protocol";
import { preferences } from "../state/preferences";
import { ticketTypes, type TicketType } from "./calls";
import { say } from "./words";

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

/** Where a ticket stands, in the reader's language. One that was merged stands nowhere: its work goes on in the other. */
export const standing = (ticket: Ticket): string => (ticket.merged_into ? say.value.merged : stateName(ticket, ticket.state));

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

/** The states that a ticket may go to from where it is. */
export const movesOf = (ticket: Ticket): string[] => (ticket.merged_into ? [] : typeOf(ticket)?.moves[ticket.state]) ?? [];
