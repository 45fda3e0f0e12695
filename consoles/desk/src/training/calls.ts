/** The trainer's loop: docs/engine.md, Training. */

import { call } from "../api/client";

export type Why = "not_understood" | "unsure" | "several" | "handed_off" | "unhelpful" | "low_rating" | "quality";

export interface Guess {
  intent: string;
  confidence: number;
}

export interface Unclear {
  seq: number;
  conversation: string;
  at: string;
  language: string;
  why: Why;
  text: string;
  intent: string;
  confidence: number;
  guesses: Guess[];
  /** Those of a message that was taken for several wishes. */
  parts: (Guess & { text: string })[];
}

export interface Intent {
  id: string;
  examples: number;
}

export interface Example {
  id: number;
  text: string;
  intent: string;
  heldout: boolean;
  by: string;
  at: string;
}

export interface Pair {
  before: number | null;
  after: number;
  count: number;
}

export type VersionState = "making" | "failed" | "refused" | "running" | "retired";
export type Measure = "understanding" | "dialogues";

export interface Version {
  number: number;
  made_at: string;
  by: string;
  state: VersionState;
  stage: "" | "train" | "measure" | "rehearse";
  share: number;
  examples: number;
  figures: Partial<Record<Measure, Pair & { mended?: number; broken?: number }>> & { worse?: Measure[] };
  error: string;
}

export const inbox = () => call<{ groups: Unclear[][]; waiting: number }>("GET", "/training/inbox");
export const intents = () => call<{ intents: Intent[] }>("GET", "/training/intents");
export const label = (seqs: number[], intent: string) => call<{ taught: number }>("POST", "/training/labels", { seqs, intent });
export const labelPart = (seq: number, part: number, intent: string) => call<{ taught: number }>("POST", "/training/labels/part", { seq, part, intent });
export const dismiss = (seqs: number[]) => call<void>("POST", "/training/dismissals", { seqs });
/** What an import brought, and what it left out: only examples are taught. `line` is the first one's. */
export interface Brought {
  taught: number;
  left_out: { kind: string; count: number; line: number }[];
}
export const examples = () => call<{ examples: Example[] }>("GET", "/training/examples");
export const unlearn = (id: number) => call<void>("DELETE", `/training/examples/${id}`);
export const bringIn = (name: string, text: string) => call<Brought>("POST", "/training/examples", { name, text });
export const versions = () => call<{ versions: Version[] }>("GET", "/training/versions");
export const train = () => call<Version>("POST", "/training/versions");
export const putToWork = (number: number) => call<void>("POST", `/training/versions/${number}/work`);
