/** A kind of ticket while it is edited: rows have keys of their own, so that moves follow a state whose id is still being typed. */
import type { StateKind } from "../protocol";
import type { Flaws } from "../state/telling";
import type { TicketField, TicketType } from "../tickets/calls";

type Name = TicketType["name"];

export interface ChoiceRow {
  key: number;
  /** Tickets may have it by its id, which stays. */
  known: boolean;
  id: string;
  name: Name;
}

export interface FieldRow {
  key: number;
  /** Tickets have it by its id already, which stays. */
  known: boolean;
  id: string;
  name: Name;
  kind: TicketField["kind"];
  choices: ChoiceRow[];
  required: boolean;
}

export interface StateRow {
  key: number;
  known: boolean;
  id: string;
  name: Name;
  kind: StateKind;
  /** Keys of the states that may follow. */
  to: number[];
}

export interface Draft {
  known: boolean;
  id: string;
  name: Name;
  group: string;
  fields: FieldRow[];
  states: StateRow[];
}

let keys = 0;
const nameless = (): Name => ({ zh: "", en: "" });
export const newField = (): FieldRow => ({ key: ++keys, known: false, id: "", name: nameless(), kind: "text", choices: [], required: false });
export const newChoice = (): ChoiceRow => ({ key: ++keys, known: false, id: "", name: nameless() });
export const newState = (kind: StateKind = "open"): StateRow => ({ key: ++keys, known: false, id: "", name: nameless(), kind, to: [] });

export function newDraft(): Draft {
  const [first, last] = [newState(), newState("done")];
  first.to = [last.key];
  return { known: false, id: "", name: nameless(), group: "", fields: [], states: [first, last] };
}

export function draftOf(type: TicketType): Draft {
  const states = type.states.map((one) => ({ ...newState(), ...one, name: { ...one.name }, known: true }));
  const keyOf = new Map(states.map((one) => [one.id, one.key]));
  for (const one of states) one.to = (type.moves[one.id] ?? []).map((id) => keyOf.get(id)!);
  const choices = (some: TicketField["choices"]) => some.map((one) => ({ ...newChoice(), id: one.id, name: { ...one.name }, known: true }));
  const fields = type.fields.map((one) => ({ ...newField(), ...one, name: { ...one.name }, choices: choices(one.choices), known: true }));
  return { known: true, id: type.id, name: { ...type.name }, group: type.group, fields, states };
}

export function typeFrom(draft: Draft): TicketType {
  const idOf = new Map(draft.states.map((one) => [one.key, one.id]));
  return {
    id: draft.id,
    name: draft.name,
    group: draft.group,
    retired: false,
    fields: draft.fields.map(({ id, name, kind, choices, required }) => ({ id, name, kind, choices: kind === "choice" ? choices.map((one) => ({ id: one.id, name: one.name })) : [], required })),
    states: draft.states.map(({ id, name, kind }) => ({ id, name, kind })),
    moves: Object.fromEntries(draft.states.filter((one) => one.to.length).map((one) => [one.id, one.to.map((key) => idOf.get(key)!)])),
  };
}

/** What the platform would refuse, told in the reader's language before it is asked. */
export function flawsOf(draft: Draft, taken: string[], say: { taken: string; twice: string; noChoices: string; noEnd: string }): Flaws {
  const found: Flaws = {};
  if (!draft.known && taken.includes(draft.id)) found.id = say.taken;
  const once = (rows: { id: string }[], path: string) =>
    rows.forEach((one, n) => {
      if (rows.findIndex((other) => other.id === one.id) < n) found[`${path}.${n}.id`] = say.twice;
    });
  once(draft.fields, "fields");
  once(draft.states, "states");
  draft.fields.forEach((one, n) => {
    if (one.kind !== "choice") return;
    once(one.choices, `fields.${n}.choices`);
    if (!one.choices.length) found[`fields.${n}.choices`] = say.noChoices;
  });
  if (!draft.states.some((one) => one.kind === "done")) found.states = say.noEnd;
  return found;
}

/** A state goes, and nothing leads to it any more. */
export function dropState(draft: Draft, key: number): void {
  draft.states = draft.states.filter((one) => one.key !== key);
  for (const one of draft.states) one.to = one.to.filter((to) => to !== key);
}

/** One place up. */
export function raise<Row>(rows: Row[], n: number): void {
  rows.splice(n - 1, 2, rows[n]!, rows[n - 1]!);
}
