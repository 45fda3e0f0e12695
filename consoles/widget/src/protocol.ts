/** What crosses the widget's socket (docs/protocol.md). */

export type Language = "zh" | "en";
export type Holder = "bot" | "queue" | "agent";

export interface Attachment { id: string; name: string; media_type: string; size: number; url: string }
export interface Card { title: string; rows: [string, string][]; link: string }
export interface BotMessage { text: string; buttons: { title: string }[]; image: string; card: Card | null }
export interface Choice { seq: number; button: number }

interface Place { seq: number; at: string; redacted?: true }
export type KefuEvent = Place & (
  | { kind: "ConversationStarted" }
  | { kind: "MessageReceived"; id: string; text: string; attachments: Attachment[]; choice: Choice | null }
  | { kind: "BotReplied"; messages: BotMessage[] }
  | { kind: "AgentReplied"; name: string; text: string; attachments: Attachment[]; card?: Card | null }
  | { kind: "InvitationAccepted"; text: string }
  | { kind: "AgentAssigned" | "ParticipantJoined"; name: string; beside?: boolean }
  | { kind: "ConversationReopened"; name: string }
  | { kind: "HandoffRequested" | "Transferred" | "ReturnedToQueue" | "HandedBack" | "ConversationClosed" }
  | { kind: "RatingAsked"; scale: number }
  | { kind: "Rated"; score: number; comment: string }
  | { kind: "MessageLeft"; text: string }
  | { kind: "MessagesRead"; by: "customer" | "agent"; upto: number }
  | { kind: "Redacted"; target: number }
  | { kind: "HoldChanged"; on: boolean }
  | { kind: "ParticipantLeft"; name: string }
  | ({ kind: "TicketOpened" | "TicketMoved" | "TicketAnswered"; number: number; title: string; name?: string } & Partial<Record<Language, string>>)
);

export interface Queue { position: number | null; wait_seconds: number | null }
export interface Away { message: string | null; opens_at: string | null }

export interface Welcome {
  type: "welcome"; token: string; conversation: string; language: Language; status: "open" | "closed"; holder: Holder;
  agent: string; queue: Queue | null; events: KefuEvent[]; more: boolean; seq: number; away: Away | null; blocked: boolean;
  limits: { text: number; attachment_bytes: number; media_types: string[] };
}

export type ServerFrame =
  | Welcome
  | { type: "ack"; id: string; seq: number; at: string }
  | { type: "event"; event: KefuEvent }
  | { type: "typing"; who: string; name: string; on: boolean }
  | ({ type: "queue" } & Queue)
  | ({ type: "away" } & Away)
  | { type: "blocked"; on: boolean }
  | { type: "error"; id: string | null; code: string; message: string; field: string | null }
  | { type: "bye"; reason: string }
  | { type: "pong" };

export interface Send { type: "send"; id: string; text: string; attachments?: string[]; choice?: Choice }

export interface SiteConfig {
  /** Those that it is offered in; the words below are there in each. */
  languages: Language[];
  title: Record<Language, string>; greeting: Record<Language, string>; color: string;
  quick_replies: Record<Language, string[]>; invitations: Invitation[];
}

/** Help that is offered by itself: on pages whose address holds one of `pages`, after `event` and then `after_seconds`. */
export interface Invitation {
  id: string; text: Record<Language, string>; pages: string[]; event: string; after_seconds: number; again_hours: number;
}
