/** Names of people and groups as the desk knows them. */
import type { Desk } from "../state/desk";
import { preferences } from "../state/preferences";
import { words } from "./words";

export const nameOf = (desk: Desk, id: string): string =>
  id === "bot" ? words.value.bot : (desk.house.colleagues.find((one) => one.id === id)?.name ?? (id || words.value.none));

export const groupOf = (desk: Desk, id: string): string =>
  desk.house.groups.find((one) => one.id === id)?.name[preferences.language] ?? (id || words.value.noGroup);

/** Those who may review, as far as roles tell. */
export const reviewers = (desk: Desk) => desk.house.colleagues.filter((one) => one.role && one.role !== "agent");
