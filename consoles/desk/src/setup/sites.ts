/** Sites, as the administration changes them: docs/desk.md, Sites. */
import type { Hours } from "../admin/calls";
import { call } from "../api/client";
import type { Language } from "../protocol";

type Name = Partial<Record<Language, string>>;

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
  /** Those that the widget offers; texts are in each. */
  languages: Language[];
  title: Name;
  greeting: Name;
  color: string;
  quick_replies: Partial<Record<Language, string[]>>;
  origins: string[];
  /** Only whether there is one is told. */
  identity_secret: boolean;
  invitations: Offer[];
  /** Who its customers go to; "" is anybody. */
  group: string;
  /** Its own office hours; null: the company's. */
  hours: Hours | null;
}

export const LANGUAGES = ["zh", "en"] as const;
const at = (id: string) => `/sites/${encodeURIComponent(id)}`;
export const sites = () => call<{ sites: Site[] }>("GET", "/sites");
/** Without a secret the present one stays; "" takes it away. */
export const saveSite = ({ id, identity_secret: _, ...site }: Site, secret: string | null) => call<Site>("PUT", at(id), { ...site, identity_secret: secret });
export const removeSite = (id: string) => call<void>("DELETE", at(id));
export const newSite = (): Site => ({
  id: "", languages: ["zh", "en"], title: {}, greeting: {}, color: "#2f6fed", quick_replies: { zh: [], en: [] }, origins: [], identity_secret: false, invitations: [], group: "", hours: null,
});
export const newOffer = (): Offer => ({ id: "", text: {}, pages: [], event: "", after_seconds: 5, again_hours: 24 });
