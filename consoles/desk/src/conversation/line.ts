import type { Colleague, Event, Group } from "../protocol";
import { preferences } from "../state/preferences";
import { words } from "../words";

interface House {
  colleagues: readonly Colleague[];
  groups: readonly Group[];
}

/** A fact that nobody wrote, in plain words; null for a message. */
export function lineOf(event: Event, house: House): string | null {
  const say = words.value.line;
  const who = (id: string): string => {
    if (id === "customer" || id === "bot" || id === "system") return say[id];
    return house.colleagues.find((one) => one.id === id)?.name ?? id;
  };
  const group = (id: string) => house.groups.find((one) => one.id === id)?.name[preferences.language] ?? id;
  switch (event.kind) {
    case "ConversationStarted":
      return say.started(event.channel, event.site);
    case "ContactIdentified":
      return say.identified(event.name || event.email || event.phone);
    case "HandoffRequested":
      return say.handoff(words.value.reasons[event.reason] ?? event.reason);
    case "AgentAssigned":
      return say.assigned(event.name, event.by === event.agent);
    case "Transferred":
      return say.transferred(who(event.by), event.to ? who(event.to) : group(event.group) || say.anybody, event.note);
    case "ReturnedToQueue":
      return say.returned(who(event.agent), event.reason);
    case "HandedBack":
      return say.handedBack(who(event.by), event.note);
    case "ConversationClosed":
      return say.closed(who(event.by), event.reason);
    case "ConversationReopened":
      return say.reopened(who(event.by));
    case "RatingAsked":
      return say.ratingAsked;
    case "Rated":
      return say.rated(event.score, event.comment);
    default:
      return null;
  }
}
