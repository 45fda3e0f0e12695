/** Help that is offered by itself: which offer fits the page, when it is time, and how it looks. Part of the second script. */

import { useEffect, useState } from "preact/hooks";
import type { MoreWords } from "./more-words";
import type { Invitation, Language } from "./protocol";
import { visiting, type Visit } from "./visiting";

/** Who has written already is known by that, and makes no `visit`. */
export interface InviteProps { invitations: Invitation[]; side: string; accept: (id: string) => void; visit: Visit | null }

const KEY = (id: string): string => `kefu:invited:${id}`;
const HOUR_MS = 3_600_000;

/** Does it stand on this page, and was it not made lately? `last` is when it was made, in ms; 0 is never. */
export function fits(one: Invitation, page: string, last: number, now: number): boolean {
  return (one.pages.length === 0 || one.pages.some((part) => page.includes(part))) && now - last >= one.again_hours * HOUR_MS;
}

/** The first offer whose time has come is shown; saying no, or yes, counts as made. Pages tell of events with
 * `dispatchEvent(new CustomEvent("kefu", { detail: "cart" }))`, or mark what is pressed with `data-kefu-event="cart"`. */
export function Invite({ invitations, side, accept, visit, words, language }: InviteProps & { words: MoreWords; language: Language }) {
  const [shown, setShown] = useState<Invitation | null>(null);
  useEffect(() => {
    const timers: number[] = [];
    const begin = (event: string): void => invitations
      .filter((one) => one.event === event && fits(one, location.href, lastOf(one.id), Date.now()))
      .forEach((one) => timers.push(window.setTimeout(() => setShown((now) => now ?? one), one.after_seconds * 1000)));
    const hear = (told: Event): void => begin(String((told as CustomEvent).detail));
    const press = ({ target }: Event): void => {
      const told = target instanceof Element && target.closest<HTMLElement>("[data-kefu-event]")?.dataset.kefuEvent;
      if (told) begin(told);
    };
    const leave = visit && visiting(visit, language, (one) => { if (!lastOf(one.id)) setShown(one); });
    begin("");
    addEventListener("kefu", hear);
    addEventListener("click", press);
    return () => {
      leave?.();
      timers.forEach(clearTimeout);
      removeEventListener("kefu", hear);
      removeEventListener("click", press);
    };
  }, []);
  useEffect(() => { if (shown) keep(shown.id); }, [shown]);
  if (!shown) return null;
  return (
    <div class={`offer ${side}`} role="status">
      <p>{shown.text[language]}</p>
      <button class="primary" onClick={() => accept(shown.id)}>{words.chat}</button>
      <button class="chip" onClick={() => setShown(null)}>{words.no}</button>
    </div>
  );
}

function lastOf(id: string): number {
  try {
    return Number(localStorage.getItem(KEY(id)));
  } catch {
    return 0;
  }
}

function keep(id: string): void {
  try {
    localStorage.setItem(KEY(id), String(Date.now()));
  } catch {
    // A page that forbids storage may be made the offer again on its next page.
  }
}
