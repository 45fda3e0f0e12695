/** Canned replies: docs/desk.md, Daily work. */

import { query } from "../api/calls";
import { call } from "../api/client";
import type { Language } from "../protocol";

export type Scope = "personal" | "group" | "company";

export interface CannedText {
  scope: Scope;
  group: string;
  shortcut: string;
  title: string;
  language: Language | "";
  text: string;
}

export interface Canned extends CannedText {
  id: string;
  owner: string;
  uses: number;
}

/** Those that fit the words; those of the language before the others that fit as well. */
export const canned = (q = "", language = "") => call<{ canned: Canned[] }>("GET", `/canned?${query({ q, language })}`);
export const addCanned = (text: CannedText) => call<Canned>("POST", "/canned", text);
export const changeCanned = (id: string, text: CannedText) => call<Canned>("PUT", `/canned/${id}`, text);
export const dropCanned = (id: string) => call<void>("DELETE", `/canned/${id}`);
export const render = (id: string, conversation: string) => call<{ text: string }>("POST", `/canned/${id}/render`, { conversation });
