import type { Colleague, Event, Group, Language } from "../protocol";
import { qualityLineOf } from "../quality/line";
import { alertNamed, causeOf } from "../state/alerts";
import { preferences } from "../state/preferences";
import { stateNamed } from "../tickets/book";
import { words } from "../words";

interface House {
  colleagues: readonly Colleague[];
  groups: readonly Group[];
  reasons: ReadonlyMap<string, Record<Language, string>>;
}

/** A fact that nobody wrote, in plain words; null for a message. */
export function lineOf(event: Event, house: House): string | null {
  const say = words.value.line;
  const who = (id: string): string => {
    if (id === "customer" || id === "bot" || id === "system") return say[id];
    if (id.startsWith("rule:")) return say.rule(id.slice(5));
    return house.colleagues.find((one) => one.id === id)?.name ?? id;
  };
  const group = (id: string) => house.groups.find((one) => one.id === id)?.name[preferences.language] ?? id;
  switch (event.kind) {
    case "ConversationStarted":
      return say.started(words.value.channels[event.channel] ?? event.channel, event.site);
    case "InvitationAccepted":
      return say.invited(event.text, event.page);
    case "ContactIdentified":
      return say.identified(event.name || event.email || event.phone);
    case "HandoffRequested":
      return say.handoff(words.value.reasons[event.reason] ?? event.reason);
    case "AgentAssigned":
      return say.assigned(event.name, event.by === event.agent);
    case "Transferred":
      return say.transferred(who(event.by), event.to ? who(event.to) : group(event.group) || say.anybody, event.note);
    case "ReturnedToQueue":
      return say.returned(who(event.agent), words.value.reasons[event.reason] ?? event.reason);
    case "HandedBack":
      return say.handedBack(who(event.by), event.note);
    case "ConversationClosed":
      return say.closed(who(event.by), words.value.reasons[event.reason] ?? event.reason);
    case "ConversationReopened":
      return say.reopened(who(event.by));
    case "RatingAsked":
      return say.ratingAsked;
    case "ParticipantJoined":
      return say.joined(event.name, event.way === "barge" ? "" : who(event.by), event.note);
    case "ParticipantLeft":
      return say.left(event.name, event.by === event.agent ? "" : who(event.by));
    case "HoldChanged":
      return say.hold(who(event.agent), event.on, event.reason);
    case "Prioritised":
      return say.priority(event.by === "vip" ? say.system : who(event.by), words.value.priority[event.priority] ?? "", event.skill);
    case "AlertRaised":
      return say.alert(alertNamed(event.alert), causeOf(event));
    case "Tagged":
      return say.tagged(who(event.by), event.tags.join(", "));
    case "AttributesSet":
      return say.attributesSet(who(event.by), event.attributes.map((one) => `${one.name} ${one.value ?? "–"}`).join(", "));
    case "WrappedUp":
      return say.wrapped(who(event.agent), house.reasons.get(event.reason)?.[preferences.language] ?? event.reason, event.resolved, event.summary);
    case "TicketOpened":
      return say.ticketOpened(event.number, event.title);
    case "TicketAnswered":
      return say.ticketAnswered(event.name, event.number, event.title);
    case "TicketMoved":
      return say.ticketMoved(event.number, event.title, stateNamed(event.type, event.state));
    case "Flagged":
    case "BotFaulted":
    case "Scored":
    case "Reviewed":
    case "ScoreAcknowledged":
    case "ScoreAppealed":
    case "AppealDecided":
    case "Coached":
      return qualityLineOf(event, who);
    case "SourceGiven":
      return say.sourceGiven(event.title, Math.round(event.sure * 100));
    case "SourceJudged":
      return say.sourceJudged(event.helpful);
    case "QuestionMissed":
      return say.questionMissed;
    case "Rated":
      return say.rated(event.score, event.comment);
    default:
      return null;
  }
}
