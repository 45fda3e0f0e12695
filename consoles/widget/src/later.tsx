import { useEffect, useRef, useState } from "preact/hooks";
import type { Wanted } from "./more";
import type { Language } from "./protocol";
import type { Words } from "./words";

type More = typeof import("./more");
let loaded: Promise<More> | undefined;

/** What the second script draws; it is fetched once, and again when that failed. */
export function Later({ server, language, words, wanted }: { server: string; language: Language; words: Words; wanted: Wanted }) {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const draw = (what: Wanted | null): void => {
    const at = host.current;
    loaded ??= import(/* @vite-ignore */ `${server}/widget-more.js`) as Promise<More>;
    loaded.then(({ mount }) => { if (at) mount(at, language, what); setFailed(false); }, () => { loaded = undefined; setFailed(true); });
  };
  useEffect(() => draw(wanted));
  useEffect(() => () => draw(null), []);
  return <div class="later" ref={host}>{failed && wanted.what !== "invite" && <div class="note" role="alert">{words.offline}</div>}</div>;
}
