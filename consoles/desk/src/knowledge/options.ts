import type { Entry, Options } from "./calls";

/** What is said about an entry, or the defaults of a new one. */
export const optionsOf = (one: Entry | null): Options => ({
  folder: one?.folder ?? "",
  tags: [...(one?.tags ?? [])],
  language: one?.language ?? "",
  audience: one?.audience ?? "public",
  since: one?.since ?? null,
  until: one?.until ?? null,
  link: one?.link ?? "",
  publish: one ? one.state === "published" || one.state === "proposed" : true,
});
