/** The library: docs/knowledge.md. */

import { query } from "../api/calls";
import { call, lines } from "../api/client";
import type { Language } from "../protocol";

export type EntryState = "proposed" | "draft" | "published" | "archived" | "removed";
export type Audience = "public" | "staff";

export interface Options {
  folder: string;
  tags: string[];
  language: Language | "";
  audience: Audience;
  since: string | null;
  until: string | null;
  link: string;
  publish: boolean;
}

export interface Entry {
  id: string;
  kind: "file" | "pair";
  name: string;
  title: string;
  folder: string;
  tags: string[];
  language: Language | "";
  audience: Audience;
  since: string | null;
  until: string | null;
  link: string;
  state: EntryState;
  version: number;
  passages: number;
  pages: number | null;
  scanned: number[];
  by: string;
  at: string;
}

export interface Piece {
  text: string;
  kind: "text" | "row" | "pair";
  question: string;
  heading: string;
  page: number | null;
}

export interface Version {
  version: number;
  note: string;
  by: string;
  at: string;
}

export interface WholeEntry extends Entry {
  pieces: Piece[];
  versions: Version[];
  /** Passages of other entries that answer the same. */
  alike: (Source & { contradicts: boolean })[];
}

export interface Source extends Piece {
  entry: string;
  number: number;
  title: string;
  language: string;
  audience: Audience;
  folder: string;
  link: string;
  carries: number;
}

export interface Answer {
  known: boolean;
  text: string;
  sure: number;
  source: Source | null;
  others: Source[];
}

export interface Taken {
  name: string;
  outcome: "new" | "changed" | "same" | "refused";
  reason: string;
  entry: Entry | null;
  /** Why it was refused, and with what: words.ts words it. */
  code?: string;
  about?: Record<string, string | number>;
}

export interface Gap {
  question: string;
  count: number;
  language: string;
  last: string;
  seqs: number[];
  asked: { question: string; conversation: string }[];
}

export type Kind = "given" | "helpful" | "unhelpful" | "used" | "clicked";
export type Counts = Partial<Record<Kind, number>>;

export interface Usage {
  days: ({ day: string } & Counts)[];
  entries: ({ entry: string; title: string } & Counts)[];
}

export interface PairText extends Options {
  question: string;
  answer: string;
  gaps: number[];
}

export interface Listing {
  state: EntryState | "all";
  folder: string;
  q: string;
  offset: number;
}

export const PAGE = 50;
export const entries = (wanted: Listing) =>
  call<{ entries: Entry[]; total: number; folders: string[] }>("GET", `/knowledge/entries?${query({ ...wanted, limit: PAGE })}`);
export const entry = (id: string) => call<WholeEntry>("GET", `/knowledge/entries/${id}`);
export const versionOf = (id: string, version: number) => call<{ pieces: Piece[] }>("GET", `/knowledge/entries/${id}/versions/${version}`);
export const addPair = (text: PairText) => call<Entry>("POST", "/knowledge/entries", text);
export const changePair = (id: string, version: number, text: PairText) => call<Entry>("PUT", `/knowledge/entries/${id}`, { ...text, version });
export const describe = (one: Entry, change: Partial<Entry>) => {
  const { version, title, folder, tags, audience, since, until, link } = { ...one, ...change };
  return call<Entry>("PATCH", `/knowledge/entries/${one.id}`, { version, title, folder, tags, audience, since, until, link, language: one.language || "zh" });
};
export const move = (one: Entry, state: EntryState) => call<Entry>("POST", `/knowledge/entries/${one.id}/state`, { version: one.version, state });
export const restore = (one: Entry, to: number) => call<Entry>("POST", `/knowledge/entries/${one.id}/restore`, { version: one.version, to });
export const proposePairs = (id: string) => call<{ entries: Entry[] }>("POST", `/knowledge/entries/${id}/pairs`);
export const ask = (q: string, audience: Audience) => call<Answer>("GET", `/knowledge/answer?${query({ q, audience })}`);
export const gaps = () => call<{ gaps: Gap[]; questions: number }>("GET", "/knowledge/gaps");
export const dismiss = (seqs: number[]) => call<void>("POST", "/knowledge/gaps/dismiss", { seqs });
export const usage = (days: number) => call<Usage>("GET", `/knowledge/usage?${query({ days: String(days) })}`);

/** Sends a document or a zip; `taken` is told of each file in it as soon as it is in. */
export function send(file: File, options: Options, taken: (one: Taken) => void): Promise<void> {
  const body = new FormData();
  body.append("file", file);
  body.append("options", JSON.stringify(options));
  return lines<Taken>("/knowledge/files", body, taken);
}
