/** The staff interface, call by call. */

import type {
  Attachment,
  Card,
  Colleague,
  Counts,
  Draft,
  Event,
  Filter,
  Group,
  Language,
  Me,
  Opened,
  Parked,
  Presence,
  QueueFigures,
  Summary,
  View,
} from "../protocol";
import { call } from "./client";

const of = (id: string, act = "") => `/conversations/${encodeURIComponent(id)}${act}`;

/** A fresh id: the same id sent twice is one act. */
export const actId = (): string => crypto.randomUUID();

export const signIn = (login: string, password: string, code = "") =>
  call<Me>("POST", "/session", { login, password, code });
export const whoAmI = () => call<Me>("GET", "/session");
export const signOut = () => call<void>("DELETE", "/session");
export const setPresence = (presence: Presence) => call<void>("PUT", "/presence", { presence });
export const colleagues = () => call<{ staff: Colleague[] }>("GET", "/staff");
export const groups = () => call<{ groups: Group[] }>("GET", "/groups");
export const queue = () => call<QueueFigures>("GET", "/queue");

export interface Page {
  conversations: Summary[];
  counts: Counts;
  more: boolean;
}
/** `of` as the query of an address; what does not matter is left out. */
export const query = (of: object): string =>
  new URLSearchParams(Object.entries(of).filter(([, value]) => value !== undefined && value !== "").map(([name, value]) => [name, String(value)])).toString();
export const conversations = (view: View, before?: number) => call<Page>("GET", `/conversations?${query({ view, before })}`);
export const matching = (filter: Filter, before?: number) =>
  call<Page>("GET", `/conversations?${query({ view: "matching", ...filter, before })}`);
export const conversation = (id: string) => call<Opened>("GET", of(id));
export const earlier = (id: string, before: number) =>
  call<{ events: Event[]; more: boolean }>("GET", of(id, `/events?before=${before}`));

export interface Written {
  seq: number;
  at: string;
}
export const reply = (id: string, act: string, text: string, attachments: string[], card: Card | null) =>
  call<Written>("POST", of(id, "/replies"), { id: act, text, ...(attachments.length ? { attachments } : {}), ...(card ? { card } : {}) });
export const note = (id: string, act: string, text: string, mentions: string[]) =>
  call<Written>("POST", of(id, "/notes"), { id: act, text, mentions });
export const whisper = (id: string, act: string, text: string) => call<Written>("POST", of(id, "/whisper"), { id: act, text });
export const take = (id: string) => call<void>("POST", of(id, "/take"), { id: actId() });
export const transfer = (id: string, target: { to: string } | { group: string }, note: string) =>
  call<void>("POST", of(id, "/transfer"), { id: actId(), ...target, note });
export const accept = (id: string) => call<void>("POST", of(id, "/accept"), { id: actId() });
export const decline = (id: string, reason: string) => call<void>("POST", of(id, "/decline"), { id: actId(), reason });
export const hold = (id: string, on: boolean, reason: string) => call<void>("POST", of(id, "/hold"), { id: actId(), on, reason });
export const prioritise = (id: string, priority: number, skill: string) =>
  call<void>("POST", of(id, "/priority"), { id: actId(), priority, skill });
export const barge = (id: string) => call<void>("POST", of(id, "/barge"), { id: actId() });
export const invite = (id: string, staff: string, note: string) => call<void>("POST", of(id, "/invite"), { id: actId(), staff, note });
export const leave = (id: string, staff = "") => call<void>("POST", of(id, "/leave"), { id: actId(), staff });
export const tag = (id: string, tags: string[]) => call<void>("PUT", of(id, "/tags"), { id: actId(), tags });
export const wrapUp = (id: string, reason: string, summary: string, resolved: boolean) =>
  call<void>("POST", of(id, "/wrapup"), { id: actId(), reason, summary, resolved });
export const check = (id: string, text: string) =>
  call<{ words: { word: string; category: string }[]; rules: { zh: string; en: string; severity: string }[] }>("POST", `/conversations/${encodeURIComponent(id)}/check`, { text });
export const giveBack = (id: string, reason: string) => call<void>("POST", of(id, "/return"), { id: actId(), reason });
export const handBack = (id: string, note: string) => call<void>("POST", of(id, "/handback"), { id: actId(), note });
export const close = (id: string, reason: string) => call<void>("POST", of(id, "/close"), { id: actId(), reason });
export const reopen = (id: string) => call<void>("POST", of(id, "/reopen"), { id: actId() });
export const keepDraft = (id: string, draft: Draft) => call<Draft>("PUT", of(id, "/draft"), draft);
export const dropDraft = (id: string) => call<void>("DELETE", of(id, "/draft"));
export const wrapUpForm = () => call<{ reasons: { id: string; name: Record<Language, string> }[] }>("GET", "/wrapup");
export const keywords = () => call<{ keywords: string[] }>("GET", "/keywords");
export const markRead = (id: string, seq: number) => call<void>("POST", of(id, "/read"), { seq });
export const redact = (id: string, seq: number) => call<void>("POST", of(id, "/redact"), { seq });

export function upload(file: File): Promise<Attachment> {
  const form = new FormData();
  form.append("file", file);
  return call<Attachment>("POST", "/files", form);
}

export const parked = () => call<{ parked: Parked[] }>("GET", "/parked");
export const replay = (one: Parked) => call<void>("POST", `/parked/${one.reader}/${one.seq}/replay`);
export const audit = (before?: number) =>
  call<{ events: Event[]; more: boolean }>("GET", `/audit${before ? `?before=${before}` : ""}`);
