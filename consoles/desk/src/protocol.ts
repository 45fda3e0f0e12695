/** What the platform's staff interface says: docs/protocol.md, Staff. */

/** "missed": did not accept in time and is given nobody until they say that they are back; nobody chooses it. */
export type Presence = "online" | "busy" | "break" | "training" | "missed" | "offline";
export type Role = "agent" | "supervisor" | "inspector" | "trainer" | "admin";
export type Language = "zh" | "en";
/** "done" is only known here: what I had and is closed. */
export type View = "mine" | "waiting" | "bot" | "done" | "open" | "closed" | "all";
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

export interface Colleague extends Omit<Staff, "login" | "role"> {
  /** Told to who keeps staff or gives reviews out. */
  role?: Role;
  load: number;
  skills: string[];
}

export interface Me {
  staff: Staff;
  csrf: string;
  permissions: Permission[];
  second_factor: { on: boolean; needed: boolean; codes: number };
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
  priority: number;
  skill: string;
  on_hold: boolean;
  participants: string[];
  tags: string[];
  /** The holder has until then to accept; null when nothing is to be accepted. */
  accept_by: string | null;
}

/** Which conversations a view shows; what is left out does not matter, agent "me" is whoever looks. */
export interface Filter {
  status?: "open" | "closed";
  holder?: "bot" | "queue" | "agent";
  agent?: string;
  group?: string;
  tag?: string;
  language?: Language;
  channel?: string;
  site?: string;
  priority?: number;
  unread?: boolean;
}

export interface SavedView<F> {
  id: string;
  owner: string;
  name: string;
  shared: boolean;
  filter: F;
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

/** Characters `start` to `end` of a message that was taken for several wishes. */
export interface Part {
  start: number;
  end: number;
  intent: string;
  confidence: number;
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
    parts?: Part[];
  };
  PicturesSeen: { message: number; pictures: { id: string; text: string }[] };
  HandoffRequested: { reason: string; group: string };
  AgentAssigned: { name: string; agent: string; by: string };
  AgentReplied: { name: string; agent: string; text: string; attachments: Attachment[]; card?: Card | null };
  NoteAdded: { agent: string; name: string; text: string; mentions: string[] };
  Whispered: { agent: string; name: string; text: string };
  ParticipantJoined: { agent: string; name: string; by: string; way: "barge" | "invite"; note: string };
  ParticipantLeft: { agent: string; name: string; by: string };
  AgentAccepted: { agent: string };
  HoldChanged: { agent: string; on: boolean; reason: string };
  Prioritised: { by: string; priority: number; skill: string };
  AlertRaised: { alert: string; detail: string };
  Tagged: { by: string; tags: string[] };
  AttributesSet: { by: string; attributes: { name: string; value: string | number | boolean | null }[] };
  WrappedUp: { agent: string; reason: string; summary: string; resolved: boolean };
  TicketOpened: { number: number; title: string; ticket: string; by: string };
  TicketAnswered: { number: number; title: string; ticket: string; name: string; by: string };
  TicketMoved: { number: number; title: string; ticket: string; type: string; state: string };
  Flagged: { message: number; rubric: number; hits: { rule: string; zh: string; en: string; severity: string; points: number; fatal: boolean }[] };
  BotFaulted: { message: number; rule: string };
  Scored: { inspection: string; subject: string; score: number | null; fatal: boolean; rules: string[] };
  Reviewed: { inspection: string; by: string; name: string; score: number | null; comment: string };
  ScoreAcknowledged: { inspection: string; agent: string; comment: string };
  ScoreAppealed: { inspection: string; agent: string; rules: string[]; reason: string };
  AppealDecided: { inspection: string; by: string; outcome: string; score: number | null; reason: string };
  Coached: { card: string; agent: string; by: string; name: string; text: string };
  SourceGiven: { entry: string; number: number; title: string; sure: number; page: number | null };
  SourceJudged: { entry: string; helpful: boolean };
  QuestionMissed: { seq: number; sure: number };
  Transferred: { by: string; to: string; group: string; note: string };
  ReturnedToQueue: { agent: string; reason: string };
  HandedBack: { by: string; note: string };
  ConversationClosed: { by: string; reason: string };
  ConversationReopened: { by: string; agent: string; name: string };
  RatingAsked: { scale: number };
  Rated: { score: number; comment: string };
  Suggested: { message: number; agent: string; suggestions: { source: string; ref: string; score: number; text: string; title: string; link: string }[] };
  SuggestionJudged: { agent: string; suggested: number; number: number; verdict: string };
  SuggestionSettled: { agent: string; suggested: number; reply: number; number: number; outcome: string; distance: number; seconds: number };
  GuideChosen: { agent: string; guide: string };
  StepMarked: { agent: string; guide: string; step: string; done: boolean };
  MessageLeft: { text: string; name: string; email: string; phone: string; call?: boolean };
  InvitationAccepted: { text: string; invitation: string; page: string; by: string };
  MessagesRead: { by: "customer" | "agent"; upto: number };
  Redacted: { target: number; by: string };
}

export type Kind = keyof Facts;
export type QualityKind = "BotFaulted" | "Flagged" | "Scored" | "Reviewed" | "ScoreAcknowledged" | "ScoreAppealed" | "AppealDecided" | "Coached";
interface Place {
  seq: number;
  at: string;
  conversation: string;
  redacted?: boolean;
  /** The writer's id of this act; "" when no member of staff wrote it. */
  cause?: string;
}
export type EventOf<K extends Kind> = Place & { kind: K } & Facts[K];
export type Event = { [K in Kind]: EventOf<K> }[Kind];

export interface Opened {
  conversation: Summary;
  events: Event[];
  more: boolean;
  contact?: Contact;
  draft: Draft;
}

/** What somebody began to write and did not send. */
export interface Draft {
  text: string;
  note: string;
}

export interface QueueFigures {
  waiting: number;
  longest_wait_seconds: number | null;
  agents: Record<Presence, number>;
  free_capacity: number;
}

/** docs/desk.md, Supervision. */
export interface Wallboard {
  at: string;
  waiting: number;
  longest_wait_seconds: number;
  groups: { id: string; waiting: number; longest_wait_seconds: number }[];
  agents: { id: string; name: string; state: Presence; since: string | null; load: number; capacity: number }[];
  states: Record<string, number>;
  utilisation: number | null;
  at_risk: Risk[];
  today: {
    volume: number;
    answered: number;
    abandoned: number;
    mean_wait_seconds: number | null;
    service_level: number | null;
    service_level_seconds: number;
    csat: number | null;
    ratings: number;
    containment: number | null;
  };
}

export interface Risk {
  conversation: string;
  contact: string;
  name: string;
  group: string;
  agent: string;
  what: "wait" | "reply";
  seconds: number;
  limit: number;
}

export interface Parked {
  reader: string;
  seq: number;
  kind: string;
  conversation: string;
  error: string;
  at: string;
}

/** What is new for everybody; `gone` names who has a conversation now: it leaves all other lists. */
export interface Changes {
  conversations: Summary[];
  gone: Record<string, string[]>;
  staff: { id: string; presence: Presence; load: number }[];
  queue: QueueFigures | null;
}

export type Frame =
  | { type: "welcome"; seq?: number }
  | { type: "summary"; conversation: Summary; events: Event[] }
  | { type: "typing"; conversation: string; who: "customer" | "agent" | "bot"; name: string; on: boolean }
  | ({ type: "changes" } & Changes)
  | { type: "gone"; conversation: string }
  | ({ type: "wallboard" } & Wallboard)
  | { type: "viewing"; conversation: string; staff: { id: string; name: string }[] }
  | { type: "alert"; event: EventOf<"AlertRaised">; conversation: Summary }
  | { type: "mention"; event: EventOf<"NoteAdded">; conversation: Summary }
  | { type: "reminder"; conversation: Summary; note: string }
  | { type: "forced"; presence: Presence; by: string; reason: string }
  | { type: "snoozes" }
  | { type: "ticket"; ticket: Ticket; what: "opened" | "changed" | "commented" | "warned" | "breached"; given_by: string }
  | { type: "error"; code: string; message: string }
  | { type: "pong" }
  | { type: "bye"; reason: "signed_out" | "restart" | "slow" };

export type TicketPriority = "low" | "normal" | "high" | "urgent";
export type StateKind = "open" | "waiting" | "done";

export interface TicketClock {
  target: "first_response" | "next_response" | "resolution";
  due_at: string | null;
  paused: boolean;
  state: "running" | "warned" | "breached" | "met";
}

export interface Ticket {
  id: string;
  number: number;
  version: number;
  type: string;
  title: string;
  text: string;
  state: string;
  state_kind: StateKind;
  priority: TicketPriority;
  fields: Record<string, string | number | null>;
  contact: string;
  conversation: string;
  group: string;
  assignee: string;
  opened_by: string;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  merged_into: string;
  links: { kind: string; to: string }[];
  watchers: string[];
  clocks: TicketClock[];
}
