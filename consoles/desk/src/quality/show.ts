/** Names and numbers as pages show them. */
import { preferences } from "../state/preferences";
import type { Name } from "./calls";

/** A name in the reader's language, else in the other, else the id. */
export const named = (name: Name | undefined, id: string): string => name?.[preferences.language] ?? name?.zh ?? name?.en ?? id;
export const points = (value: number | null): string => (value === null ? "–" : (Math.round(value * 10) / 10).toString());
export const share = (value: number | null): string => (value === null ? "–" : `${Math.round(value * 100)}%`);
export const kappa = (value: number | null): string => (value === null ? "–" : value.toFixed(2));
