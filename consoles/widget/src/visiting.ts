/** A page tells the house that somebody is on it who has not written. Part of the second script. */

import type { Invitation, Language } from "./protocol";

export interface Visit { server: string; site: string }

const EVERY_MS = 20_000;

/** Tells now and then while the page is looked at; `invited` hears of an offer that was made by hand. Returns its end. */
export function visiting({ server, site }: Visit, language: Language, invited: (offer: Invitation) => void): () => void {
  const [visitor, returning, begun] = remembered(site);
  const tell = async (): Promise<void> => {
    if (document.hidden) return;
    const seconds = Math.min(86_400, Math.max(0, Math.round((Date.now() - begun) / 1000)));
    const body = JSON.stringify({ visitor, site, language, page: location.href.slice(0, 2000), seconds, returning });
    const answer = await fetch(`${server}/widget/visit`, { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => null);
    const { invitation } = answer?.ok ? ((await answer.json()) as { invitation: { id: string; text: string } | null }) : { invitation: null };
    if (invitation) invited({ id: invitation.id, text: { zh: invitation.text, en: invitation.text }, pages: [], event: "", after_seconds: 0, again_hours: 24 });
  };
  void tell();
  const timer = setInterval(() => void tell(), EVERY_MS);
  return () => clearInterval(timer);
}

/** Who they are on this site, whether they had been here before this visit, and when it began (ms). */
function remembered(site: string): [visitor: string, returning: boolean, begun: number] {
  const key = `kefu:visitor:${site}`;
  try {
    const known = localStorage.getItem(key);
    const [again, begun] = JSON.parse(sessionStorage.getItem(key) ?? JSON.stringify([known !== null, Date.now()])) as [boolean, number];
    const visitor = known ?? fresh();
    localStorage.setItem(key, visitor);
    sessionStorage.setItem(key, JSON.stringify([again, begun]));
    return [visitor, again, begun];
  } catch {
    return [fresh(), false, Date.now()]; // A page that forbids storage has a new visitor each time.
  }
}

const fresh = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
