import { Refusal } from "../api/client";
import { words } from "../words";

/** What to tell a person about an error. */
export function problemOf(error: unknown): string {
  const say = words.value.problem;
  if (!(error instanceof Refusal)) throw error;
  switch (error.code) {
    case "offline":
    case "conflict":
    case "forbidden":
    case "unauthenticated":
      return say[error.code];
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
