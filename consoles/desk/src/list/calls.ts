/** Search, kept views, reminders and mentions: docs/desk.md, Daily work. */

import { query } from "../api/calls";
import { call } from "../api/client";
import type { EventOf, Filter, SavedView, Summary } from "../protocol";

export interface Hit {
  seq: number;
  at: string;
  by: "customer" | "bot" | "agent";
  text: string;
  spans: [number, number][];
  conversation: Summary;
}
export type Said = "" | Hit["by"];

export const search = (q: string, by: Said, before?: number) =>
  call<{ hits: Hit[]; more: boolean }>("GET", `/search?${query({ q, by, before })}`);

export type ConversationView = SavedView<Filter>;
export const views = () => call<{ views: ConversationView[] }>("GET", "/views?of=conversations");
export const keepView = (name: string, shared: boolean, filter: Filter) =>
  call<ConversationView>("POST", "/views", { of: "conversations", name, shared, filter });
export const dropView = (id: string) => call<void>("DELETE", `/views/${id}`);
export const tags = () => call<{ tags: { name: string; uses: number }[] }>("GET", "/tags");

export interface Snooze {
  conversation: Summary;
  until: string;
  note: string;
}
export const snoozes = () => call<{ snoozes: Snooze[] }>("GET", "/snoozes");
export const snooze = (id: string, until: string, note: string) => call<unknown>("PUT", `/conversations/${id}/snooze`, { until, note });
export const wake = (id: string) => call<void>("DELETE", `/conversations/${id}/snooze`);
export const mentions = () => call<{ mentions: EventOf<"NoteAdded">[]; more: boolean }>("GET", "/mentions");
