/** A rule's conditions and acts as people read them. */
import { say as list } from "../list/words";
import type { Desk } from "../state/desk";
import { preferences } from "../state/preferences";
import { types } from "../tickets/book";
import { words as common } from "../words";
import type { Act, Condition } from "./calls";
import { words } from "./words";

type House = Pick<Desk["house"], "groups" | "colleagues">;

/** What a field may be compared with, by its names; null where anything may be written. */
export function valuesOf(field: string, house: House): Map<string, string> | null {
  switch (field) {
    case "group":
      return new Map([["", words.value.rules.noGroup], ...house.groups.map((one): [string, string] => [one.id, one.name[preferences.language]])]);
    case "agent":
      return new Map(house.colleagues.map((one) => [one.id, one.name]));
    case "language":
      return new Map(Object.entries(common.value.languages));
    case "channel":
      return new Map(Object.entries(common.value.channels));
    case "holder":
      return new Map(Object.entries(list.value.heldBy));
    case "status":
      return new Map([["open", list.value.open], ["closed", list.value.closed]]);
    case "priority":
      return new Map(words.value.rules.priorities.map((name, n) => [String(n), name]));
    default:
      return null;
  }
}

export function conditionTold({ field, is, value }: Condition, house: House): string {
  const { fields, is: how } = words.value.rules;
  return `${fields[field] ?? field} ${how[is] ?? is} ${valuesOf(field, house)?.get(String(value)) ?? value}`;
}

/** The kinds of tickets have to be read before (book.readTypes). */
export function actTold(one: Act, house: House): string {
  const say = words.value.rules;
  const told: Record<string, () => unknown[]> = {
    tag: () => [one.tag],
    prioritise: () => [say.priorities[Number(one.priority)]],
    queue: () => [house.groups.find((group) => group.id === one.group)?.name[preferences.language] ?? (one.group || say.anyGroup)],
    note: () => [one.text],
    ticket: () => [types.value.find((type) => type.id === one.type)?.name[preferences.language] ?? one.type, one.title],
  };
  return [say.acts[one.act] ?? one.act, ...(told[one.act]?.() ?? [])].join(" · ");
}
