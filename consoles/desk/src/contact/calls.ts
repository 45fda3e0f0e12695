/** Who the customers are: docs/desk.md, Daily work. */

import { query } from "../api/calls";
import { call } from "../api/client";
import type { Summary } from "../protocol";

export interface ContactNote {
  id: string;
  at: string;
  by: string;
  name: string;
  text: string;
}

export interface Profile {
  id: string;
  name: string;
  email: string;
  phone: string;
  vip: boolean;
  attributes: Record<string, string>;
  person: string;
  blocked_until: string | null;
  merged: string[];
  notes: ContactNote[];
  conversations: Summary[];
}

/** As the company's shop tells it; only the number is sure. */
export interface Order {
  order_id: string;
  status?: string;
  total?: number;
  currency?: string;
  items?: { name_zh?: string; name_en?: string; quantity?: number }[];
  carrier?: string;
  tracking_number?: string;
  expected_delivery?: string;
}

export type ProfileChange = Partial<Pick<Profile, "name" | "email" | "phone" | "vip">> & { attributes?: Record<string, string | null> };
export interface Found {
  id: string;
  name: string;
  email: string;
  phone: string;
  vip: boolean;
}

const of = (id: string, act = "") => `/contacts/${encodeURIComponent(id)}${act}`;

export const profile = (id: string) => call<Profile>("GET", of(id));
export const changeProfile = (id: string, change: ProfileChange) => call<Profile>("PATCH", of(id), change);
export const ordersOf = (id: string) => call<{ orders: Order[] }>("GET", of(id, "/orders"));
export const addNote = (id: string, text: string) => call<unknown>("POST", of(id, "/notes"), { text });
export const dropNote = (id: string, note: string) => call<void>("DELETE", of(id, `/notes/${note}`));
export const findContacts = (q: string) => call<{ contacts: Found[] }>("GET", `/contacts?${query({ q })}`);
export const mergeContacts = (id: string, other: string) => call<Profile>("POST", of(id, "/merge"), { other });
export const partContacts = (id: string, other: string) => call<Profile>("POST", of(id, "/unmerge"), { other });
export const block = (id: string, hours: number | null, reason: string) => call<unknown>("PUT", of(id, "/block"), { hours, reason });
export const unblock = (id: string) => call<void>("DELETE", of(id, "/block"));
export const exportContact = (id: string) => call<unknown>("GET", of(id, "/export"));
export const eraseContact = (id: string) => call<{ erased: number }>("POST", of(id, "/erase"));
