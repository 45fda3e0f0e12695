/** Figures over time: docs/desk.md, Reports. */
import { call } from "../api/client";
import { preferences } from "../state/preferences";

export type By = "hour" | "day" | "agent" | "group" | "channel";
export type Measure = "wait" | "first_response" | "handling";

export interface Figures {
  volume: number;
  handed_over: number;
  answered: number;
  abandoned: number;
  contained: number;
  transfers: number;
  reopened: number;
  rated: number;
  csat: number | null;
  response_rate: number | null;
  wait_seconds: number | null;
  first_response_seconds: number | null;
  handling_seconds: number | null;
  service_level: number | null;
  containment: number | null;
  abandonment: number | null;
  transfer_rate: number | null;
  occupancy: number | null;
}
export interface Report {
  rows: (Figures & { key: string })[];
  total: Figures;
}
export interface Spread {
  count: number;
  p50: number | null;
  p90: number | null;
  p95: number | null;
}
export interface Spreads {
  rows: (Spread & { key: string })[];
  total: Spread;
}
export interface AgentTime {
  agent: string;
  seconds: Record<string, number>;
  occupancy: number | null;
  utilisation: number | null;
}
export interface Kept {
  met: number;
  breached: number;
  kept: number | null;
}
export interface TicketFigures {
  opened: number;
  done: number;
  first_response: Kept;
  next_response: Kept;
  resolution: Kept;
}
export type TicketsBy = "day" | "type" | "group" | "assignee" | "priority";

export interface Span {
  from: Date;
  to: Date;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const query = (span: Span, more: Record<string, string> = {}) =>
  new URLSearchParams({ from: span.from.toISOString(), to: span.to.toISOString(), ...more }).toString();

export const report = (span: Span, by: By) => call<Report>("GET", `/reports?${query(span, { by, timezone: zone })}`);
export const spreads = (span: Span, by: By, measure: Measure) =>
  call<Spreads>("GET", `/reports/percentiles?${query(span, { by, measure, timezone: zone })}`);
export const agentTime = (span: Span) => call<{ rows: AgentTime[] }>("GET", `/reports/agents?${query(span)}`);
export const ticketReport = (span: Span, by: TicketsBy) =>
  call<{ rows: (TicketFigures & { key: string })[]; total: TicketFigures }>(
    "GET",
    `/reports/tickets?${query(span, { by, timezone: zone })}`,
  );
/** Sheets for people: names instead of ids, in the reader's language and time zone. */
export const tableAddress = (span: Span, by: By) => `/api/reports/figures.csv?${query(span, { by, timezone: zone, words: preferences.language })}`;
export const conversationsAddress = (span: Span) => `/api/reports/conversations.csv?${query(span, { timezone: zone, words: preferences.language })}`;
