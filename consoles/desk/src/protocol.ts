/** What the platform's staff interface says: docs/protocol.md, Staff. */

export type Presence = "online" | "busy" | "break" | "offline";
export type Role = "agent" | "supervisor" | "inspector" | "admin";
export type Language = "zh" | "en";
export type View = "mine" | "waiting" | "bot" | "open" | "closed" | "all";
/** Named by web/permissions.py; roles are data, so any may turn up. */
export type Permission = string;

export interface Staff {
  id: string;
  login: string;
  name: string;
  role: Role;
  languages: Language[];
  groups: string[];
  capacity: number;
  presence: Presence;
}

export interface Colleague extends Omit<Staff, "login"> {
  load: number;
}

export interface NewStaff extends Omit<Staff, "id" | "presence"> {
  password: string;
}

export interface Me {
  staff: Staff;
  csrf: string;
  permissions: Permission[];
}

export interface Group {
  id: string;
  name: Record<Language, string>;
}

export interface Summary {
  id: string;
  contact: string;
  contact_name: string;
  channel: string;
  site: string;
  language: string;
  status: "open" | "closed";
  holder: { kind: "bot" | "queue" | "agent"; agent: string; name: string };
  group: string;
  seq: number;
  started_at: string;
  updated_at: string;
  waiting_since: string | null;
  wait_seconds: number | null;
  preview: { by: "customer" | "bot" | "agent" | ""; text: string };
  unread: number;
  rating: number | null;
}

export type Counts = Record<"mine" | "waiting" | "bot" | "open", number>;

export interface Contact {
  id: string;
  name: string;
  email: string;
  phone: string;
  first_seen: string | null;
  conversations: Summary[];
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number;
  url: string;
}

export interface Card {
  title: string;
  rows: [string, string][];
  link: string;
}

export interface BotMessage {
  text: string;
  buttons: { title: string }[];
  image: string;
  card: Card | null;
}

interface Facts {
  ConversationStarted: { contact: string; channel: string; site: string; language: string; page: string };
  ContactIdentified: { contact: string; name: string; email: string; phone: string };
  MessageReceived: { text: string; attachments: Attachment[]; choice: { seq: number; button: number } | null };
  BotReplied: {
    messages: BotMessage[];
    language: string;
    intent: string;
    confidence: number;
    entities: { name: string; value: string }[];
    actions: string[];
    policy: string;
  };
  HandoffRequested: { reason: string; group: string };
  AgentAssigned: { name: string; agent: string; by: string };
  AgentReplied: { name: string; agent: string; text: string; attachments: Attachment[] };
  NoteAdded: { agent: string; name: string; text: string };
  Transferred: { by: string; to: string; group: string; note: string };
  ReturnedToQueue: { agent: string; reason: string };
  HandedBack: { by: string; note: string };
  ConversationClosed: { by: string; reason: string };
  ConversationReopened: { by: string; agent: string; name: string };
  RatingAsked: { scale: number };
  Rated: { score: number; comment: string };
  MessageLeft: { text: string; name: string; email: string; phone: string };
  MessagesRead: { by: "customer" | "agent"; upto: number };
  Redacted: { target: number; by: string };
}

export type Kind = keyof Facts;
interface Place {
  seq: number;
  at: string;
  conversation: string;
  redacted?: boolean;
}
export type EventOf<K extends Kind> = Place & { kind: K } & Facts[K];
export type Event = { [K in Kind]: EventOf<K> }[Kind];

export interface Opened {
  conversation: Summary;
  events: Event[];
  more: boolean;
  contact?: Contact;
}

export interface QueueFigures {
  waiting: number;
  longest_wait_seconds: number | null;
  agents: Record<Presence, number>;
  free_capacity: number;
}

export interface Parked {
  reader: string;
  seq: number;
  kind: string;
  conversation: string;
  error: string;
  at: string;
}

export type Frame =
  | { type: "welcome"; seq?: number }
  | { type: "summary"; conversation: Summary; events: Event[] }
  | { type: "typing"; conversation: string; who: "customer" | "agent" | "bot"; name: string; on: boolean }
  | { type: "presence"; staff: string; presence: Presence; load?: number }
  | ({ type: "queue" } & QueueFigures)
  | { type: "gone"; conversation: string }
  | { type: "viewing"; conversation: string; staff: { id: string; name: string }[] }
  | { type: "alert"; conversation: string; reason: string }
  | { type: "error"; code: string; message: string }
  | { type: "pong" }
  | { type: "bye"; reason: "signed_out" | "restart" | "slow" };
