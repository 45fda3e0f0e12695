/** The lists of conversations, pure: which view shows what, in which order, and how a change moves it. */

import type { Filter, QueueFigures, Summary, View } from "../protocol";

/** A summary and, while it waits, since when by this computer's own clock (ms), so that a wrong clock shows no wrong wait. */
export interface Row extends Summary {
  waitingFrom: number | null;
}

export type Rows = ReadonlyMap<string, Row>;

export function rowOf(summary: Summary, now: number): Row {
  return { ...summary, waitingFrom: summary.wait_seconds === null ? null : now - summary.wait_seconds * 1000 };
}

/** The rows with these summaries; what is older than what is known is left alone. */
export function put(rows: Rows, summaries: readonly Summary[], now: number): Rows {
  const next = new Map(rows);
  for (const summary of summaries) {
    const known = next.get(summary.id);
    if (!known || known.seq <= summary.seq) next.set(summary.id, rowOf(summary, now));
  }
  return next;
}

/** The rows without these. */
export function without(rows: Rows, ids: readonly string[]): Rows {
  const next = new Map(rows);
  for (const id of ids) next.delete(id);
  return next;
}

/** Can the change move it from one view to another? What is merely said cannot. */
export function moves(before: Row | undefined, after: Summary): boolean {
  if (!before) return true;
  const place = ({ status, holder, participants }: Summary) => [status, holder.kind, holder.agent, ...participants].join();
  return before.seq <= after.seq && place(before) !== place(after);
}

/** The queue's figures and, while somebody waits, since when by this computer's clock (ms). */
export interface Queue extends QueueFigures {
  waitingFrom: number | null;
}

export function queueOf(figures: QueueFigures, now: number): Queue {
  return { ...figures, waitingFrom: figures.waiting ? now - (figures.longest_wait_seconds ?? 0) * 1000 : null };
}

/** The views that everybody has, as filters. */
export const VIEWS: Readonly<Record<View, Filter>> = {
  mine: { status: "open", agent: "me" },
  waiting: { status: "open", holder: "queue" },
  bot: { status: "open", holder: "bot" },
  done: { status: "closed", agent: "me" },
  open: { status: "open" },
  closed: { status: "closed" },
  all: {},
};

/** Does the filter show this conversation to `me`? As the platform decides it. */
export function matches(row: Summary, filter: Filter, me: string): boolean {
  const { holder, agent, tag, priority, unread, ...equal } = filter;
  return (
    Object.entries(equal).every(([name, value]) => row[name as keyof typeof equal] === value) &&
    (holder === undefined || row.holder.kind === holder) &&
    (agent === undefined || [row.holder.agent, ...row.participants].includes(agent === "me" ? me : agent)) &&
    (tag === undefined || row.tags.includes(tag)) &&
    (priority === undefined || row.priority >= priority) &&
    (unread === undefined || unread === row.unread > 0)
  );
}

/** The rows that a filter shows: newest first, in the queue the longest wait first. `words` keeps the rows that contain all of them. */
export function listed(rows: Rows, filter: Filter, me: string, words: string): Row[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...rows.values()].filter((row) => matches(row, filter, me) && contains(row, wanted));
  const byWait = (a: Row, b: Row) => (a.waitingFrom ?? Infinity) - (b.waitingFrom ?? Infinity) || a.seq - b.seq;
  return found.sort(filter.holder === "queue" ? byWait : (a, b) => b.seq - a.seq);
}

function contains(row: Row, wanted: string[]): boolean {
  const text = [row.contact_name, row.id, row.preview.text, row.holder.name, row.channel, row.site, row.language, ...row.tags]
    .join(" ")
    .toLowerCase();
  return wanted.every((word) => text.includes(word));
}

/** The id `step` places from `current` in the list, held at both ends; the first one when nothing is current. */
export function neighbour(ids: readonly string[], current: string, step: number): string | undefined {
  const at = ids.indexOf(current);
  return at < 0 ? ids[0] : ids[Math.min(ids.length - 1, Math.max(0, at + step))];
}

/** Does this change call for a person's attention? */
export function noticeOf(before: Row | undefined, after: Summary, me: string): "assigned" | "message" | null {
  if (!matches(after, VIEWS.mine, me)) return null;
  if (!before || !matches(before, VIEWS.mine, me)) return "assigned";
  return after.seq > before.seq && after.preview.by === "customer" && after.unread > before.unread ? "message" : null;
}
