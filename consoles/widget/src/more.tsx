/** The second script, fetched when it is first needed, so that the first stays small: forms and the customer's tickets. */

import { render } from "preact";
import { Leave, Rating, type LeaveProps, type RatingProps } from "./forms";
import { Invite, type InviteProps } from "./invite";
import { MORE } from "./more-words";
import { Tickets, type TicketsProps } from "./tickets";
import type { Language } from "./protocol";
import css from "./more.css?inline";

export type Wanted = ({ what: "leave" } & LeaveProps) | ({ what: "rating" } & RatingProps) | ({ what: "tickets" } & TicketsProps) | ({ what: "invite" } & InviteProps);

const style = new CSSStyleSheet();
style.replaceSync(css);

/** Draws it, or what has changed of it, into the host; null takes it away. */
export function mount(host: HTMLElement, language: Language, wanted: Wanted | null): void {
  const root = host.getRootNode(); // the host itself once it was taken out of the page
  if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(style)) root.adoptedStyleSheets.push(style);
  const words = MORE[language];
  if (!wanted) render(null, host);
  else if (wanted.what === "leave") render(<Leave {...wanted} words={words} language={language} />, host);
  else if (wanted.what === "invite") render(<Invite {...wanted} words={words} language={language} />, host);
  else if (wanted.what === "rating") render(<Rating {...wanted} words={words} />, host);
  else render(<Tickets {...wanted} words={words} language={language} />, host);
}
