/** Kinds of tickets, as the administration changes them: docs/desk.md, Routing. */
import { call } from "../api/client";
import type { TicketType } from "../tickets/calls";

const at = (id: string) => `/ticket-types/${encodeURIComponent(id)}`;
/** A retired kind is in use again. */
export const saveType = ({ id, retired: _, ...body }: TicketType) => call<TicketType>("PUT", at(id), body);
/** Without tickets it is deleted, with tickets retired. */
export const removeType = (id: string) => call<{ outcome: "deleted" | "retired" }>("DELETE", at(id));
