import { useEffect, useState } from "preact/hooks";
import type { MoreWords } from "./more-words";
import type { Attachment, Language } from "./protocol";

interface Ticket {
  number: number; title: string; state: Record<Language, string>; kind: string; updated_at: string;
  comments: { at: string; by: string; text: string; attachments: Attachment[] }[];
}
/** `changed` is the place of the last fact about a ticket: a new one is a reason to read again. */
export interface TicketsProps { server: string; token: string; changed: number }

export function Tickets({ server, token, changed, words, language }: TicketsProps & { words: MoreWords; language: Language }) {
  const [tickets, setTickets] = useState<Ticket[] | null>(null);
  const [failed, setFailed] = useState(false);
  const ask = async (path: string, body?: object): Promise<Response> => {
    const headers = { Authorization: `Bearer ${token}`, ...(body ? { "Content-Type": "application/json" } : {}) };
    const answer = await fetch(`${server}/widget/tickets${path}`, { headers, ...(body ? { method: "POST", body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer;
  };
  const read = (): void => {
    setFailed(false);
    ask("").then((answer) => answer.json()).then((told: { tickets: Ticket[] }) => setTickets(told.tickets)).catch(() => setFailed(true));
  };
  useEffect(() => { if (token) read(); else setTickets([]); }, [changed, token]);
  const when = (at: string): string => new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <section class="tickets" aria-label={words.tickets} tabIndex={0}>
      {failed && <div class="sys" role="alert">{words.failed} <button class="chip" onClick={read}>{words.retry}</button></div>}
      {tickets?.length === 0 && <div class="sys">{words.none}</div>}
      {tickets?.map((one) => (
        <article class="box" key={one.number}>
          <h3 class="ticket">#{one.number} {one.title} <span class="chip">{one.state[language]}</span></h3>
          <div class="who">{words.updated(when(one.updated_at))}</div>
          {one.comments.map((said) => (
            <div class={said.by === "customer" ? "row mine" : "row"} key={said.at}>
              <div class="who">{said.by === "customer" ? words.you : said.by} · {when(said.at)}</div>
              {said.text && <div class="bubble">{said.text}</div>}
              {said.attachments.map((file) => (
                <a class="bubble" key={file.id} href={`${server}${file.url}?token=${encodeURIComponent(token)}`} target="_blank" rel="noopener">{file.name}</a>
              ))}
            </div>
          ))}
          {one.kind !== "done" && <Answer words={words} number={one.number} send={(text, id) => ask(`/${one.number}/comments`, { id, text }).then(read)} />}
        </article>
      ))}
    </section>
  );
}

function Answer({ words, number, send }: { words: MoreWords; number: number; send: (text: string, id: string) => Promise<void> }) {
  const [text, setText] = useState("");
  const [bad, setBad] = useState(false);
  const [id, setId] = useState(newId);
  function submit(event: Event): void {
    event.preventDefault();
    send(text, id).then(() => { setText(""); setId(newId()); setBad(false); }, () => setBad(true));
  }
  return (
    <form class="line" onSubmit={submit}>
      <input required maxLength={8000} value={text} placeholder={words.answer} aria-label={`${words.answer} #${number}`} onInput={(event) => setText(event.currentTarget.value)} />
      <button class="primary" type="submit">{words.send}</button>
      {bad && <div class="meta bad" role="alert">{words.failed}</div>}
    </form>
  );
}

const newId = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
