/** Sites, as the administration changes them: docs/desk.md, Sites. */
import { call } from "../api/client";
import type { Language } from "../protocol";

type Name = Record<Language, string>;

export interface Offer {
  id: string;
  text: Name;
  pages: string[];
  event: string;
  after_seconds: number;
  again_hours: number;
}

export interface Site {
  id: string;
  title: Name;
  greeting: Name;
  color: string;
  quick_replies: Partial<Record<Language, string[]>>;
  origins: string[];
  /** Only whether there is one is told. */
  identity_secret: boolean;
  invitations: Offer[];
}

export const LANGUAGES = ["zh", "en"] as const;
const at = (id: string) => `/sites/${encodeURIComponent(id)}`;
export const sites = () => call<{ sites: Site[] }>("GET", "/sites");
/** Without a secret the present one stays; "" takes it away. */
export const saveSite = ({ id, identity_secret: _, ...site }: Site, secret: string | null) => call<Site>("PUT", at(id), { ...site, identity_secret: secret });
export const removeSite = (id: string) => call<void>("DELETE", at(id));
export const newSite = (): Site => ({
  id: "", title: { zh: "", en: "" }, greeting: { zh: "", en: "" }, color: "#2f6fed", quick_replies: { zh: [], en: [] }, origins: [], identity_secret: false, invitations: [],
});
export const newOffer = (): Offer => ({ id: "", text: { zh: "", en: "" }, pages: [], event: "", after_seconds: 5, again_hours: 24 });
