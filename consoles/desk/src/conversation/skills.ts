import type { Colleague } from "../protocol";

/** Skills that somebody here has, by name, and the one that is asked for now: who waits for another waits for ever. */
export const skillsOf = (colleagues: readonly Pick<Colleague, "skills">[], present: string): string[] =>
  [...new Set([...colleagues.flatMap((one) => one.skills), present])].filter(Boolean).sort();
