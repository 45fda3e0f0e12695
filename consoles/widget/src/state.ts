/** What the widget knows, as a pure function of what it heard and did. */

import type { Attachment, Away, Holder, KefuEvent, Queue, Send, ServerFrame } from "./protocol";

/** A message of the customer's that the house has not acknowledged yet; `error` is the code of a refusal. */
export interface Pending { send: Send; at: string; files: Attachment[]; error: string }

/** What somebody said. */
export const WORDY = ["MessageReceived", "BotReplied", "AgentReplied"];

export interface State {
  events: KefuEvent[];
  pending: Pending[];
  seq: number;
  more: boolean;
  holder: Holder;
  agent: string;
  closed: boolean;
  queue: Queue | null;
  away: Away | null;
  typing: string;
  readByAgent: number;
  rated: number | null;
  ratingAsked: boolean;
  connected: boolean;
  /** Staff decided that the customer may not write for now. */
  blocked: boolean;
}

export type Action =
  | { do: "frame"; frame: ServerFrame }
  | { do: "send"; pending: Pending }
  | { do: "older"; events: KefuEvent[]; more: boolean }
  | { do: "lost" };

export const EMPTY: State = {
  events: [], pending: [], seq: 0, more: false, holder: "bot", agent: "", closed: false, queue: null, away: null,
  typing: "", readByAgent: 0, rated: null, ratingAsked: false, connected: false, blocked: false,
};

export function reduce(state: State, action: Action): State {
  switch (action.do) {
    case "frame": return hear(state, action.frame);
    case "send": return { ...state, pending: [...state.pending, action.pending] };
    case "older": return { ...state, events: merge(action.events, state.events), more: action.more };
    case "lost": return { ...state, connected: false, typing: "" };
  }
}

function hear(state: State, frame: ServerFrame): State {
  switch (frame.type) {
    case "welcome": {
      const fresh = frame.events.reduce(happen, state);
      return {
        ...fresh, connected: true, seq: Math.max(fresh.seq, frame.seq), holder: frame.holder, agent: frame.agent,
        closed: frame.status === "closed", queue: frame.queue, away: frame.away, blocked: frame.blocked, typing: "",
        more: state.events.length ? state.more : frame.more,
      };
    }
    case "event": return happen(state, frame.event);
    case "typing": return { ...state, typing: frame.on ? frame.name || frame.who : "" };
    case "queue": return { ...state, queue: frame.position === null ? null : frame };
    case "away": return { ...state, away: frame.message === null ? null : frame };
    case "error": return failed(state, frame.id, frame.code);
    case "blocked": return { ...state, blocked: frame.on };
    default: return state;
  }
}

/** Refused for good: shown beside the message, not sent again by itself. */
function failed(state: State, id: string | null, error: string): State {
  return { ...state, pending: state.pending.map((one) => (one.send.id === id ? { ...one, error } : one)) };
}

function happen(state: State, event: KefuEvent): State {
  if (event.seq <= state.seq && state.events.some((known) => known.seq === event.seq)) return state;
  const next: State = { ...state, events: merge(state.events, [event]), seq: Math.max(state.seq, event.seq) };
  switch (event.kind) {
    case "MessageReceived": {
      const pending = state.pending.filter((one) => one.send.id !== event.id);
      return { ...next, pending, closed: false, holder: state.closed ? "bot" : state.holder };
    }
    case "HandoffRequested": case "Transferred": case "ReturnedToQueue": case "MessageLeft":
      return { ...next, holder: "queue", agent: "", closed: false };
    case "AgentAssigned": case "ConversationReopened":
      return { ...next, holder: event.name ? "agent" : "bot", agent: event.name, queue: null, away: null, closed: false };
    case "HandedBack": return { ...next, holder: "bot", agent: "", queue: null, away: null };
    case "ConversationClosed": return { ...next, closed: true, queue: null, away: null, typing: "" };
    case "AgentReplied": return { ...next, typing: "" };
    case "RatingAsked": return { ...next, ratingAsked: true, rated: null };
    case "Rated": return { ...next, rated: event.score };
    case "MessagesRead": return event.by === "agent" ? { ...next, readByAgent: event.upto } : next;
    case "Redacted":
      return { ...next, events: next.events.map((one) => (one.seq === event.target ? { ...one, redacted: true } : one)) };
    default: return next;
  }
}

/** Both lists as one, in order, each place once. */
function merge(one: KefuEvent[], other: KefuEvent[]): KefuEvent[] {
  const last = one[one.length - 1];
  if (!last || !other[0] || other[0].seq > last.seq) return [...one, ...other];
  const places = new Map([...one, ...other].map((event) => [event.seq, event]));
  return [...places.values()].sort((a, b) => a.seq - b.seq);
}

/** Is the bot about to answer? */
export function botIsThinking(state: State): boolean {
  if (state.holder !== "bot" || state.closed || state.blocked || !state.connected) return false;
  if (state.pending.some((one) => !one.error)) return true;
  const last = state.events.filter((e) => e.kind === "MessageReceived" || e.kind === "BotReplied").at(-1);
  return last?.kind === "MessageReceived";
}

/** The bot's reply whose buttons can still be pressed: its last, if nothing was said since. */
export function openReply(state: State): number {
  const said = state.events.filter((e) => WORDY.includes(e.kind)).at(-1);
  return said?.kind === "BotReplied" && !state.blocked && state.holder === "bot" && !state.pending.length ? said.seq : 0;
}
