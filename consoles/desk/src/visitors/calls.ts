/** Who is on the sites: docs/desk.md, Visitors. */
import { call } from "../api/client";
import type { Language } from "../protocol";

export interface Visitor {
  id: string;
  site: string;
  language: Language;
  page: string;
  seconds: number;
  returning: boolean;
  /** Who has invited them within the day; "" is nobody. */
  invited_by: string;
}

export const visitors = () => call<{ visitors: Visitor[]; count: number }>("GET", "/visitors");
export const invite = (id: string, text: string) => call<{ id: string }>("POST", `/visitors/${encodeURIComponent(id)}/invite`, { text });
