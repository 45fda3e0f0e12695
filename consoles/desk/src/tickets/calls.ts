/** Tickets: docs/desk.md, Tickets. */

import { actId, query } from "../api/calls";
import { call } from "../api/client";
import type { Language, SavedView, StateKind, Ticket, TicketPriority } from "../protocol";

type Name = Record<Language, string>;

export interface TicketField {
  id: string;
  name: Name;
  kind: "text" | "number" | "date" | "choice";
  choices: { id: string; name: Name }[];
  required: boolean;
}

export interface TicketType {
  id: string;
  name: Name;
  fields: TicketField[];
  states: { id: string; name: Name; kind: StateKind }[];
  moves: Record<string, string[]>;
  group: string;
  /** No more tickets of it are opened; those that there are go on. */
  retired: boolean;
}

export interface Change {
  seq: number;
  at: string;
  by: string;
  name: string;
  kind: string;
  public: boolean;
  body: Record<string, unknown>;
}
export type WholeTicket = Ticket & { changes: Change[] };

export const LISTS = ["open", "mine", "unassigned", "watching", "late", "all"] as const;
export const PRIORITIES: readonly TicketPriority[] = ["low", "normal", "high", "urgent"];

export interface TicketFilter {
  view: (typeof LISTS)[number];
  type?: string;
  state?: string;
  assignee?: string;
  group?: string;
  priority?: TicketPriority;
  contact?: string;
  conversation?: string;
  q?: string;
}

export interface NewTicketBody {
  type: string;
  title: string;
  text: string;
  priority: TicketPriority;
  fields: Ticket["fields"];
  conversation?: string;
  contact?: string;
}
export type TicketChange = Partial<Pick<Ticket, "title" | "state" | "priority" | "assignee" | "group" | "fields">>;

const of = (id: string, act = "") => `/tickets/${encodeURIComponent(id)}${act}`;

export const ticketTypes = () => call<{ types: TicketType[] }>("GET", "/ticket-types");
export const tickets = (filter: TicketFilter, before?: number) =>
  call<{ tickets: Ticket[]; more: boolean }>("GET", `/tickets?${query({ ...filter, before })}`);
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
export const csvOf = (filter: TicketFilter, words: Language): string => `/api/tickets.csv?${query({ ...filter, words, timezone: zone })}`;
export const ticket = (id: string) => call<WholeTicket>("GET", of(id));
export const openTicket = (act: string, body: NewTicketBody) => call<Ticket>("POST", "/tickets", { id: act, ...body });
export const changeTicket = (one: Ticket, change: TicketChange) => call<WholeTicket>("PATCH", of(one.id), { version: one.version, ...change });
export const comment = (id: string, text: string, isPublic: boolean, attachments: string[]) =>
  call<WholeTicket>("POST", of(id, "/comments"), { id: actId(), text, public: isPublic, attachments });
export const link = (id: string, kind: string, to: string) => call<WholeTicket>("POST", of(id, "/links"), { kind, to });
export const unlink = (id: string, kind: string, to: string) => call<WholeTicket>("DELETE", of(id, "/links"), { kind, to });
export const mergeTicket = (id: string, into: string) => call<WholeTicket>("POST", of(id, "/merge"), { into });
export const watchTicket = (id: string, on: boolean) => call<WholeTicket>(on ? "PUT" : "DELETE", of(id, "/watch"));
export const bulk = (tickets: string[], change: Omit<TicketChange, "title" | "fields">) =>
  call<{ done: string[]; refused: { ticket: string; message: string }[] }>("POST", "/tickets/bulk", { tickets, ...change });

export type TicketView = SavedView<TicketFilter>;
export const ticketViews = () => call<{ views: TicketView[] }>("GET", "/views?of=tickets");
export const keepTicketView = (name: string, shared: boolean, filter: TicketFilter) =>
  call<TicketView>("POST", "/views", { of: "tickets", name, shared, filter });
export const dropTicketView = (id: string) => call<void>("DELETE", `/views/${id}`);
