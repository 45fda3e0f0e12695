/** One conversation on the screen, pure: its events in order and what was written here but is not stored yet. */

import type { Attachment, Card, Event, EventOf } from "../protocol";

export interface Pending {
  id: string;
  kind: "AgentReplied" | "NoteAdded" | "Whispered";
  text: string;
  mentions: string[];
  attachments: Attachment[];
  card?: Card | null;
  at: string;
  failed: string | null;
}

export interface Thread {
  events: readonly Event[];
  pending: readonly Pending[];
  more: boolean;
}

export const EMPTY: Thread = { events: [], pending: [], more: false };

/** The thread with these events: each seq once, in order, and what they confirm no longer pending. */
export function merge(thread: Thread, arrived: readonly Event[]): Thread {
  const bySeq = new Map(thread.events.map((event) => [event.seq, event]));
  const fresh = arrived.filter((event) => !bySeq.has(event.seq));
  if (fresh.length === 0) return thread;
  for (const event of fresh) bySeq.set(event.seq, event);
  const events = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const stored = new Set(fresh.map((event) => event.cause));
  return { ...thread, events: blanked(events), pending: thread.pending.filter((one) => !stored.has(one.id)) };
}

function blanked(events: Event[]): Event[] {
  const targets = new Set(events.flatMap((event) => (event.kind === "Redacted" ? [event.target] : [])));
  if (targets.size === 0) return events;
  return events.map((event) => (targets.has(event.seq) && !event.redacted ? blank(event) : event));
}

function blank(event: Event): Event {
  switch (event.kind) {
    case "MessageReceived":
    case "AgentReplied":
      return { ...event, text: "", attachments: [], redacted: true, ...(event.kind === "AgentReplied" ? { card: null } : {}) } as Event;
    case "NoteAdded":
    case "Whispered":
    case "MessageLeft":
      return { ...event, text: "", redacted: true };
    case "PicturesSeen":
      return { ...event, pictures: [], redacted: true };
    case "BotReplied":
      return { ...event, messages: [], entities: [], redacted: true };
    default:
      return { ...event, redacted: true };
  }
}

export function write(thread: Thread, pending: Pending): Thread {
  return { ...thread, pending: [...thread.pending.filter((one) => one.id !== pending.id), pending] };
}

export function fail(thread: Thread, id: string, reason: string): Thread {
  return { ...thread, pending: thread.pending.map((one) => (one.id === id ? { ...one, failed: reason } : one)) };
}

export function drop(thread: Thread, id: string): Thread {
  return { ...thread, pending: thread.pending.filter((one) => one.id !== id) };
}

/** The server stored it: the pending one becomes the event it will be, so that it never shows twice nor vanishes. */
export function confirm(thread: Thread, id: string, event: Event): Thread {
  return merge(drop(thread, id), [event]);
}

export const lastSeq = (thread: Thread): number => thread.events.at(-1)?.seq ?? 0;

/** Up to which seq the customer has read. */
export function readUpTo(events: readonly Event[]): number {
  return events.reduce((upto, e) => (e.kind === "MessagesRead" && e.by === "customer" ? Math.max(upto, e.upto) : upto), 0);
}

/** The customer's newest message, when the agent has not read it yet; else 0. */
export function unreadSeq(events: readonly Event[]): number {
  const read = events.reduce((upto, e) => (e.kind === "MessagesRead" && e.by === "agent" ? Math.max(upto, e.upto) : upto), 0);
  const last = events.findLast((event) => event.kind === "MessageReceived")?.seq ?? 0;
  return last > read ? last : 0;
}

/** The title of the button that a message pressed. */
export function chosen(events: readonly Event[], message: EventOf<"MessageReceived">): string {
  const reply = events.find((event) => event.seq === message.choice?.seq);
  if (!message.choice || reply?.kind !== "BotReplied") return "";
  return reply.messages.flatMap((one) => one.buttons)[message.choice.button]?.title ?? "";
}

const SILENT: ReadonlySet<Event["kind"]> = new Set([
  ...(["MessagesRead", "Redacted", "AgentAccepted"] as const),
  ...(["Suggested", "SuggestionJudged", "SuggestionSettled", "GuideChosen", "StepMarked"] as const), // the panel's
]);

export type Item = { key: string; day: string } | { key: string; event: Event } | { key: string; pending: Pending };

/** What the timeline shows, with a separator wherever a new local day begins. */
export function timeline(thread: Thread): Item[] {
  const items: Item[] = [];
  let day = "";
  for (const event of thread.events) {
    if (SILENT.has(event.kind)) continue;
    const today = new Date(event.at).toDateString();
    if (today !== day) items.push({ key: `day-${event.seq}`, day: event.at });
    day = today;
    items.push({ key: `event-${event.seq}`, event });
  }
  return items.concat(thread.pending.map((pending) => ({ key: `pending-${pending.id}`, pending })));
}
