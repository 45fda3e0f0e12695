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
      if (frame.what !== "warned" && frame.what !== "breached") return null;
      return { what: "ticket", text: say[frame.what](`#${frame.ticket.number} ${frame.ticket.title}`), href: `#/p/tickets/${frame.ticket.id}` };
    case "forced":
      return { what: "forced", text: say.forced(frame.by, words.value.presence[frame.presence], frame.reason), href: "" };
    default:
      return null;
  }
}
