/** Agent assist: docs/assist.md. */

import { actId } from "../api/calls";
import { call } from "../api/client";
import type { Language } from "../protocol";
import { preferences } from "../state/preferences";
import { say } from "./words";

export type Verdict = "" | "shown" | "picked" | "dismissed" | "wrong";

export interface Suggestion {
  source: "past" | "canned" | "bot" | "faq" | "article" | "similar";
  ref: string;
  score: number;
  text: string;
  title: string;
  link: string;
  whole: string;
  verdict: Verdict;
}

export interface Suggested {
  seq: number;
  message: number;
  suggestions: Suggestion[];
}

export type Named = Record<Language, string>;

export interface Step {
  id: string;
  name: Named;
  say: Partial<Named>;
  required: boolean;
  done: boolean;
}

export interface Guide {
  id: string;
  name: Named;
  slots: Record<string, string>;
  steps: Step[];
  next: string | null;
  missing: string[];
}

export interface View {
  suggested: Suggested | null;
  guide: Guide | null;
  acts: { act: string; share: number }[];
  picture: {
    intent: string;
    entities: { name: string; value: string }[];
    mood: number[];
    turned: boolean;
    past: { id: string; at: string | null; text: string }[];
  };
  without: Without[];
}

/** What suggestions go without just now. */
export type Without = "library" | "bot" | "past";

export interface Account {
  vip: boolean;
  since: string | null;
  conversations: number;
  rating: number | null;
  spent: Record<string, number>;
  orders: { id: string; status: string }[];
  tickets: { id: string; number: number; title: string; state: string }[];
  shop: boolean;
}

export interface Briefing {
  kind: "handoff" | "transfer";
  by: string;
  why: string;
  intent: string;
  entities: { name: string; value: string }[];
  situation: string;
  action: string;
  resolution: string;
  follow_up: string;
  made_by: "extract" | "llm";
}

export interface WrapUpDraft {
  situation: string;
  action: string;
  resolution: string;
  follow_up: string;
  reason: string;
  tags: { zh: string; en: string }[];
  ticket: { type: string; fields: Record<string, string> };
  made_by: "extract" | "llm";
}

const of = (id: string, act = "") => `/conversations/${encodeURIComponent(id)}/assist${act}`;

export const view = (id: string) => call<View>("GET", of(id));
export const status = () => call<{ llm: boolean }>("GET", "/assist/status");
export const account = (id: string) => call<Account>("GET", of(id, "/account"));
export const briefing = (id: string) => call<{ briefing: Briefing | null }>("GET", of(id, "/briefing"));
export const translate = (id: string, text: string, language: Language) => call<{ text: string }>("POST", of(id, "/translate"), { text, language });
export const draft = (id: string) => call<WrapUpDraft>("GET", of(id, "/draft"));
export const complete = (id: string, text: string) => call<{ completions: string[] }>("POST", of(id, "/complete"), { text });
export const judge = (id: string, suggested: number, number: number, verdict: Exclude<Verdict, "">) =>
  call<void>("POST", of(id, "/judgements"), { id: actId(), suggested, number, verdict });
export const follow = (id: string, guide: string) => call<void>("POST", of(id, "/guide"), { id: actId(), guide });
export const tick = (id: string, guide: string, step: string, done: boolean) =>
  call<void>("POST", of(id, "/steps"), { id: actId(), guide, step, done });
export const guides = () => call<{ guides: { id: string; name: Named }[] }>("GET", "/assist/guides");
export const polish = (id: string, text: string, way: "tidy" | "shorter" | "politer", language: Language) =>
  call<{ text: string; made_by: "rules" | "llm" }>("POST", of(id, "/polish"), { text, way, language });

/** A wrap-up's summary out of its sections, a named line each; what two of them say stands once. */
export function summaryOf(one: WrapUpDraft): string {
  const { wished, done, stands, promised } = say.value;
  const sections = [[wished, one.situation], [done, one.action], [stands, one.resolution], [promised, one.follow_up]] as const;
  const first = sections.filter(([, text], place) => text && sections.findIndex(([, other]) => other === text) === place);
  return first.map(([name, text]) => (preferences.language === "zh" ? `${name}：${text}` : `${name}: ${text}`)).join("\n");
}

export interface Figures {
  answers: number;
  offered: number;
  shown: number;
  used: number;
  edited: number;
  ignored: number;
  dismissed: number;
  wrong: number;
  acceptance: number | null;
  edit_distance: number | null;
  seconds_saved_an_answer: number | null;
}

export interface Report {
  answers: number;
  trigger_rate: number | null;
  total: Figures;
  agents: Record<string, Figures>;
  sources: Record<string, Figures>;
  days: Day[];
}

/** One local day, "2026-11-28"; days without anything are left out. */
export type Day = Pick<Report, "answers" | "trigger_rate" | "total" | "sources"> & { day: string };

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const report = (days: number) => call<Report>("GET", `/assist/report?days=${days}&timezone=${encodeURIComponent(zone)}`);

export interface Proposal {
  kind: "canned" | "faq";
  question: string;
  text: string;
  times: number;
  agents: number;
}

export const proposals = () => call<{ proposals: Proposal[] }>("GET", "/assist/proposals");
export const refuse = (text: string) => call<void>("POST", "/assist/proposals/refused", { text });
