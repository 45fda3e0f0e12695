/** What is told above every page until it is read: a sound alone would lose it. */

import type { Frame } from "../protocol";
import { customerNamed, words } from "../words";
import { alertNamed, causeOf } from "./alerts";

/** In words, and the address where it leads ("": nowhere). */
export interface News {
  what: keyof typeof words.value.notice;
  text: string;
  href: string;
}

function ticketNews({ ticket, what, given_by }: Extract<Frame, { type: "ticket" }>): News | null {
  const say = words.value.news;
  const [named, href] = [`#${ticket.number} ${ticket.title}`, `#/p/tickets/${ticket.id}`];
  if (given_by) return { what: "given", text: say.given(given_by, named), href };
  return what === "warned" || what === "breached" ? { what: "ticket", text: say[what](named), href } : null;
}

/** What a frame tells the person at the desk; null when it only keeps the page true. */
export function newsOf(frame: Frame): News | null {
  const say = words.value.news;
  switch (frame.type) {
    case "alert": {
      const what = [alertNamed(frame.event.alert), causeOf(frame.event)].filter(Boolean).join(" · ");
      return { what: "alert", text: say.alert(customerNamed(frame.conversation), what), href: `#/c/${frame.conversation.id}` };
    }
    case "mention":
      return { what: "mention", text: say.mention(frame.event.name, frame.event.text), href: `#/c/${frame.conversation.id}` };
    case "reminder":
      return { what: "reminder", text: say.reminder(customerNamed(frame.conversation), frame.note), href: `#/c/${frame.conversation.id}` };
    case "ticket":
      return ticketNews(frame);
    case "forced":
      return { what: "forced", text: say.forced(frame.by, words.value.presence[frame.presence], frame.reason), href: "" };
    default:
      return null;
  }
}
