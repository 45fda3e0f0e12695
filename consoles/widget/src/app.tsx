import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { textOn } from "./color";
import { Connection } from "./connection";
import { Composer } from "./composer";
import { List } from "./icons";
import { Later } from "./later";
import type { Wanted } from "./more";
import { Talk } from "./talk";
import type { Attachment, Away, Choice, KefuEvent, Language, SiteConfig } from "./protocol";
import { EMPTY, WORDY, reduce } from "./state";
import type { State } from "./state";
import { WORDS, languageOf } from "./words";
import type { Words } from "./words";

interface Props {
  server: string; site: string; config: SiteConfig; color: string; side: "left" | "right"; openAtOnce: boolean;
  language: Language; identity: string | null;
}

const OPEN = "kefu:open";
const newId = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

export function App(props: Props) {
  const [state, dispatch] = useReducer(reduce, EMPTY);
  const [tickets, setTickets] = useState(false);
  const latest = useRef(state);
  latest.current = state;
  const connection = useMemo(() => connect(props, latest, dispatch), []);
  const [open, setOpen] = useState(() => props.openAtOnce || wasOpen());
  const [language, setLanguage] = useState(languageOf(connection.kept.language ?? props.language, props.config.languages));
  const [seen, setSeen] = useState(connection.kept.seen);
  // A left message that is being written stays, though somebody came or the queue moved on meanwhile.
  const [begun, setBegun] = useState<Away | null>(null);
  const away = state.away ?? (state.holder === "queue" ? begun : null);
  const words = WORDS[language];
  const other = props.config.languages.find((one) => one !== language);

  useEffect(() => {
    wasOpen(open);
    if (open || connection.token) connection.open();
  }, [open]);
  useEffect(() => {
    if (!open || document.hidden || state.seq <= seen) return;
    setSeen(state.seq);
    connection.keep({ seen: state.seq });
    const spoken = state.events.filter((event) => event.kind === "AgentReplied").at(-1);
    if (spoken && spoken.seq > seen) connection.say({ type: "read", seq: spoken.seq });
  }, [open, state.seq]);
  const unread = open ? 0 : state.events.filter((event) => event.seq > seen && event.kind !== "MessageReceived" && WORDY.includes(event.kind)).length;

  function send(text: string, files: Attachment[] = [], choice?: Choice): void {
    const message = { type: "send" as const, id: newId(), text, attachments: files.map((file) => file.id), ...(choice ? { choice } : {}) };
    dispatch({ do: "send", pending: { send: message, at: new Date().toISOString(), files, error: "" } });
    connection.send(message);
  }
  function turn(to: Language): void {
    setLanguage(to);
    connection.keep({ language: to });
  }
  const wish = (type: "person" | "bot" | "end"): void => connection.say({ type, id: newId() });
  const later = (wanted: Wanted) => <Later key={wanted.what} server={props.server} language={language} words={words} wanted={wanted} />;
  const look = { "--color": props.color, "--on": textOn(props.color) };
  const accept = (id: string): void => { connection.accept(id); setOpen(true); };
  if (!open) return (
    <div class="root" style={look} lang={language}>
      {(state.holder === "bot" || state.closed) && !state.blocked && later({ what: "invite", invitations: props.config.invitations, side: props.side, accept, visit: connection.token ? null : props })}
      <Launcher side={props.side} unread={unread} words={words} open={() => setOpen(true)} />
    </div>
  );
  return (
    <div class="root" style={look} lang={language} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <section class={`panel ${props.side}`} role="dialog" aria-label={props.config.title[language]}>
        <Head title={props.config.title[language]} state={state} words={words} wish={wish} close={() => setOpen(false)}
          tickets={tickets} show={() => setTickets(!tickets)} turn={other && (() => turn(other))} />
        <Notes state={state} words={words} wish={wish} />
        {tickets ? later({ what: "tickets", server: props.server, token: connection.token, changed: ticketFact(state) }) : <>
        <Talk state={state} words={words} language={language} server={props.server} token={connection.token} config={props.config}
          send={send} retry={(message) => connection.send(message)} older={() => void older(props.server, connection.token, state.events, dispatch)}>
          {!state.blocked && <>
          {away && later({ what: "leave", away, begin: () => setBegun(away), leave: (left) => { setBegun(null); connection.say({ type: "leave", id: newId(), ...left }); } })}
          {state.closed && state.ratingAsked && later({ what: "rating", rated: state.rated, rate: (score, comment) => connection.say({ type: "rate", id: newId(), score, comment }) })}
          </>}
        </Talk>
        {!state.blocked && <Composer words={words} server={props.server} token={connection.token} send={send}
          typing={(on) => state.holder === "agent" && connection.say({ type: "typing", on })} />}
        </>}
      </section>
    </div>
  );
}

/** Whether the panel was open in this tab; with `open`, remembers it for the next page. */
function wasOpen(open?: boolean): boolean {
  try {
    if (open !== undefined) sessionStorage.setItem(OPEN, open ? "1" : "");
    return sessionStorage.getItem(OPEN) === "1";
  } catch {
    return false; // as for localStorage (connection.ts)
  }
}

/** The place of the last fact about a ticket. */
const ticketFact = (state: State): number => state.events.filter((event) => event.kind.startsWith("Ticket")).at(-1)?.seq ?? 0;

function connect(props: Props, latest: { current: State }, dispatch: (action: Parameters<typeof reduce>[1]) => void): Connection {
  const connection = new Connection({
    server: props.server, site: props.site, language: props.language, identity: props.identity,
    hear: (frame) => dispatch({ do: "frame", frame }), lost: () => dispatch({ do: "lost" }), seq: () => latest.current.seq,
  });
  for (const send of connection.kept.pending) dispatch({ do: "send", pending: { send, at: new Date().toISOString(), files: [], error: "" } });
  return connection;
}

async function older(server: string, token: string, events: KefuEvent[], dispatch: (action: Parameters<typeof reduce>[1]) => void): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${server}/widget/history?before=${events[0]?.seq ?? 0}&limit=50`, { headers });
  if (answer.ok) dispatch({ do: "older", ...((await answer.json()) as { events: KefuEvent[]; more: boolean }) });
}

function Launcher({ side, unread, words, open }: { side: string; unread: number; words: Words; open: () => void }) {
  return (
    <button class={`launch ${side}`} aria-label={unread ? `${words.open}, ${words.new_messages(unread)}` : words.open} onClick={open}>
      <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z" /></svg>
      {unread > 0 && <span class="badge" aria-hidden="true">{unread}</span>}
    </button>
  );
}

interface HeadProps { title: string; state: State; words: Words; wish: (type: "person" | "end") => void; close: () => void; turn: (() => void) | undefined; tickets: boolean; show: () => void }

function Head({ title, state, words, wish, close, turn, tickets, show }: HeadProps) {
  const who = state.holder === "agent" ? state.agent : state.holder === "queue" ? words.waiting : words.bot_name;
  const can = state.connected && !state.closed && !state.blocked; // a wish may get lost with the line
  return (
    <header>
      <h2>{title}</h2>
      {state.seq > 0 && <button class="icon" aria-label={words.tickets} title={words.tickets} aria-pressed={tickets} onClick={show}><List /></button>}
      {turn && <button onClick={turn}>{words.language}</button>}
      <button aria-label={words.close} onClick={close}>✕</button>
      <small>{state.closed ? words.closed : who}</small>
      {state.holder === "bot" && can && <button onClick={() => wish("person")}>{words.person}</button>}
      {state.holder === "agent" && can && <button onClick={() => wish("end")}>{words.end}</button>}
    </header>
  );
}

function Notes({ state, words, wish }: { state: State; words: Words; wish: (type: "bot") => void }) {
  if (state.blocked) return <div class="note" role="alert">{words.blocked}</div>;
  if (!state.connected && state.seq > 0) return <div class="note" role="status">{words.offline}</div>;
  if (state.holder !== "queue" || state.closed) return null;
  const { position, wait_seconds: wait } = state.queue ?? { position: null, wait_seconds: null };
  const place = position === null ? words.waiting : position === 1 ? words.next : words.place(position);
  return (
    <div class="note" role="status">
      <b>{place}{wait !== null && `${words.comma}${words.wait(Math.max(1, Math.round(wait / 60)))}`}</b>
      <button class="chip" onClick={() => wish("bot")}>{words.bot}</button>
    </div>
  );
}
