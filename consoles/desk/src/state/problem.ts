import { Refusal } from "../api/client";
import { words } from "../words";
import { inChinese } from "../words/refusals";
import { preferences } from "./preferences";

/** What to tell a person about an error. */
export function problemOf(error: unknown): string {
  const say = words.value.problem;
  if (!(error instanceof Refusal)) throw error;
  const known = inChinese(error.message);
  if (known) return say.other(preferences.language === "zh" ? known : error.message);
  switch (error.code) {
    case "offline":
    case "forbidden":
    case "unauthenticated":
      return say[error.code];
    case "conflict":
      return error.field ? say.other(error.message) : say.conflict;
    case "invalid":
      return say.invalid(error.field ?? "", error.message);
    case "not_found":
      return say.gone;
    case "too_large":
      return say.tooLarge;
    case "unsupported_type":
      return say.unsupported;
    case "too_many":
      return words.value.signIn.tooMany(error.retryAfter ?? 60);
    default:
      return say.other(error.message);
  }
}

/** Nobody knows whether it was done: the line was lost, or the platform is not well. */
export const unanswered = (error: unknown): boolean => error instanceof Refusal && (error.status === 0 || error.status >= 500);
