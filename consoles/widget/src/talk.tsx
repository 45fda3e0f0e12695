import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Clip } from "./icons";
import type { Attachment, BotMessage, Card, Choice, KefuEvent, Language, Send, SiteConfig } from "./protocol";
import { WORDY, botIsThinking, openReply } from "./state";
import type { Pending, State } from "./state";
import type { Words } from "./words";

interface Props {
  state: State; words: Words; language: Language; server: string; token: string; config: SiteConfig; children: ComponentChildren;
  send: (text: string, files?: Attachment[], choice?: Choice) => void; retry: (message: Send) => void; older: () => void;
}

export function Talk(props: Props) {
  const { state, words, config, language, send } = props;
  const log = useRef<HTMLDivElement>(null);
  // The log is laid out from its end, where it stays by itself; what one writes oneself is always shown.
  useEffect(() => log.current?.scrollTo({ top: 0 }), [state.pending.length]);
  let shown = new Date().toDateString();
  const quiet = !state.events.some((event) => event.kind === "MessageReceived") && !state.pending.length;
  return (
    <div class="log" ref={log} role="log" aria-live="polite" tabIndex={0}><div class="lines">
      {state.more && <button class="chip sys" onClick={props.older}>{words.older}</button>}
      <div class="row"><div class="who">{words.bot_name}</div><div class="bubble">{config.greeting[language]}</div></div>
      {quiet && !state.blocked && <Chips titles={config.quick_replies[language] ?? []} press={(title) => send(title)} />}
      {state.events.map((event) => {
        const day = WORDY.includes(event.kind) ? new Date(event.at).toDateString() : shown;
        const first = day !== shown;
        shown = day;
        return <Line key={event.seq} event={event} first={first} {...props} />;
      })}
      {state.pending.map((pending) => <Waiting key={pending.send.id} pending={pending} {...props} />)}
      {props.children}
      {(botIsThinking(state) || state.typing) && (
        <div class="row"><div class="bubble dots" role="status" aria-label={words.typing(state.typing || words.bot_name)}><i /><i /><i /></div></div>
      )}
    </div></div>
  );
}

type LineProps = Props & { event: KefuEvent };

/** An event, after the name of its day when it is the first of that day. */
function Line({ first, ...props }: LineProps & { first: boolean }) {
  return <>{first && <div class="sys">{dayOf(props.event.at, props.language, props.words)}</div>}<Said {...props} /></>;
}

function Said({ event, state, words, server, token, send, language }: LineProps) {
  if (event.redacted) return <div class="sys">{words.removed}</div>;
  switch (event.kind) {
    case "MessageReceived": return (
      <div class="row mine">
        {event.text && <Bubble text={event.text} />}
        <Files files={event.attachments} server={server} token={token} />
        <div class="meta">{timeOf(event.at, language)} · {event.seq <= state.readByAgent ? words.read : words.sent}</div>
      </div>
    );
    case "BotReplied": return <BotSaid {...{ event, words, server }} open={openReply(state) === event.seq} press={(title, choice) => send(title, [], choice)} />;
    case "AgentReplied": return (
      <div class="row">
        <div class="who">{event.name}</div>
        {event.text && <Bubble text={event.text} />}
        <CardBox card={event.card} />
        <Files files={event.attachments} server={server} token={token} />
        <div class="meta">{timeOf(event.at, language)}</div>
      </div>
    );
    case "InvitationAccepted": return <div class="row"><Bubble text={event.text} /></div>;
    default: {
      const told = systemLine(event, words, language);
      return told ? <div class="sys">{told}</div> : null;
    }
  }
}

function systemLine(event: KefuEvent, words: Words, language: Language): string {
  switch (event.kind) {
    case "HandoffRequested": return words.handoff;
    case "AgentAssigned": case "ParticipantJoined": return event.beside ? "" : words.joined(event.name);
    case "Transferred": return words.transferred;
    case "ReturnedToQueue": return words.waiting;
    case "HandedBack": return words.handed_back;
    case "ConversationClosed": return `${words.closed} · ${words.again}`;
    case "ConversationReopened": return words.reopened;
    case "MessageLeft": return words.left;
    case "HoldChanged": return event.on ? words.hold : words.resumed;
    case "ParticipantLeft": return words.went(event.name);
    case "TicketOpened": case "TicketMoved": case "TicketAnswered":
      return words.ticket(event.number, event.title, event[language] ?? (event.name ? words.answered(event.name) : words.opened));
    default: return "";
  }
}

interface BotSaidProps {
  event: { seq: number; messages: BotMessage[] }; words: Words; server: string; open: boolean; press: (title: string, choice: Choice) => void;
}

function BotSaid({ event, words, server, open, press }: BotSaidProps) {
  let button = 0;
  return (
    <div class="row">
      <div class="who">{words.bot_name}</div>
      {event.messages.map((message, place) => {
        const first = button;
        button += message.buttons.length;
        return (
          <div key={place}>
            {message.text && <Bubble text={message.text} />}
            {message.image && <img class="picture" alt="" src={new URL(message.image, server).href} />}
            <CardBox card={message.card} />
            <Chips titles={message.buttons.map((one) => one.title)} disabled={!open}
              press={(title, place) => press(title, { seq: event.seq, button: first + place })} />
          </div>
        );
      })}
    </div>
  );
}

function CardBox({ card }: { card: Card | null | undefined }) {
  return card ? (
    <div class="card">
      <h3>{card.title}</h3>
      <dl>{card.rows.map(([label, value]) => <><dt>{label}</dt><dd>{value}</dd></>)}</dl>
      {/^https?:/.test(card.link) && <a href={card.link} target="_blank" rel="noopener noreferrer" aria-label={card.title}>↗</a>}
    </div>
  ) : null;
}

function Chips({ titles, press, disabled = false }: { titles: string[]; press: (title: string, place: number) => void; disabled?: boolean }) {
  if (!titles.length) return null;
  return (
    <div class="choices">
      {titles.map((title, place) => <button class="chip" disabled={disabled} key={title} onClick={() => press(title, place)}>{title}</button>)}
    </div>
  );
}

function Waiting({ pending, state, words, retry, server, token }: Props & { pending: Pending }) {
  return (
    <div class="row mine">
      {pending.send.text && <Bubble text={pending.send.text} />}
      <Files files={pending.files} server={server} token={token} />
      {pending.error
        ? <div class="meta bad" role="alert">{words.refused[pending.error] ?? words.failed} {!state.blocked && <button onClick={() => retry(pending.send)}>{words.retry}</button>}</div>
        : <div class="meta">{words.sending}</div>}
    </div>
  );
}

/** Text as text; only http(s) addresses become links. */
function Bubble({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"'，。；）]+)/);
  return (
    <div class="bubble">
      {parts.map((part, place) => place % 2 ? <a key={place} href={part} target="_blank" rel="noopener noreferrer">{part}</a> : part)}
    </div>
  );
}

function Files({ files, server, token }: { files: Attachment[]; server: string; token: string }) {
  return (
    <>
      {files.map((file) => {
        const url = `${server}${file.url}?token=${encodeURIComponent(token)}`;
        return file.media_type.startsWith("image/")
          ? <a key={file.id} href={url} target="_blank" rel="noopener"><img class="picture" src={url} alt={file.name} /></a>
          : <a key={file.id} class="bubble" href={url} download={file.name}><Clip /> {file.name} ({Math.ceil(file.size / 1024)} kB)</a>;
      })}
    </>
  );
}

function timeOf(at: string, language: Language): string {
  return new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

function dayOf(at: string, language: Language, words: Words): string {
  const day = new Date(at);
  if (day.toDateString() === new Date().toDateString()) return words.today;
  return day.toLocaleDateString(language, { month: "long", day: "numeric" });
}
