/** Kinds of tickets, as the administration changes them: docs/desk.md, Routing. */
import { call } from "../api/client";
import type { TicketType } from "../tickets/calls";

export const saveType = ({ id, ...body }: TicketType) => call<TicketType>("PUT", `/ticket-types/${encodeURIComponent(id)}`, body);
