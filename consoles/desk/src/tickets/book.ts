/** The kinds of tickets, read once a page. */

import { computed, shallowRef } from "vue";
import type { Ticket } from "../protocol";
import { preferences } from "../state/preferences";
import { ticketTypes, type TicketType } from "./calls";

export const types = shallowRef<TicketType[]>([]);

export async function readTypes(): Promise<void> {
  if (!types.value.length) types.value = (await ticketTypes()).types;
}

/** Those that tickets are still opened of. */
export const usable = computed(() => types.value.filter((one) => !one.retired));

export const typeOf = (ticket: Ticket): TicketType | undefined => types.value.find((one) => one.id === ticket.type);

/** A state's name in the reader's language. */
export const stateName = (ticket: Ticket, state: string): string =>
  typeOf(ticket)?.states.find((one) => one.id === state)?.name[preferences.language] ?? state;

/** As stateName, when only the state's id is known: the first type that has it. */
export const stateNamed = (state: string): string =>
  types.value.flatMap((one) => one.states).find((one) => one.id === state)?.name[preferences.language] ?? state;

/** The states that a ticket may go to from where it is. */
export const movesOf = (ticket: Ticket): string[] => typeOf(ticket)?.moves[ticket.state] ?? [];
